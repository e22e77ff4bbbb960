// Package greeting says hello.
package greeting

// For greets a person, or the container when nobody is named.
func For(name string) string {
	if name == "" {
		name = "container"
	}
	return "Hello, " + name
}
