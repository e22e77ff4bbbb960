"""Finds a JavaScript front end whose bundle has to be made before Go is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core import frontend, validate
from tui.core.inspect import files
from tui.core.inspect.files import Reader
from tui.core.inspect.frontend import bundler, manager, manifest, moves, node, sources, wanted
from tui.core.inspect.frontend.bundler import Output
from tui.core.inspect.frontend.manager import Install
from tui.core.inspect.frontend.manifest import Manifest
from tui.core.inspect.frontend.wanted import State, Wanted
from tui.core.inspect.gitignore import GitIgnore
from tui.core.inspect.packages import Package
from tui.core.inspect.program import Program
from tui.core.project import Embed, Evidence, FrontEnd, Note
from tui.core.text import printable

__all__ = ["Found", "find"]

_MOST_MANIFESTS = 200


class Found(NamedTuple):
    """``notes`` say what could not be read or may not stand in a Dockerfile."""

    front_end: FrontEnd | None = None
    notes: tuple[Note, ...] = ()


class _Candidate(NamedTuple):
    """A script that makes a bundle. ``output`` is None when it cannot be read where it writes."""

    package: Manifest
    script: str
    output: Output | None


class _Match(NamedTuple):
    candidate: _Candidate
    output: str
    file: str
    wanted: Wanted
    target: str
    state: State

    def order(self, places: list[Wanted]) -> tuple[bool, int]:
        """What must be made first, then in the order in which the code wants it."""
        return self.state is State.COMMITTED, places.index(self.wanted)


def find(
    reader: Reader,
    folders: Iterable[str],
    embeds: Iterable[Embed],
    reached: list[Package],
    program: Program,
) -> Found:
    """``folders`` hold a package.json; the embeds are those of the module, ``reached`` the packages of
    the program."""
    read = (manifest.read(reader, folder) for folder in list(folders)[:_MOST_MANIFESTS])
    packages = {package.folder: package for package in read if package is not None}
    candidates = [c for package in packages.values() for c in _candidates(reader, package)]
    if not candidates:
        return Found()
    return _Search(reader, packages, candidates).find(
        [*wanted.embedded(embeds, reached), *wanted.served(program, [p for p in reached if p.own])]
    )


def _candidates(reader: Reader, package: Manifest) -> Iterator[_Candidate]:
    facts = frontend.facts()["scripts"]
    usual = [name for name in facts["names"] if name in package.scripts]
    more = [n for n in package.scripts if n not in usual and n.split(":")[0] not in facts["never"]]
    for name in [*usual, *more]:
        found = list(bundler.outputs(reader, package, name))
        yield from (_Candidate(package, name, output) for output in found)
        if not found and name in usual:
            yield _Candidate(package, name, None)


class _Search:
    def __init__(self, reader: Reader, packages: dict[str, Manifest], candidates: list[_Candidate]) -> None:
        self.reader, self.packages, self.candidates = reader, packages, candidates
        self.ignored = GitIgnore(reader)

    def find(self, places: list[Wanted]) -> Found:
        direct = list(self._direct(places)) or list(self._moved(places))
        matches = sorted(direct, key=lambda match: match.order(places))
        if not matches or matches[0].state is State.COMMITTED:
            matched = {match.candidate.package.folder for match in matches}
            left = [c for c in self.candidates if c.package.folder not in matched]
            matches = [*self._near(places, left), *matches]
        if not matches:
            return Found()
        return self._checked(matches[0], _others(matches))

    def _direct(self, places: list[Wanted]) -> Iterator[_Match]:
        """The bundler writes where Go looks."""
        for candidate in self.candidates:
            output = candidate.output
            if output is None or not output.folder:
                continue
            fitting = [place for place in places if place.takes(output.file or output.folder)]
            if fitting:
                place = min(fitting, key=lambda w: w.served)
                state = wanted.state(self.reader, output.folder, output.file, self.ignored)
                yield _Match(candidate, output.folder, output.file, place, output.folder, state)

    def _moved(self, places: list[Wanted]) -> Iterator[_Match]:
        """A Makefile or a script puts what the bundler writes where Go looks."""
        for move in moves.find(self.reader, self.packages.values()):
            found = [c for c in self.candidates if _is_below(move.source, c.package.folder)]
            nearest = max((len(c.package.folder) for c in found), default=0)
            fitting = [c for c in found if len(c.package.folder) == nearest]
            known = [c for c in fitting if c.output and c.output.folder == move.source]
            named = [t for t in move.targets() if any(place.folder == t for place in places)]
            taken = [t for t in move.targets() if any(place.takes(t) for place in places)]
            target = next(iter((*named, *taken)), "")
            for candidate in [*known, *fitting][:1] if target else []:
                place = next(place for place in places if place.takes(target))
                made = candidate._replace(output=Output(move.source, "", move.evidence))
                state = wanted.state(self.reader, target, "", self.ignored)
                yield _Match(made, move.source, "", place, target, state)

    def _near(self, places: list[Wanted], candidates: list[_Candidate]) -> list[_Match]:
        """Go looks where nothing is, and one front end can be what is missing there."""
        broken: dict[str, _Match] = {}
        for place in places:
            state = wanted.state(self.reader, place.folder, "", self.ignored)
            if place.folder and state in (State.MISSING, State.PLACEHOLDER, State.MADE):
                for match in _joined(place, state, candidates)[:1]:
                    broken.setdefault(place.folder, match)
        return list(broken.values()) if len(broken) == 1 else []

    def _checked(self, match: _Match, others: list[_Match]) -> Found:
        """The front end, or a note when a path of it may not stand in a Dockerfile."""
        package, script = match.candidate.package, match.candidate.script
        install = manager.find(self.reader, package, self.packages)
        try:
            for path in (package.folder, install.folder, match.output, match.target):
                if path:
                    validate.folder(path)
            for path in install.manifests:
                if folder := path.rpartition("/")[0].removesuffix("/.yarn").removesuffix(".yarn"):
                    validate.folder(folder)
            validate.script(script)
        except validate.Invalid:
            text = (
                f"{printable(package.path)} makes the bundle that {match.wanted.evidence} wants, but its "
                "paths cannot stand in a Dockerfile: rename them in letters, digits and - _ . ~ +."
            )
            return Found(None, (Note(text, match.wanted.evidence),))
        return Found(self._made(match, install), tuple(self._notes(match, install, others)))

    def _made(self, match: _Match, install: Install) -> FrontEnd:
        package, output = match.candidate.package, match.candidate.output
        root = self.packages.get(install.folder)
        runtime = node.find(self.reader, [package, *([root] if root and root is not package else [])])
        stated = Evidence(match.wanted.evidence.file, match.wanted.evidence.line, _says(match))
        built = package.evidence(f"the script {match.candidate.script}", "scripts", match.candidate.script)
        written = output.evidence if output else None
        named = None if str(written) == str(built) else built
        made = (match.output, match.target)
        wide = sources.outside(self.reader, install.folder, [package], made, str(written))
        seen = (stated, named, written, *install.evidence, runtime.evidence, wide)
        complete = match.state is State.COMMITTED
        return FrontEnd(
            directory=package.folder or ".",
            install=install.folder or ".",
            manager=install.manager,
            manager_version=install.version,
            node=runtime.major,
            manifests=install.manifests,
            has_lockfile=install.has_lockfile,
            script=match.candidate.script,
            output=match.output,
            wanted=match.target,
            complete=complete,
            evidence=tuple(evidence for evidence in seen if evidence is not None),
            served=match.wanted.served,
            sources="." if wide or not install.folder else install.folder,
            stale=() if complete else self._stale(match),
            settings=tuple(self._settings(package, install)),
        )

    def _stale(self, match: _Match) -> tuple[str, ...]:
        return (match.file,) if match.file else tuple(dict.fromkeys((match.output, match.target)))

    def _settings(self, package: Manifest, install: Install) -> Iterator[str]:
        """Files that look like secrets but that the build reads and Git holds."""
        yield from (path for path in install.manifests if path.rpartition("/")[2] == ".npmrc")
        for name in frontend.facts()["settings"]["files"]:
            path = files.join(package.folder, name)
            if self.reader.is_file(path) and path not in self.ignored:
                yield path

    def _notes(self, match: _Match, install: Install, others: list[_Match]) -> Iterator[Note]:
        for name in install.secrets:
            path = files.join(install.folder, name)
            yield Note(
                f"{path} holds a token, so it stays out of the build: a private registry needs a secret.",
                Evidence(path, 1, "a token"),
            )
        for other in others:
            path = printable(other.candidate.package.path)
            text = f"A second front end is not built: {path} makes what {other.wanted.evidence} wants."
            yield Note(text, other.wanted.evidence)


def _joined(place: Wanted, state: State, candidates: list[_Candidate]) -> list[_Match]:
    """The front end that ``place`` lies in, when its own output cannot be read; else the only one."""
    inside = [c for c in candidates if c.output is None and _is_below(place.folder, c.package.folder)]
    if inside:
        best = max(inside, key=lambda c: len(c.package.folder))
        return [_Match(best, place.folder, "", place, place.folder, state)]
    first: dict[str, _Match] = {}
    for candidate in candidates if place.whole and not place.served else ():
        output = candidate.output
        if output is not None and output.folder and not output.file:
            match = _Match(candidate, output.folder, "", place, place.folder, state)
            first.setdefault(candidate.package.folder, match)
    return list(first.values()) if len(first) == 1 else []


def _says(match: _Match) -> str:
    verb = "serves" if match.wanted.served else "embeds"
    return f"{verb} {match.target}, which {match.state.value}"


def _others(matches: list[_Match]) -> list[_Match]:
    """Matches of other front ends that have to be made as well."""
    chosen = matches[0]
    rest: dict[str, _Match] = {}
    for match in matches[1:]:
        package = match.candidate.package.folder
        other = package != chosen.candidate.package.folder and match.target != chosen.target
        if other and match.state is not State.COMMITTED:
            rest.setdefault(package, match)
    return list(rest.values())


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")
