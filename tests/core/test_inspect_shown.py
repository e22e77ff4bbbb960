"""What inspecting shows: the report, its JSON, a repository's address."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.inspected import PING, write
from tui.core.inspect import inspect, repository
from tui.core.report import as_json, as_text


def test_json_is_plain_and_without_control_characters(module: Path) -> None:
    write(module, evil_go='package main\n\nimport "net/http"\n\nvar _ = http.Server{Addr: "\x1b[31m:81"}\n')
    found = json.loads(json.dumps(as_json(inspect(module))))
    assert found["schema_version"] == 1
    assert found["main"] == "."
    evidence = {"file": "main.go", "line": 5, "kind": "declaration", "confidence": "certain"}
    assert found["mains"] == [
        {
            "package": ".",
            "name": "app",
            "role": "application",
            "evidence": evidence | {"why": "func main of package main"},
            "reason": evidence | {"why": "the only program of the module"},
        }
    ]
    assert {(port["port"], port["protocol"], port["loopback"]) for port in found["ports"]} == {
        (8080, "tcp", False),
        (81, "tcp", False),
    }
    assert found["cgo"] == {"required": False, "evidence": []}
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)
    assert "\x1b" not in as_text(inspect(module))


def test_the_report_names_every_finding_with_its_place() -> None:
    lines = as_text(inspect(PING)).splitlines()
    assert lines[:4] == [
        "module       github.com/dockwright/ping",
        "Go           1.27  go.mod:3  certain",
        "             → compiled by Go 1.27 or newer",
        "program      ping, package .  main.go:19  certain",
    ]
    assert "listens on   8080/tcp  main.go:33  likely" in lines


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:acme/app.git", "https://github.com/acme/app"),
        ("ssh://git@git.example.com:2222/team/app.git", "https://git.example.com/team/app"),
        ("https://me:secret@git.example.com/team/app/", "https://git.example.com/team/app"),
        ("git://example.com/~me/app", "https://example.com/~me/app"),
        ("/srv/git/app.git", ""),
        ("file:///srv/git/app.git", ""),
        ("../app.git", ""),
        ("https://example.com/a b", ""),
        ("https://example.com/$(x)", ""),
        ('https://example.com/"x', ""),
        ("https://exa\nmple.com/x", ""),
        ("", ""),
    ],
)
def test_a_remote_as_an_address(remote: str, address: str) -> None:
    assert repository.https_url(remote) == address


def test_importing_does_not_load_the_parser() -> None:
    code = "import sys, tui.core.inspect; print('tree_sitter' in sys.modules, 'tomllib' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.split()[0] == "False"
