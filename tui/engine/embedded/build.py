"""A build without a daemon: bring the context, compile, take the base, assemble, hand over. Blocks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import certifi

from tui.core.bare import TARGET
from tui.core.build_stage import STRIPPED
from tui.core.events import Event, Notice, Step, StepLog
from tui.core.final_image import FinalImage
from tui.core.ignore import Ignore
from tui.core.probe import SOURCE
from tui.core.text import printable
from tui.engine import BuildRequest, Stages
from tui.engine.context import Context
from tui.engine.embedded import fetching, sources
from tui.engine.embedded.assemble import Parts, assemble
from tui.engine.embedded.compile import arguments, compile_programs, environment, user_settings
from tui.engine.embedded.config import source_date
from tui.engine.embedded.oci import Image
from tui.engine.embedded.registry.pull import pull
from tui.engine.embedded.registry.transport import Access
from tui.engine.embedded.toolchain import Toolchain
from tui.engine.embedded.workspace import Workspace
from tui.engine.threads import Stopped

Emit = Callable[[Event], None]


class Build:
    """The images of one request. ``cancel`` ends the work from another thread."""

    def __init__(
        self,
        request: BuildRequest,
        stages: Stages,
        toolchain: Toolchain,
        workspace: Workspace,
        environ: Mapping[str, str],
    ) -> None:
        self._request, self._build, self._final = request, stages.build, _final(request, stages.final)
        self._toolchain, self._workspace, self._environ = toolchain, workspace, environ
        self._emit: Emit = lambda event: None
        self._process: subprocess.Popen[str] | None = None
        self._given_up = False
        self._epoch = 0
        self.native_program: Path | None = None
        self._steps: dict[tuple[str, str], Step] = {}

    @property
    def registries(self) -> Access:
        """How registries are reached: a company's proxy stands before them too."""
        return Access(dict(self._request.secrets).get("company-ca"))

    def cancel(self) -> None:
        """End the compiler; whatever else goes on ends at its next check."""
        self._given_up = True
        with suppress(ProcessLookupError, PermissionError):
            if self._process is not None and self._process.returncode is None:
                os.killpg(self._process.pid, signal.SIGKILL)

    def check(self) -> None:
        """Raises Stopped once the work was given up."""
        if self._given_up:
            raise Stopped

    def images(self, platforms: tuple[str, ...], emit: Emit, native: str = "") -> list[tuple[Image, int]]:
        """One image for each platform, in the store, and how many of its layers come from its base.

        ``native`` is a platform that ``native_program`` is compiled for too. Raises EngineError,
        ContextError, BadPattern and OSError.
        """
        self._emit = emit
        self._epoch = source_date(self._environ.get("SOURCE_DATE_EPOCH", ""))
        self._announce(platforms, native)
        with self._workspace.folder(self._request.context, self.check) as folder:
            root = folder / "root"
            with self.step("", "[internal] read the build context"):
                self._bring(root)
            settings = user_settings(self._toolchain, self._environ)
            settings |= fetching.access(self._request, self._environ, folder)
            settings["GOTMPDIR"] = _emptied(folder / "tmp")
            made = [self._image(platform, settings, folder, root) for platform in platforms]
            if native:
                told = environment(self._build, native, settings, self._environ, root)
                programs = self._programs(native, told, root, _output(folder, native))
                self.native_program = programs[self._final.programs[0]]
            return made

    def _bring(self, root: Path) -> None:
        source = root / self._build.source.lstrip("/")
        source.mkdir(parents=True, exist_ok=True)
        context = Context(
            self._request.context,
            Ignore(self._request.dockerignore),
            left_out=lambda path: self._emit(
                Notice(f"{printable(path)} is a socket, pipe or device: it was not taken.")
            ),
        )
        sources.bring(context, source, self.check)

    def _image(
        self, platform: str, settings: Mapping[str, str], folder: Path, root: Path
    ) -> tuple[Image, int]:
        output = _output(folder, platform)
        told = environment(
            self._build, _compiled_for(self._request) or platform, settings, self._environ, root
        )
        base = None
        if not self._final.is_scratch:
            blobs = self._workspace.blobs
            base = pull(self._final.base, platform, blobs, self._emit, self.check, self.registries)
        programs = self._programs(platform, told, root, output)
        probe = self._probe(platform, told, root, output)
        with self.step("final", _assembling(platform)):
            parts = Parts(
                programs=programs,
                probe=probe,
                certificates=Path(certifi.where()).read_bytes(),
                zones=self._workspace.zones(self._toolchain) if self._final.zones else root,
                sources=root / self._build.source.lstrip("/"),
            )
            blobs = self._workspace.blobs
            made = assemble(blobs, self._final, base, platform, parts, self._epoch, self.check)
            return made, len(base.layers) if base else 0

    def _programs(self, platform: str, told: Mapping[str, str], root: Path, output: Path) -> dict[str, Path]:
        version = dict(self._request.build_args).get("VERSION", "dev")
        several = self._build.output.endswith("/")
        target = output / ("programs" if several else self._final.programs[0])
        if several:
            target.mkdir(exist_ok=True)
        self._go(self._compiling(platform), arguments(self._build, version, target), told, root)
        if not several:
            return {self._final.programs[0]: target}
        renamed = {new: old for old, new in self._build.renames}
        return {
            name: target / Path(renamed.get(path, path)).name
            for name, path in zip(self._final.programs, self._build.programs, strict=True)
        }

    def _probe(self, platform: str, told: Mapping[str, str], root: Path, output: Path) -> Path | None:
        if not self._has_probe:
            return None
        source, target = output / "probe.go", output / "healthprobe"
        if not source.is_file() or source.read_text() != SOURCE:
            source.write_text(SOURCE)
        command = ["build", "-trimpath", f"-ldflags={STRIPPED}", "-o", str(target), str(source)]
        self._go(_probing(platform), command, told, root)
        return target

    def _go(self, name: str, command: list[str], told: Mapping[str, str], root: Path) -> None:
        with self.step("build", name) as step:
            compile_programs(
                [str(self._toolchain.go), *command],
                told,
                root / self._build.folder.lstrip("/"),
                lambda line: self._emit(StepLog(step, line, 2, time.time())),
                self._started,
            )

    def _started(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        if self._given_up:
            self.cancel()

    @property
    def _has_probe(self) -> bool:
        return self._final.health is not None and self._final.health.probe

    def _compiling(self, platform: str) -> str:
        return f"go build {' '.join(self._build.mains)}  {platform}"

    def _announce(self, platforms: tuple[str, ...], native: str) -> None:
        """Tell of the stages' steps before they begin, numbered in their stage as BuildKit does."""
        for stage, steps in self._planned(platforms, native).items():
            for number, text in enumerate(steps, 1):
                self._tell(stage, text, f"[{stage} {number}/{len(steps)}] {text}")

    def _planned(self, platforms: tuple[str, ...], native: str) -> dict[str, list[str]]:
        compiled: list[str] = []
        for platform in platforms:
            compiled.append(self._compiling(platform))
            compiled += [_probing(platform)] if self._has_probe else []
        compiled += [self._compiling(native)] if native else []
        return {"build": compiled, "final": [_assembling(platform) for platform in platforms]}

    def _tell(self, stage: str, text: str, name: str) -> Step:
        step = Step(f"embedded-{len(self._steps) + 1}", name, stage)
        self._steps[stage, text] = step
        self._emit(step)
        return step

    @contextmanager
    def step(self, stage: str, text: str) -> Iterator[str]:
        """A step from its start to its end; the id is for what it prints."""
        self.check()
        known = self._steps.get((stage, text)) or self._tell(stage, text, text)
        step = replace(known, started=time.time())
        self._emit(step)
        try:
            yield step.id
        except Exception as error:
            self._emit(_ended(step, str(error)))
            raise
        self._emit(_ended(step))


def _probing(platform: str) -> str:
    return f"go build the health probe  {platform}"


def _assembling(platform: str) -> str:
    return f"assemble the image  {platform}"


def _output(folder: Path, platform: str) -> Path:
    output = folder / "out" / platform.replace("/", "-")
    output.mkdir(parents=True, exist_ok=True)
    return output


def _emptied(folder: Path) -> str:
    """Where Go works: what a killed one left there is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return str(folder)


def _final(request: BuildRequest, final: FinalImage) -> FinalImage:
    """The image to put together; the stage of the bare program has it at the root."""
    return replace(final, program_dir="") if request.target == TARGET else final


def _compiled_for(request: BuildRequest) -> str:
    """The platform the compiler alone hears of; empty where it is the image's."""
    told = dict(request.build_args)
    parts = (told.get("TARGETOS"), told.get("TARGETARCH"), told.get("TARGETVARIANT"))
    return "/".join(part for part in parts if part)


def _ended(step: Step, error: str = "") -> Step:
    return replace(step, completed=time.time(), error=error)
