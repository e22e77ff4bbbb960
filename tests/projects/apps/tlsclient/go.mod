module example.com/tlsclient

go 1.27
