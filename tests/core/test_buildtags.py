"""Expectations are those of go/build (Go 1.26 and 1.27); test_inspect_oracle compares with go itself."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.inspect.buildtags import Target, name_matches
from tui.core.inspect.constraints import MalformedConstraint, file_constraint, parse

LINUX = Target()


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("main.go", True),
        ("linux.go", True),
        ("windows.go", True),
        ("cpu_linux.go", True),
        ("cpu_windows.go", False),
        ("cpu_amd64.go", True),
        ("cpu_arm64.go", False),
        ("cpu_linux_amd64.go", True),
        ("cpu_linux_arm64.go", False),
        ("cpu_windows_amd64.go", False),
        ("cpu_windows_test.go", False),
        ("cpu_unix.go", True),
        ("_windows.go", False),
        ("windows_cgo.go", True),
        ("pse_freebsd_cgo.go", True),
        ("cpu_windows.pb.go", False),
        ("cpu.windows.go", True),
        ("amd64_linux.go", True),
        ("a_windows_linux.go", True),
    ],
)
def test_file_names(name: str, fits: bool) -> None:
    assert name_matches(name, LINUX) is fits


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("linux", True),
        ("!linux", False),
        ("unix && !cgo", True),
        ("cgo", False),
        ("windows || (linux && amd64)", True),
        ("windows || linux && arm64", False),
        ("!(darwin || windows)", True),
        ("ignore", False),
        ("gc && !gccgo", True),
        ("go1.18", True),
        ("go1.27 && !go1.99", True),
        ("amd64.v1", False),
        ("goexperiment.boringcrypto || boringcrypto", False),
    ],
)
def test_expressions(expression: str, holds: bool) -> None:
    assert parse(expression)(LINUX) is holds


def test_targets_imply_their_family() -> None:
    assert parse("darwin && unix")(Target("ios", "arm64"))
    assert parse("linux")(Target("android", "arm64"))
    assert not parse("unix")(Target("windows"))
    assert parse("cgo")(Target(cgo=True))


@pytest.mark.parametrize(
    "expression", ["", "linux &&", "(linux", "linux)", "a b", "!!a", "a & b", "a@b", "(" * 2000]
)
def test_malformed(expression: str) -> None:
    with pytest.raises(MalformedConstraint):
        parse(expression)


@pytest.mark.parametrize(
    ("head", "holds"),
    [
        ("package x", None),
        ("//go:build windows\n\npackage x", False),
        ("//go:build windows\npackage x", False),
        ("// text\n/* more\n //go:build windows\n*/\n//go:build linux\npackage x", True),
        ("package x\n//go:build windows\n", None),
        ("// +build windows\n\npackage x", False),
        ("// +build windows\npackage x", None),
        ("/* a */\n// +build windows\n\npackage x", None),
        ("// +build linux,!cgo darwin\n\npackage x", True),
        ("// +build linux\n// +build arm64\n\npackage x", False),
        ("//go:build linux\n// +build windows\n\npackage x", True),
        ("//+build windows\n\npackage x", False),
        ("//go:builder windows\n\npackage x", None),
        ("\ufeff//go:build windows\n\npackage x", False),
        ("//go:build windows\r\n\r\npackage x", False),
        ("/* package main\npackage main */ //go:build windows\npackage x", None),
    ],
)
def test_heads(head: str, holds: bool | None) -> None:
    constraint = file_constraint(head.encode())
    assert (constraint and constraint(LINUX)) is holds


def test_two_go_build_lines_are_refused() -> None:
    with pytest.raises(MalformedConstraint):
        file_constraint(b"//go:build linux\n//go:build amd64\npackage x")


@settings(deadline=None)
@given(st.text(alphabet="ab.!&|() \t", max_size=60))
def test_any_expression_parses_or_is_malformed(expression: str) -> None:
    with suppress(MalformedConstraint):
        assert parse(expression)(LINUX) in (True, False)


@settings(deadline=None)
@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([b"//go:build a", b"/*", b"*/", b"// +build !b", b""])).map(b"\n".join)
)
def test_any_head_is_read(data: bytes) -> None:
    with suppress(MalformedConstraint):
        file_constraint(data)
