// Command migrate says what it would migrate.
package main

import (
	"fmt"

	"example.com/mains/internal/name"
)

func main() {
	fmt.Println("migrated", name.Name)
}
