// Command purego calls the C library without cgo.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"runtime"

	"github.com/ebitengine/purego"
)

func main() {
	// The loader keeps what went wrong for the thread that asked.
	runtime.LockOSThread()
	library, err := purego.Dlopen("libc.so.6", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		log.Fatal(err)
	}
	var length func(string) int
	purego.RegisterLibFunc(&length, library, "strlen")
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"length": length("three"), "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
