module example.com/udp

go 1.27
