"""Builds and runs without a daemon and without root: compile here, assemble an OCI image, run it here."""
