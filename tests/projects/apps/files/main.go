// Command files serves files that lie beside it, read when they are asked for.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		page, err := os.ReadFile("templates/index.html")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		motto, err := os.ReadFile("motto.txt")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"page": string(page), "motto": string(motto), "uid": os.Getuid(), "gid": os.Getgid(),
		})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
