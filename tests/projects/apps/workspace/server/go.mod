module example.com/server

go 1.27

require example.com/word v0.0.0
