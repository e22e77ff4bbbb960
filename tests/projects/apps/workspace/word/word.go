// Package word says where it comes from.
package word

const Word = "of the workspace"
