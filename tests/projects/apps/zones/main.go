// Command zones tells the time in Paris on the first of July.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answer := map[string]any{"uid": os.Getuid(), "gid": os.Getgid()}
		if paris, err := time.LoadLocation("Europe/Paris"); err != nil {
			answer["failure"] = err.Error()
		} else {
			answer["zone"], answer["offset"] = time.Date(2026, time.July, 1, 12, 0, 0, 0, paris).Zone()
		}
		_ = json.NewEncoder(w).Encode(answer)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
