"""An own image as one line of text, and as the catalog's entries."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.image_files import ROOTS, ZONE_FOLDERS
from tui.core.own_image import OwnImage, as_json, as_report, of_facts, parse
from tui.core.questions import question
from tui.core.validate import Invalid, image

FULL = OwnImage(
    reference=f"registry.example.com:5000/team/base:1.2@sha256:{'0a' * 32}",
    platforms=("linux/amd64", "linux/arm/v7"),
    libc="glibc",
    libc_version="2.41",
    distribution="debian",
    release="trixie",
    shell=True,
    packages="apt",
    ca="/etc/ssl/cert.pem",
    tz="/usr/share/zoneinfo",
    wget=True,
    tmp=True,
    users={"root": "0:0", "nonroot": "65532:65532"},
    user="65532:65532",
    cxx=True,
    healthcheck=True,
    stopsignal=True,
    onbuild=True,
    gcc=True,
    git=True,
    ssh=True,
    go="1.27.3",
    module_cache="/go/pkg/mod",
    build_cache="/root/.cache/go-build",
    size=867_000_000,
    date=date(2026, 11, 21),
)

segments = st.from_regex(r"[A-Za-z0-9_.][A-Za-z0-9._-]{0,9}", fullmatch=True).filter(
    lambda text: text not in (".", "..")
)
paths = st.lists(segments, max_size=4).map(lambda parts: "/" + "/".join(parts))
ids = st.tuples(*[st.integers(0, 2**31 - 1)] * 2).map(lambda pair: f"{pair[0]}:{pair[1]}")
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}", fullmatch=True)
platforms = st.sampled_from(("linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64"))
images = st.builds(
    OwnImage,
    reference=st.sampled_from(("alpine", "a.example:5000/b/c:1", f"x@sha256:{'f' * 64}")),
    os=st.sampled_from(("linux", "windows")),
    platforms=st.lists(platforms, unique=True).map(tuple),
    libc=st.sampled_from(("none", "glibc", "musl")),
    libc_version=st.just("") | versions,
    distribution=st.just("") | names,
    release=st.just("") | names,
    packages=st.sampled_from(("", "apt", "apk")),
    users=st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}", fullmatch=True), ids),
    user=st.just("") | ids,
    go=st.sampled_from(("", "1.27", "1.27.3", "1.28rc1")),
    module_cache=st.just("") | paths,
    build_cache=st.just("") | paths,
    size=st.none() | st.integers(1, 10**15),
    date=st.dates(),
    ca=st.sampled_from(("", *ROOTS)),
    tz=st.sampled_from(("", *ZONE_FOLDERS)),
    **dict.fromkeys(
        ("shell", "wget", "tmp", "cxx", "healthcheck", "stopsignal", "onbuild", "gcc", "git", "ssh"),
        st.booleans(),
    ),
)


@given(images)
def test_survives_the_way_through_text(own: OwnImage) -> None:
    text = own.text()
    assert parse(text) == own
    assert text.isascii() and text.isprintable()


def test_every_field_is_in_the_line() -> None:
    assert parse(FULL.text()) == FULL
    for f in fields(OwnImage):
        if f.name not in ("reference", "os"):
            assert f" {f.name}=" in FULL.text(), f.name


def test_a_reference_alone_is_an_image_of_which_nothing_is_known() -> None:
    assert parse("alpine:3.24") == OwnImage(reference="alpine:3.24")
    assert OwnImage(reference="alpine:3.24").text() == "alpine:3.24"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        own = parse(text)
    except Invalid as refusal:
        assert str(refusal).isprintable()
    else:
        assert parse(own.text()) == own


@given(st.sampled_from([f.name for f in fields(OwnImage)]), st.text(max_size=60))
def test_any_fact_is_believed_or_left_out(key: str, text: str) -> None:
    if key != "reference":
        line = of_facts("alpine:3.24", {key: text}).text()
        assert parse(line).text() == line
        assert line.isprintable() and not set(line) & set("\"'`$;|&<>\\(){}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Alpine",
        "alpine libc",
        "alpine libc=uclibc",
        "alpine nothing=known",
        "alpine shell=yes shell=no",
        "alpine shell=1",
        "alpine go=1.27 module_cache=/home/../etc",
        "alpine module_cache=/a//b",
        "alpine build_cache=/a/",
        "alpine build_cache=$HOME",
        "alpine ca=/etc/passwd",
        "alpine tz=/etc/ssl/cert.pem",
        "alpine release=a\nRUN",
        "alpine release=a\tRUN",
        "alpine user=0",
        "alpine user=00:0",
        "alpine user=4294967296:0",
        "alpine users=root",
        "alpine users=root:0:0,root:1:1",
        "alpine users=ro;ot:0:0",
        "alpine go=1.27.3;id",
        "alpine size=-1",
        "alpine size=1e9",
        "alpine date=yesterday",
        "alpine platforms=linux",
        "alpine platforms=plan9/amd64",
        "alpine reference=x",
        "alpine\u00a0shell=yes",
        f"alpine@sha256:{'g' * 64}",
        "al pine",
        "--help",
        "$(id)",
    ],
)
def test_what_is_not_allowed_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(text)
    assert str(refusal.value).endswith(".") and str(refusal.value).isprintable()


@pytest.mark.parametrize(
    "change", [{"ca": "/a b"}, {"module_cache": "/a b"}, {"users": {"a b": "0:0"}}, {"reference": " alpine"}]
)
def test_no_image_can_hold_what_its_line_could_not(change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        replace(FULL, **change)


def test_as_runtime() -> None:
    runtime = FULL.as_runtime()
    assert runtime.ca and runtime.tz and runtime.wget and runtime.healthcheck and runtime.stopsignal
    assert runtime.onbuild
    assert (runtime.reference, runtime.proven, runtime.login) == (FULL.reference, "no", False)
    for name in ("libc", "libc_version", "shell", "users", "user", "tmp", "cxx", "size", "date"):
        assert getattr(runtime, name) == getattr(FULL, name), name


def test_as_builder() -> None:
    builder = FULL.as_builder()
    assert not builder.versioned and builder.env == {"GOTOOLCHAIN": "local"}
    for name in ("gcc", "git", "ssh", "module_cache", "build_cache", "distribution", "release", "platforms"):
        assert getattr(builder, name) == getattr(FULL, name), name
    assert (builder.ca, builder.roots) == (True, "/etc/ssl/cert.pem")
    assert (builder.tz, builder.zoneinfo) == (True, "/usr/share/zoneinfo")
    assert replace(FULL, distribution="wolfi").as_builder().env["GOAMD64"] == "v1"


def test_as_json_and_as_report() -> None:
    found = as_json(FULL)
    assert found["users"] == FULL.users and found["date"] == "2026-11-21"
    assert parse(found["text"]) == FULL
    assert parse(as_report(FULL).splitlines()[-1]) == FULL


@pytest.mark.parametrize("text", ["alpine", "alpine:3.24", "localhost:5000/a/b_c:1", f"a@sha256:{'0' * 64}"])
def test_references(text: str) -> None:
    assert image(text) == text


@pytest.mark.parametrize(
    "text", ["", "a b", "A", "a:", "a@", "a@sha256:0", "a@sha512:" + "0" * 64, "a/", "-a"]
)
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(Invalid, match="Image must be a reference"):
        image(text)


def test_the_reference_of_a_known_image_is_that_image_and_no_registry_is_asked() -> None:
    assert question("runtime").parse("alpine:3.24") == "alpine-3.24"
    assert question("builder").parse("cgr.dev/chainguard/go:latest") == "chainguard-go"


def test_what_no_image_is_called_is_told_one_name_of_each_family() -> None:
    with pytest.raises(Invalid) as error:
        question("runtime").parse("nope")
    names = str(error.value).split("(")[1].split(" …")[0].split(", ")
    assert {"scratch", "golang", "wolfi-base", "alpine", "distroless-static"} <= set(names)
    assert not {"alpine-3.23", "distroless-static-debian12"} & set(names)
