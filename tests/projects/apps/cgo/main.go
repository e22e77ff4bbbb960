// Command cgo answers with what its own C code says.
package main

// #include "answer.h"
import "C"

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		number := int(C.number(C.CString("0x2a")))
		_ = json.NewEncoder(w).Encode(map[string]any{"number": number, "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
