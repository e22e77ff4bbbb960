"""What files of images say, and what is not believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core import image_files
from tui.core.image_files import User, default_user, distribution, groups, home_of_root, users

PASSWD = "root:x:0:0:root:/root:/bin/bash\nnonroot:x:65532:65533::/home/nonroot:/sbin/nologin\nodd\n"
GROUP = "root:x:0:\nadm:x:4:root,bin\nnonroot:x:65533:\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n', ("debian", "trixie")),
        ('ID=ubuntu\nVERSION_ID="26.04"\nVERSION_CODENAME=resolute\n', ("ubuntu", "26.04")),
        ("ID=alpine\nVERSION_ID=3.24.1\n", ("alpine", "alpine3.24")),
        ("ID=alpine\n", ("alpine", "")),
        ("ID=wolfi\nVERSION_ID='20230201'\n", ("wolfi", "")),
        ("ID=chainguard\nVERSION_ID=20230214\n", ("wolfi", "")),
        ('ID="rocky"\nVERSION_ID="9.4"\n', ("rocky", "9.4")),
        ("", ("", "")),
    ],
)
def test_distribution(text: str, expected: tuple[str, str]) -> None:
    assert distribution(text) == expected


def test_versions() -> None:
    text = b"\0GNU C Library (Debian GLIBC 2.41-12+deb13u4) stable release version 2.41.\n\0"
    assert image_files.glibc_version(b"\x7fELF" + text) == "2.41"
    assert image_files.glibc_version(b"uClibc 1.0.44 release version 1.0") == ""
    assert image_files.musl_version(b"\x7fELF\x001.2.5\0...") == "1.2.5"
    assert image_files.go_version(b"go1.27.3\ntime 2026-11-05\n") == "1.27.3"
    assert image_files.go_version(b"go1.28rc1") == "1.28rc1"
    assert image_files.go_version(b"devel go1.29-abc") == ""


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", "0:0"),
        ("nonroot", "65532:65533"),
        ("65532", "65532:65533"),
        ("65532:65532", "65532:65532"),
        ("nonroot:adm", "65532:4"),
        ("10001", "10001:0"),
        ("somebody", ""),
        ("root:nowhere", ""),
    ],
)
def test_default_user(setting: str, expected: str) -> None:
    assert default_user(setting, users(PASSWD), groups(GROUP)) == expected


def test_home_of_root() -> None:
    assert home_of_root(users(PASSWD)) == "/root"
    assert home_of_root(users("root:x:0:0:::\n")) == home_of_root([]) == "/"


def test_users() -> None:
    assert users(PASSWD) == [User("root", 0, 0, "/root"), User("nonroot", 65532, 65533, "/home/nonroot")]
    assert users("huge:x:4294967295:0\narabic:x:١:٢\n") == []
    assert users("root:x:0:0\nroot:x:1:1\n") == [User("root", 0, 0, "")]
    assert len(users("".join(f"u{number}:x:{number}:{number}:::\n" for number in range(9999)))) == 100


@given(st.text(), st.text(), st.binary())
def test_nothing_in_a_file_is_an_error(setting: str, text: str, content: bytes) -> None:
    default_user(setting, users(text), groups(text))
    distribution(text)
    image_files.glibc_version(content), image_files.musl_version(content), image_files.go_version(content)
