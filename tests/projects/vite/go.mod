module github.com/dockwright/board

go 1.27
