// Command vendored uses a module whose source is in the project.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/google/uuid"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		id := uuid.NewSHA1(uuid.NameSpaceDNS, []byte("example.com")).String()
		_ = json.NewEncoder(w).Encode(map[string]any{"id": id, "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
