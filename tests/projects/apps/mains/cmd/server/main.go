// Command server answers HTTP.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"example.com/mains/internal/name"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"name": name.Name, "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
