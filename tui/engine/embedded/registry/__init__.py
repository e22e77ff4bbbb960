"""Images from and to registries over HTTP, without an engine (opencontainers/distribution-spec v1.1)."""
