"""What C code needs in an image: the packages of each distribution, and what is impossible there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tui.core import cpackages
from tui.core.cpackages import Needed, Reason, compilers, needed

FACTS = Path(cpackages.__file__).parent / "facts"
PACKAGES: dict[str, Any] = tomllib.loads((FACTS / "packages.toml").read_text())
MODULES: list[dict[str, Any]] = tomllib.loads((FACTS / "cgo.toml").read_text())["required"]
LIBRARIES = sorted(PACKAGES["library"])
KEYS = {
    *("debian", "bookworm", "trixie", "ubuntu", "alpine", "wolfi"),
    *("glibc", "musl", "static", "static-glibc", "static-musl"),
}


def dynamic(*c_modules: str, release: str = "trixie") -> Needed:
    distribution = {"3.24": "alpine", "24.04": "ubuntu", "": "wolfi"}.get(release, "debian")
    return needed(c_modules, distribution, release, static=False)


def static(*c_modules: str, release: str = "trixie") -> Needed:
    return needed(c_modules, "alpine" if release == "3.24" else "debian", release, static=True)


@pytest.mark.parametrize(
    ("release", "build", "runtime"),
    [
        ("bookworm", ("libvips-dev",), ("libstdc++6", "libvips42")),
        ("trixie", ("libvips-dev",), ("libstdc++6", "libvips42t64")),
        ("3.24", ("vips-dev",), ("libstdc++", "vips")),
    ],
)
def test_names_packages_by_release(release: str, build: tuple[str, ...], runtime: tuple[str, ...]) -> None:
    found = dynamic("github.com/davidbyttow/govips/v2/vips", release=release)
    assert (found.build, found.runtime) == (build, runtime)
    assert found.cxx and found.shared and not found.impossible and not found.unknown


def test_a_library_is_named_by_its_directive_too() -> None:
    assert dynamic("pkg-config:vips") == dynamic("lib:vips")
    assert dynamic("lib:pcap").runtime == ("libpcap0.8t64",)


def test_names_stand_there_once_and_sorted() -> None:
    found = dynamic("lib:z", "pkg-config:zlib", "lib:pcap", "github.com/google/gopacket/pcap")
    assert found.build == ("libpcap-dev", "zlib1g-dev")
    assert found.runtime == ("libpcap0.8t64", "zlib1g")


def test_a_compiler_is_enough_for_what_brings_its_own_sources() -> None:
    found = dynamic("github.com/mattn/go-sqlite3")
    assert (found.build, found.runtime, found.shared, found.cxx) == ((), (), False, False)
    assert found.alternatives == ("github.com/ncruces/go-sqlite3", "modernc.org/sqlite")


def test_only_the_part_of_a_module_that_needs_the_library_counts() -> None:
    assert dynamic("github.com/google/gopacket/pcap").build
    assert dynamic("github.com/google/gopacket/layers").unknown == ("github.com/google/gopacket/layers",)


def test_cxx_alone_needs_its_runtime_and_no_library() -> None:
    found = dynamic("c++")
    assert found.cxx and not found.shared and found.runtime == ("libstdc++6",)
    assert dynamic("c++", release="3.24").runtime == ("libstdc++",)
    assert dynamic("lib:m", "lib:dl").runtime == ()


def test_tags_follow_the_c_library() -> None:
    kafka = "github.com/confluentinc/confluent-kafka-go/v2/kafka"
    assert dynamic(kafka).tags == ()
    assert dynamic(kafka, release="3.24").tags == ("musl",)


@pytest.mark.parametrize(
    ("module", "release", "why"),
    [
        ("github.com/duckdb/duckdb-go/v2", "3.24", "glibc"),
        ("github.com/marcboeker/go-duckdb", "3.24", "glibc"),
        ("github.com/tursodatabase/go-libsql", "3.24", "glibc"),
        ("github.com/discord/lilliput", "3.24", "glibc"),
        ("github.com/libgit2/git2go/v34", "trixie", "1.9"),
        ("gopkg.in/gographics/imagick.v2/imagick", "trixie", "ImageMagick 6"),
        ("gopkg.in/gographics/imagick.v3/imagick", "bookworm", "ImageMagick 7"),
    ],
)
def test_says_why_it_cannot_be_built_there(module: str, release: str, why: str) -> None:
    (reason,) = dynamic(module, release=release).impossible
    assert reason.module == module and why in reason.why
    other = {"3.24": "trixie", "trixie": "bookworm", "bookworm": "trixie"}[release]
    assert dynamic(module, release=other).impossible == ()


def test_a_static_program_needs_nothing_at_run_time() -> None:
    debian, alpine = static("lib:sqlite3"), static("lib:sqlite3", release="3.24")
    assert debian.build == ("libsqlite3-dev",) and alpine.build == ("sqlite-dev", "sqlite-static")
    for found in (debian, alpine):
        assert not found.runtime and not found.shared and not found.impossible
        assert found.tags == ("netgo", "osusergo") and found.link == ("-lm",)
    assert "sqlite_omit_load_extension" in static("github.com/mattn/go-sqlite3").tags


def test_what_a_static_library_needs_comes_after_it() -> None:
    assert static("lib:opus", "lib:snappy").link == ("-lstdc++", "-lm")
    link = static("lib:leveldb", "lib:rocksdb").link
    assert link[-3:] == ("-lbz2", "-lstdc++", "-lm") and len(link) == len(set(link))


@pytest.mark.parametrize("module", ["pkg-config:vips", "github.com/miekg/pkcs11", "lib:zmq"])
def test_says_what_cannot_be_static(module: str) -> None:
    (reason,) = static(module).impossible
    assert reason.module == module
    assert dynamic(module).impossible == ()


def test_kafka_is_static_on_musl_only() -> None:
    kafka = "github.com/confluentinc/confluent-kafka-go/v2/kafka"
    assert static(kafka).impossible and not static(kafka, release="3.24").impossible


def test_shared_objects_that_lie_in_a_module_are_loaded_where_they_are_linked() -> None:
    assert dynamic("github.com/wasmerio/wasmer-go/wasmer").bundled
    assert not dynamic("github.com/CosmWasm/wasmvm/v2", release="3.24").bundled
    assert not dynamic("github.com/mattn/go-sqlite3").bundled


def test_a_shared_object_beside_the_code_is_loaded_and_cannot_be_linked_in() -> None:
    assert dynamic("so:own").bundled and dynamic("so:own", release="3.24").bundled
    assert not dynamic("so:own").unknown and not dynamic("so:own").impossible
    assert static("so:own").impossible == (Reason("so:own", "its library is a shared object"),)


def test_the_environment_of_the_go_command() -> None:
    assert dynamic("github.com/ibmdb/go_ibm_db").env == (("CGO_LDFLAGS_ALLOW", "-Wl,-rpath.*"),)


@pytest.mark.parametrize("name", ["example.com/own/c", "pkg-config:nobody", "lib:nobody"])
def test_what_nobody_knows_is_said(name: str) -> None:
    assert dynamic(name).unknown == (name,)


def test_what_is_not_known_of_a_distribution_is_said() -> None:
    assert dynamic("lib:pcap", release="").unknown == ("lib:pcap",)
    assert dynamic("lib:sqlite3", release="").unknown == ()
    assert dynamic("lib:sqlite3", release="24.04").runtime == ("libsqlite3-0",)
    assert dynamic("lib:sqlite3", release="24.04").unknown == ()
    assert dynamic("lib:icuuc", release="24.04").unknown == ("lib:icuuc",)
    assert needed(("lib:z",), "plan9", "4", static=False).unknown == ("lib:z",)


def test_compilers() -> None:
    assert "build-base" in compilers("alpine") and "g++" in compilers("debian")
    assert compilers("plan9") == ()


def test_every_module_says_only_what_is_known() -> None:
    known = {"imports", "brings", "libraries", "cxx", "tags", "env", "unsupported", "notice", "bundles"}
    for entry in MODULES:
        assert set(entry) <= known | {"alternatives"}, entry
        assert set(entry.get("libraries", ())) <= set(LIBRARIES), entry
        for table in ("tags", "unsupported", "bundles"):
            assert set(entry.get(table, {})) <= KEYS, entry
        assert entry.get("notice", "x.").endswith("."), entry
        assert not any(why.endswith(".") for why in entry.get("unsupported", {}).values()), entry


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_library_is_known_on_both_releases_of_debian(name: str) -> None:
    library = PACKAGES["library"][name]
    for release in ("bookworm", "trixie"):
        for hint in library["hints"]:
            assert dynamic(hint, release=release).unknown == (), (hint, release)
    names = [each for table in ("build", "runtime", "static") for each in library.get(table, {}).values()]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+._-]+", package) for group in names for package in group)
    assert all(re.fullmatch(r"-l[\w+]+", flag) for flag in library.get("link", ()))


def test_reasons_are_sorted_and_each_is_there_once() -> None:
    found = static("pkg-config:vips", "lib:zmq", "pkg-config:vips").impossible
    assert found == tuple(sorted(set(found))) and all(isinstance(reason, Reason) for reason in found)
