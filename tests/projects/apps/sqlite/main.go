// Command sqlite counts its visits in a database file.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3"
)

func main() {
	folder, err := os.MkdirTemp("", "visits")
	if err != nil {
		log.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(folder, "visits.db"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := db.Exec("create table visits (path text)"); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		var visits int
		_, err := db.Exec("insert into visits values (?)", r.URL.Path)
		if err == nil {
			err = db.QueryRow("select count(*) from visits").Scan(&visits)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"visits": visits, "uid": os.Getuid(), "gid": os.Getgid()})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
