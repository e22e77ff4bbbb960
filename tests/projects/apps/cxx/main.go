// Command cxx answers with what its own C++ code says.
package main

// #include "words.h"
import "C"

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		words := int(C.words(C.CString("one two two")))
		_ = json.NewEncoder(w).Encode(map[string]any{"words": words, "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
