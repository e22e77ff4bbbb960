from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.inspect.gomod import GoMod, Replace, Require, Use, parse_mod, parse_work

FULL = b"""\
// A comment before, with words: module fake/one, go 1.1
module "example.com/quoted/v2" // why

go 1.26.4 // go 1.9

toolchain go1.27.3-custom
godebug (
\tdefault=go1.21
)

require (
\tgithub.com/a/b v1.2.3 // indirect
\tgithub.com/c/d v0.0.0-20260101000000-abcdefabcdef // indirect; pinned
\t"github.com/e/f" v1.0.0 // not indirect
)
require github.com/g/h v1.1.1//indirect
exclude github.com/a/b v1.2.4
replace (
\tgithub.com/a/b v1.2.3 => ../b
\tgithub.com/e/f => `./local f`
)
replace github.com/g/h => github.com/fork/h v1.1.2
retract [v1.0.0, v1.0.5] // bad
retract (
\tv1.1.0
)
tool github.com/a/b/cmd/x
ignore ./node_modules
"""


def test_every_directive() -> None:
    mod = parse_mod(FULL)
    assert mod == GoMod(
        module="example.com/quoted/v2",
        module_line=2,
        go="1.26.4",
        go_line=4,
        toolchain="1.27.3",
        toolchain_line=6,
        requires=(
            Require("github.com/a/b", "v1.2.3", 12, True),
            Require("github.com/c/d", "v0.0.0-20260101000000-abcdefabcdef", 13, True),
            Require("github.com/e/f", "v1.0.0", 14, False),
            Require("github.com/g/h", "v1.1.1", 16, True),
        ),
        replaces=(
            Replace("github.com/a/b", "../b", "", 19),
            Replace("github.com/e/f", "./local f", "", 20),
            Replace("github.com/g/h", "github.com/fork/h", "v1.1.2", 22),
        ),
        ignored=("./node_modules",),
    )
    assert [replace.local for replace in mod.replaces] == [True, True, False]


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    mod = parse_mod(b"\xef\xbb\xbfmodule a.b/c\r\n\r\ngo 1.27\r\n")
    assert (mod.module, mod.go, mod.go_line) == ("a.b/c", "1.27", 3)


def test_what_go_would_refuse_is_named_by_line_and_not_believed() -> None:
    mod = parse_mod(b"module a.b/c\ngo one.two\ntoolchain default\nrequire x\nfunny business\n")
    assert (mod.go, mod.toolchain, mod.requires) == (None, None, ())
    assert mod.malformed == (2, 4, 5)


def test_a_version_is_taken_whole_or_not_at_all() -> None:
    for text, go in (
        ("1.21", "1.21"),
        ("1.28rc1", "1.28rc1"),
        ("1.27.", None),
        ("1.27;rm", None),
        ("v1.27", None),
    ):
        assert parse_mod(f"module m\ngo {text}\n".encode()).go == go


def test_work() -> None:
    work = parse_work(b"go 1.27\n\nuse (\n\t.\n\t./tools // here\n)\nuse ../lib\nreplace a => ./b\n")
    assert work.go == "1.27"
    assert work.uses == (Use(".", 4), Use("./tools", 5), Use("../lib", 7))
    assert work.replaces == (Replace("a", "./b", "", 8),)


@settings(deadline=None)
@given(st.binary(max_size=400) | st.lists(st.sampled_from(FULL.split(b"\n"))).map(b"\n".join))
def test_any_bytes_are_read(data: bytes) -> None:
    count = data.count(b"\n") + 1
    mod = parse_mod(data)
    assert all(1 <= number <= count for number in mod.malformed)
    parse_work(data)


def test_what_go_refuses_to_read_twice_or_after_a_byte_order_mark() -> None:
    assert parse_mod(b"\xef\xbb\xbfmodule a\n\ngo 1.27\n").malformed == (1,)
    twice = parse_mod(b"module a\nmodule b\ngo 1.27\ngo 1.26\ntoolchain go1.27.1\ntoolchain go1.27.2\n")
    assert twice.malformed == (2, 4, 6)
    assert (twice.module, twice.go, twice.toolchain) == ("a", "1.27", "1.27.1")
