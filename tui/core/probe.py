"""The program that asks for the health endpoint, for images that hold none that can."""

from __future__ import annotations

ROWS = (
    ("package main", 'import ("net"; "os"; "time")', "func main() {"),
    ('c, err := net.DialTimeout("tcp", os.Args[1], 3*time.Second)', "if err != nil { os.Exit(1) }"),
    ("c.SetDeadline(time.Now().Add(3 * time.Second))",),
    (r'c.Write([]byte("GET " + os.Args[2] + " HTTP/1.0\r\nHost: " + os.Args[1] + "\r\n\r\n"))',),
    ("b := make([]byte, 12)", "n, _ := c.Read(b)", "if n < 10 || b[9] > 51 { os.Exit(1) }", "}"),
)
"""Its lines of Go, in the rows the Dockerfile writes them in."""

SOURCE = "".join(f"{line}\n" for row in ROWS for line in row)
