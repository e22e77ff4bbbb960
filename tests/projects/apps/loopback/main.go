// Command loopback can be reached from its own machine only.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
