"""The reader of Dockerfiles against BuildKit's own parser."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.engine.conftest import find
from tui.core.dockerfile import instructions

TEXT = """\ufeff# escape=`
FROM scratch AS one
COPY <<-'FIRST' `
  # a comment

  <<SECOND /to/
one `
# no comment
\tFIRST
FROM two
\tSECOND
SECOND
FROM scratch
COPY --from=one /t`
o /copied
"""


@pytest.mark.engine
def test_here_documents_and_continuations_are_read_as_buildkit_reads_them(tmp_path: Path) -> None:
    """One engine is enough: the parsers of Engine 20.10 and Podman know no here-documents."""
    endpoint = find("docker-28")
    (tmp_path / "Dockerfile").write_text(TEXT, encoding="utf-8")
    subprocess.run(
        ["docker", "buildx", "build", "--quiet", "--output", "type=local,dest=out", "."],
        cwd=tmp_path,
        env=os.environ | {"DOCKER_HOST": endpoint.url},
        check=True,
    )
    copied = [(tmp_path / "out" / "copied" / name).read_text() for name in ("FIRST", "SECOND")]
    _, copy, _, last = instructions(TEXT)
    assert "".join(copied) == f"{copy.body}\n"
    assert (copy.line, copy.rest) == (3, "<<-'FIRST' <<SECOND /to/")
    assert (last.line, last.rest) == (14, "--from=one /to /copied")
