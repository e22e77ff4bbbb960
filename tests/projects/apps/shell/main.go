// Command shell answers with what a shell says.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"os/exec"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		said, err := exec.Command("sh", "-c", "echo said").Output()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"said": string(said), "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
