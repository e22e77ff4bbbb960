"""Inspecting a large project, in processes of its own: first look, second look, most memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.report import row, spread

_PACKAGES, _FILES = 4000, 5
_RUNS = 3
_LOOK = """
import resource, sys, time
from pathlib import Path
from tui.core.inspect import inspect
began = time.perf_counter()
project = inspect(Path(sys.argv[1]))
taken = time.perf_counter() - began
assert len(project.packages) == int(sys.argv[2]) and project.ports[0].port == 8080
print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
_HEAD = """package p{number}

import (
\t"context"
\t"errors"
\t"fmt"
\t"strings"
\t"sync"
{imports})

var errEmpty{file} = errors.New("empty")

// Store{file} keeps texts by name.
type Store{file} struct {{
\tmu    sync.Mutex
\titems map[string]string
}}
"""
_METHOD = """
// Find{method} gives the first text whose name begins so.
func (s *Store{file}) Find{method}(ctx context.Context, name string) (string, error) {{
\tif name == "" {{
\t\treturn "", fmt.Errorf("find {method}: %w", errEmpty{file})
\t}}
\ts.mu.Lock()
\tdefer s.mu.Unlock()
\tfor key, value := range s.items {{
\t\tif strings.HasPrefix(key, name) {{
\t\t\treturn value, ctx.Err()
\t\t}}
\t}}
\treturn strings.Repeat(name, {method}), nil
}}
"""
_MAIN = """package main

import (
\t"net/http"

\t_ "example.com/large/internal/g0/p0"
)

func main() { _ = http.ListenAndServe(":8080", nil) }
"""


def measure() -> Iterator[str]:
    """Rows for a project whose main package reaches every package; each first look has an empty cache."""
    with tempfile.TemporaryDirectory() as name:
        project = _project(Path(name) / "large")
        first: list[float] = []
        second: list[float] = []
        memory: list[float] = []
        for run in range(_RUNS):
            for times in (first, second):
                taken, most = _look(project, Path(name) / f"cache{run}")
                times.append(taken)
                memory.append(most / 1000)
    what = f"{_PACKAGES * _FILES + 1:,} Go files, {_PACKAGES + 1:,} packages"
    yield row("large project, first look", median(first), "s", 3, f"{spread(first)}, {what}")
    yield row("large project, second look", median(second), "s", 0.3, spread(second))
    yield row("large project, most memory", max(memory), "MB", 300, f"n={len(memory)}")


def _look(project: Path, cache: Path) -> tuple[float, int]:
    """Seconds, and kilobytes at most."""
    argv = [sys.executable, "-c", _LOOK, str(project), str(_PACKAGES + 1)]
    env = os.environ | {"XDG_CACHE_HOME": str(cache)}
    taken, most = subprocess.run(argv, env=env, check=True, capture_output=True, text=True).stdout.split()
    return float(taken), int(most)


def _project(root: Path) -> Path:
    for number in range(_PACKAGES):
        folder = root / _folder(number)
        folder.mkdir(parents=True)
        below = [n for n in (2 * number + 1, 2 * number + 2) if n < _PACKAGES]
        for file in range(_FILES):
            imports = "".join(f'\t_ "example.com/large/{_folder(n)}"\n' for n in below if not file)
            methods = "".join(_METHOD.format(file=file, method=method) for method in range(10))
            text = _HEAD.format(number=number, file=file, imports=imports) + methods
            (folder / f"store{file}.go").write_text(text)
    (root / "go.mod").write_text("module example.com/large\n\ngo 1.27\n")
    (root / "main.go").write_text(_MAIN)
    return root


def _folder(number: int) -> str:
    return f"internal/g{number // 100}/p{number}"
