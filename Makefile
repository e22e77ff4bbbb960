# One command each: `make run` opens the wizard, `make test` sets everything up and checks everything.
SHELL := /bin/bash
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
UV := $(shell command -v uv 2>/dev/null)
DIR ?=
# Where neither Go nor Docker is, the embedded engine brings its own Go.
EXTRA := $(if $(shell command -v go || command -v docker || command -v podman),,[go])

.PHONY: run test lint bench screenshots snapshots clean

run: $(STAMP)
	@set -e; dir="$(DIR)"; \
	if [ -z "$$dir" ]; then dir="$$(mktemp -d)/ping"; cp -r tests/projects/ping "$$dir"; fi; \
	$(BIN)/dockwright "$$dir"

test: lint
	$(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m tests.bench

screenshots: $(STAMP)
	$(BIN)/python -m tests.snapshots.export

snapshots: $(STAMP)
	$(BIN)/python -m pytest tests/snapshots --snapshot-update

$(STAMP): pyproject.toml
ifdef UV
	$(UV) venv --quiet --allow-existing --python '>=3.11' $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python --editable '.$(EXTRA)' --group dev
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.$(EXTRA)' --group dev
endif
	@touch $(STAMP)

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
