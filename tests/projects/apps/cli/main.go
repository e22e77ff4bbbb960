// Command cli greets whom its arguments name.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	greeting := flag.String("greeting", "Hello", "the word before the name")
	flag.Parse()
	if flag.NArg() > 1 {
		flag.Usage()
		os.Exit(2)
	}
	name := strings.Join(flag.Args(), "")
	if name == "" {
		name = "you"
	}
	fmt.Printf("%s, %s! uid=%d gid=%d\n", *greeting, name, os.Getuid(), os.Getgid())
}
