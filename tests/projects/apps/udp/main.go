// Command udp sends back every packet, after who sends it.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	connection, err := net.ListenPacket("udp", ":5353")
	if err != nil {
		log.Fatal(err)
	}
	packet := make([]byte, 1500)
	for {
		size, sender, err := connection.ReadFrom(packet)
		if err != nil {
			log.Fatal(err)
		}
		answer := fmt.Sprintf("uid=%d gid=%d %s", os.Getuid(), os.Getgid(), packet[:size])
		if _, err := connection.WriteTo([]byte(answer), sender); err != nil {
			log.Print(err)
		}
	}
}
