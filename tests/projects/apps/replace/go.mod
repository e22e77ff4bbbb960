module example.com/replace

go 1.27

require example.com/word v0.0.0

replace example.com/word => ./word
