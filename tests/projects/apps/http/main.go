// Command http says what it sees of the system it runs on.
package main

import (
	"cmp"
	"encoding/json"
	"log"
	"net/http"
	"os"
)

var version = "unset"

func main() {
	address := ":" + cmp.Or(os.Getenv("PORT"), "8080")
	if len(os.Args) == 2 && os.Args[1] == "healthcheck" {
		healthcheck("http://127.0.0.1" + address + "/healthz")
		return
	}
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	http.HandleFunc("/", answer)
	log.Fatal(http.ListenAndServe(address, nil))
}

func healthcheck(url string) {
	answer, err := http.Get(url)
	if err != nil {
		log.Fatal(err)
	}
	if answer.StatusCode != http.StatusNoContent {
		log.Fatal(answer.Status)
	}
}

func answer(w http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(w).Encode(map[string]any{
		"uid": os.Getuid(), "gid": os.Getgid(), "version": version,
		"temporary": temporary(), "outside": try(os.WriteFile("/written", nil, 0o600)), "arguments": os.Args[1:],
		"mode": os.Getenv("APP_MODE"),
	})
}

// temporary writes a file where temporary files belong and tells what went wrong.
func temporary() string {
	file, err := os.CreateTemp("", "http")
	if err == nil {
		err = os.Remove(file.Name())
	}
	return try(err)
}

func try(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}
