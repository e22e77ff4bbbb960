// Command server uses a module of its workspace.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	word "example.com/word"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"word": word.Word, "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
