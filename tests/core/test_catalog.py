"""The catalog is complete, its names are regular, and nothing odd can reach a Dockerfile from it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.sample import PING
from tui.core import catalog, defaults
from tui.core.catalog import Builder, Image, Runtime
from tui.core.plan import defaults as planned

ENTRIES: tuple[Builder | Runtime, ...] = (*catalog.builders(), *catalog.runtimes())
LINUX = [entry for entry in catalog.runtimes() if entry.os == "linux" and not entry.single_stage]

REFERENCE = re.compile(r"scratch|[a-z0-9.]+(/[a-z0-9-]+)*:([A-Za-z0-9][A-Za-z0-9._-]*|\{go\}(-[a-z0-9.-]+)?)")
PLATFORM = re.compile(r"(linux|windows)/(amd64|arm64|arm/v[67]|386|ppc64le|riscv64|s390x)")
USER = re.compile(r"[0-9]+:[0-9]+")
DEBIAN = {"trixie": "debian13", "bookworm": "debian12"}


def _family(entry: Image) -> str:
    """The id without its release."""
    for release in (entry.release, DEBIAN.get(entry.release, ""), entry.release.removeprefix("alpine")):
        if release and entry.id.endswith(f"-{release}"):
            return entry.id.removesuffix(f"-{release}")
    assert not entry.release, f"{entry.id} does not end with its release {entry.release}"
    return entry.id


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
class TestEveryEntry:
    def test_says_what_it_is_and_how_that_is_known(self, entry: Image) -> None:
        assert entry.label and entry.pitch and entry.source
        assert date(2026, 1, 1) <= entry.date <= date.today()
        assert entry.proven in ("image", "stand-in", "look-alike", "no")
        assert entry.support_end is None or date(2026, 1, 1) < entry.support_end < date(2040, 1, 1)
        has_day = entry.support_end or entry.id == "golang"
        assert entry.support in (("",) if has_day else ("rolling", "Debian", "newest", "no need"))
        assert entry.size is None or entry.size_compressed is None or entry.size >= entry.size_compressed
        _family(entry)

    def test_has_a_reference_that_may_stand_in_a_dockerfile(self, entry: Builder | Runtime) -> None:
        assert REFERENCE.fullmatch(entry.reference) or getattr(entry, "single_stage", False)

    def test_has_known_words_and_plausible_platforms(self, entry: Builder | Runtime) -> None:
        assert entry.os in ("linux", "windows")
        assert entry.libc in ("none", "glibc", "musl", "")
        assert bool(entry.libc_version) == (entry.libc in ("glibc", "musl"))
        assert entry.distribution in ("debian", "ubuntu", "alpine", "wolfi", "windows", "")
        assert entry.packages in ("apt", "apk", "")
        assert all(PLATFORM.fullmatch(p) and p.startswith(entry.os) for p in entry.platforms)
        assert len(set(entry.platforms)) == len(entry.platforms)
        assert f"{entry.os}/amd64" in entry.platforms or getattr(entry, "single_stage", False)
        assert not entry.packages or entry.shell


@pytest.mark.parametrize("entry", catalog.builders(), ids=lambda entry: entry.id)
def test_a_builder_takes_the_go_version_and_caches_somewhere(entry: Builder) -> None:
    assert entry.versioned == ("{go}" in entry.reference)
    assert entry.module_cache.endswith("mod") and "go-build" in entry.build_cache
    assert entry.env.keys() <= {"GOTOOLCHAIN", "GOAMD64"}


@pytest.mark.parametrize("entry", catalog.runtimes(), ids=lambda entry: entry.id)
def test_a_runtime_has_numeric_users_and_says_why(entry: Runtime) -> None:
    if entry.os == "linux":
        assert all(USER.fullmatch(user) for user in entry.users.values())
    assert USER.fullmatch(entry.user) if entry.os == "linux" else entry.user in entry.users
    assert entry.why.endswith(".") and entry.why_not.endswith(".")
    assert entry.wget <= entry.shell
    assert not entry.debug or (REFERENCE.fullmatch(entry.debug) and not entry.shell)
    assert not entry.cxx or entry.libc in ("glibc", "musl") or entry.single_stage


@pytest.mark.parametrize("entries", [catalog.builders(), catalog.runtimes()], ids=["builders", "runtimes"])
class TestNames:
    def test_are_used_once(self, entries: tuple[Image, ...]) -> None:
        names = [name for entry in entries for name in (entry.id, *entry.aliases)]
        assert len(set(names)) == len(names)

    def test_a_bare_family_is_its_newest_supported_release(self, entries: tuple[Builder, ...]) -> None:
        families: dict[str, list[Builder]] = {}
        for entry in entries:
            families.setdefault(_family(entry), []).append(entry)
        for family, members in families.items():
            newest = max(members, key=lambda member: _order(member.release))
            supported = newest.support_end is None or newest.support_end > newest.date
            found = catalog.find(entries, family)
            if family == "golang":
                assert found and found.id in ("golang", "golang-trixie")
            else:
                assert found is newest and supported, family


def _order(release: str) -> tuple[int, ...]:
    """Trixie counts as Debian 13."""
    return tuple(int(number) for number in re.findall("[0-9]+", DEBIAN.get(release, release)))


def test_a_single_stage_takes_everything_from_the_builder() -> None:
    for builder in catalog.builders():
        runtime = catalog.runtime("golang", builder.id)
        assert (runtime.reference, runtime.libc, runtime.packages) == (
            builder.reference,
            builder.libc,
            builder.packages,
        )
        assert (runtime.platforms, runtime.proven, runtime.os) == (
            builder.platforms,
            builder.proven,
            builder.os,
        )
        assert runtime.cxx == builder.gcc
        assert runtime.users == builder.users and runtime.users
        assert runtime.wget == builder.wget


def test_an_entry_like_another_has_its_values_and_none_of_its_names() -> None:
    older, newer = catalog.runtime("alpine-3.23", ""), catalog.runtime("alpine", "")
    assert older.users == newer.users and older.reference != newer.reference
    assert older.aliases == ()


def test_chainguard_go_is_made_to_behave_as_the_others_do() -> None:
    builder = catalog.builder("chainguard-go")
    assert builder.env == {"GOTOOLCHAIN": "local", "GOAMD64": "v1"}
    assert not builder.module_cache.startswith("/go/")


def test_every_linux_user_that_is_the_default_has_a_name() -> None:
    for entry in LINUX:
        assert entry.user in entry.users.values() or entry.id == "scratch"


def test_the_variants_of_every_maintained_go_are_known() -> None:
    releases = catalog.go_releases()
    official = {
        b.release for b in catalog.builders() if b.reference.startswith("golang:") and b.os == "linux"
    }
    assert releases.newest == releases.maintained[-1]
    for minor in releases.maintained:
        assert official <= set(releases.suites[minor])


def test_no_smaller_proven_image_has_what_the_proposal_for_a_static_program_is_taken_for() -> None:
    reason = defaults.runtime(PING, planned(PING)).reason
    assert "no smaller proven image has certificates, time zones and a non-root user" in reason
    taken = catalog.runtime("distroless-static", "golang")
    proven = [one for one in catalog.runtimes() if one.proven in ("image", "stand-in")]
    fixed = [one for one in proven if one.support_end is None or one.support_end > one.date]
    fit = [one for one in fixed if one.ca and one.tz and one.user != "0:0"]
    assert taken in fit and taken.size == min(one.size or 0 for one in fit)
