// Command embedded serves files that are part of it.
package main

import (
	"embed"
	"encoding/json"
	"log"
	"net/http"
	"os"
)

//go:embed pages all:hidden
var files embed.FS

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		page, _ := files.ReadFile("pages/index.html")
		hidden, _ := files.ReadFile("hidden/.marker")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"page": string(page), "hidden": string(hidden), "uid": os.Getuid(), "gid": os.Getgid(),
		})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
