// Command actor plays the part its first argument names, for the tests of running an image.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

var parts = map[string]func(args []string){
	"http":   func(a []string) { serve(a[0]) },
	"late":   func(a []string) { time.Sleep(duration(a[1])); serve(a[0]) },
	"local":  func(a []string) { check(http.ListenAndServe("127.0.0.1:"+a[0], answer(200))) },
	"status": func(a []string) { check(http.ListenAndServe(":"+a[0], answer(number(a[1])))) },
	"https":  func(a []string) { serveTLS(a[0]) },
	"banner": func(a []string) {
		accept(a[0], func(c net.Conn) { fmt.Fprint(c, "220 ready\r\n"); time.Sleep(time.Second) })
	},
	"silent":  func(a []string) { accept(a[0], func(c net.Conn) { time.Sleep(time.Hour) }) },
	"udp":     func(a []string) { echo(a[0]) },
	"wait":    func(a []string) { fmt.Println("waiting"); time.Sleep(time.Hour) },
	"polite":  func(a []string) { heard := signals(); fmt.Println("waiting"); <-heard; fmt.Println("bye") },
	"deaf":    func(a []string) { signals(); fmt.Println("waiting"); time.Sleep(time.Hour) },
	"exit":    func(a []string) { fmt.Println("leaving"); os.Exit(number(a[0])) },
	"panic":   func(a []string) { panic("on purpose") },
	"read":    func(a []string) { _, err := os.ReadFile(a[0]); check(err) },
	"write":   func(a []string) { write(a) },
	"flood":   func(a []string) { flood(number(a[0])) },
	"pieces":  func(a []string) { pieces() },
	"say":     func(a []string) { fmt.Printf("%q %s\n", a, os.Getenv("GREETING")) },
	"healthy": func(a []string) {},
	"cat":     func(a []string) { cat(a) },
	"list":    func(a []string) { list(a) },
	"links":   func(a []string) { links(a) },
	"owner":   func(a []string) { owner(a) },
	"environ": func(a []string) { fmt.Printf("%q\n", os.Environ()) },
	"bytes":   func(a []string) { os.Stdout.Write(bytes.Repeat([]byte{0, 27, 255, 10}, number(a[0]))) },
	"mute":    func(a []string) { os.Stdout.Close(); os.Stderr.Close(); os.Exit(number(a[0])) },
	"parent":  func(a []string) { check(exec.Command("/proc/self/exe", a...).Start()); fmt.Println("alone") },
	"tls":     func(a []string) { acceptTLS(a[0]) },
	"hog": func(a []string) {
		for held := [][]byte{}; ; {
			held = append(held, bytes.Repeat([]byte("x"), 1<<20))
		}
	},
	"status-of-self": func(a []string) {
		text, err := os.ReadFile("/proc/self/status")
		check(err)
		os.Stdout.Write(text)
	},
}

func main() {
	parts[os.Args[1]](os.Args[2:])
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func duration(text string) time.Duration {
	value, err := time.ParseDuration(text)
	check(err)
	return value
}

func answer(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL)
		w.WriteHeader(status)
	})
}

func serve(port string) {
	fmt.Println("listening on", port)
	check(http.ListenAndServe(":"+port, answer(200)))
}

func serveTLS(port string) {
	server := http.Server{Addr: ":" + port, Handler: answer(200), TLSConfig: certified()}
	check(server.ListenAndServeTLS("", ""))
}

// acceptTLS shakes hands and then says nothing, as a server for another protocol would.
func acceptTLS(port string) {
	accept(port, func(c net.Conn) {
		secure := tls.Server(c, certified())
		if secure.Handshake() == nil {
			time.Sleep(time.Hour)
		}
	})
}

func certified() *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(err)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func accept(port string, talk func(net.Conn)) {
	listener, err := net.Listen("tcp", ":"+port)
	check(err)
	for {
		connection, err := listener.Accept()
		check(err)
		go func() {
			defer connection.Close()
			talk(connection)
		}()
	}
}

func echo(port string) {
	socket, err := net.ListenPacket("udp", ":"+port)
	check(err)
	fmt.Println("listening on", port)
	buffer := make([]byte, 1500)
	for {
		count, from, err := socket.ReadFrom(buffer)
		check(err)
		_, err = socket.WriteTo(buffer[:count], from)
		check(err)
	}
}

func signals() chan os.Signal {
	channel := make(chan os.Signal, 1)
	signal.Notify(channel, syscall.SIGTERM)
	return channel
}

func write(paths []string) {
	for _, path := range paths {
		check(os.WriteFile(path, []byte("x"), 0o600))
		fmt.Println("wrote", path)
	}
}

// flood writes numbered lines, the odd ones to stderr.
func flood(count int) {
	for i := range count {
		out := os.Stdout
		if i%2 == 1 {
			out = os.Stderr
		}
		fmt.Fprintf(out, "%d %s\n", i, strings.Repeat("x", 60))
	}
}

// pieces writes text whose characters are cut between writes, and ends inside one.
func pieces() {
	for _, b := range []byte("grüße → 🐳\n") {
		os.Stdout.Write([]byte{b})
		time.Sleep(5 * time.Millisecond)
	}
	os.Stdout.Write([]byte("half \xe2\x86"))
}

func cat(paths []string) {
	for _, path := range paths {
		text, err := os.ReadFile(path)
		check(err)
		os.Stdout.Write(text)
	}
}

func list(folders []string) {
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		check(err)
		for _, entry := range entries {
			fmt.Println(entry.Name())
		}
	}
}

func links(folders []string) {
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		check(err)
		for _, entry := range entries {
			if target, err := os.Readlink(folder + "/" + entry.Name()); err == nil {
				fmt.Println(entry.Name(), target)
			}
		}
	}
}

func owner(paths []string) {
	for _, path := range paths {
		info, err := os.Stat(path)
		check(err)
		own := info.Sys().(*syscall.Stat_t)
		fmt.Println(path, info.Mode(), own.Uid, own.Gid)
	}
}
