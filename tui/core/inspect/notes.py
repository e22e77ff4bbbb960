"""What a person should know of the module as a whole, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.inspect.gomod import GoMod
from tui.core.inspect.packages import Package
from tui.core.inspect.program import Program
from tui.core.project import Embed, Evidence, FrontEnd, Gopath, Main, Note


def module(mod: GoMod) -> Iterator[Note]:
    if mod.go is None:
        evidence = Evidence("go.mod", mod.module_line, "no go line")
        yield Note(
            "go.mod has no go line, so Go reads the code as Go 1.16: go mod edit -go=1.N adds one.", evidence
        )
    for number in mod.malformed[:1]:
        evidence = Evidence("go.mod", number, "not understood")
        yield Note(f"Line {number} of go.mod is none Go understands.", evidence)


def gopath(old: Gopath) -> Iterator[Note]:
    yield Note(
        f"There is no go.mod, so the image builds this as {old.path} in GOPATH, with its vendor/ and as "
        f"Go {old.language}. To make it a module: go mod init {old.path}, then go mod tidy.",
        old.evidence,
    )


def mains(ranked: list[Main], nested: tuple[str, ...]) -> Iterator[Note]:
    if not ranked:
        where = f" Modules below it: {', '.join(nested[:5])}." if nested else ""
        yield Note(
            f"The module has no package main with a func main: there is no program to put in an image.{where}"
        )


def embeds(embedded: list[Embed], reached: list[Package], front_end: FrontEnd | None) -> Iterator[Note]:
    """Patterns without a file in what is compiled, but for those that the front end's bundle is for."""
    missing = [embed for embed in embedded if not embed.files and not _is_made(embed, front_end)]
    if not missing:
        return
    compiled = {file.path for package in reached for file in package.files}
    for embed in missing:
        if embed.evidence.file in compiled:
            text = f"//go:embed {embed.pattern} matches no file, so the program does not compile as it is."
            yield Note(text, embed.evidence)


def _is_made(embed: Embed, front_end: FrontEnd | None) -> bool:
    """Whether the front end's bundle is what a pattern looks for."""
    if front_end is None:
        return False
    path = f"{embed.directory}/{embed.pattern.removeprefix('all:')}".removeprefix("./")
    return _is_in(path, front_end.wanted) or _is_in(front_end.wanted, path)


def _is_in(folder: str, base: str) -> bool:
    return not base or folder == base or folder.startswith(f"{base}/")


def cut(program: Program) -> Iterator[Note]:
    """That not all of the code was read."""
    if program.is_cut:
        count = len(program.bodies)
        yield Note(f"There is much code: only the {count} files nearest to the main package were read whole.")
