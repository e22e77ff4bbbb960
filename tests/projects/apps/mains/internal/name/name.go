// Package name names what the programs share.
package name

const Name = "several"
