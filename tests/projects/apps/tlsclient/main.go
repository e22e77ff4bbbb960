// Command tlsclient tells whom it trusts and whether a TLS server is among them.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		pool, err := x509.SystemCertPool()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer := map[string]any{"roots": len(pool.Subjects()), "uid": os.Getuid(), "gid": os.Getgid()}
		if server := r.URL.Query().Get("server"); server != "" {
			answer["failure"] = dial(server)
		}
		_ = json.NewEncoder(w).Encode(answer)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}

// dial makes a TLS connection and tells why it was refused.
func dial(server string) string {
	connection, err := tls.Dial("tcp", server, nil)
	if err != nil {
		return err.Error()
	}
	_ = connection.Close()
	return ""
}
