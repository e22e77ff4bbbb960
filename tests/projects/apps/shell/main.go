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
		answer := map[string]any{"uid": os.Getuid(), "gid": os.Getgid()}
		if said, err := exec.Command("sh", "-c", "echo said by $0").Output(); err != nil {
			answer["failure"] = err.Error()
		} else {
			answer["said"] = string(said)
		}
		_ = json.NewEncoder(w).Encode(answer)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
