"""Labelled projects: what each must give stands in its own head, as TOML.

``ports``, ``needs``, ``cgo`` and ``front_end`` are compared also where a label leaves them out: then
nothing may be found. The other keys are compared where they stand. ``folder`` is the one that is
inspected, ``platforms`` what it is inspected for; ``_modcache`` is Go's module cache.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.core.txtar import unpack
from tui.core.inspect import inspect
from tui.core.project import FrontEnd, Gopath, ListenPort, Project

SAMPLES = sorted((Path(__file__).parents[1] / "projects" / "inspect").glob("*.txtar"))


def _port(port: ListenPort) -> str:
    return f"{port.text}{' loopback' * port.loopback} {port.evidence}"


def _findings(project: Project, top: Path) -> dict[str, Any]:
    context = project.context or project.root
    return {
        "module": project.module,
        "go": f"{project.go} {project.go_evidence}",
        "main": project.main,
        "mains": [main.package for main in project.mains],
        "names": [main.name for main in project.mains],
        "reason": _reason(project),
        "roles": [main.role for main in project.mains],
        "cgo": [str(evidence) for evidence in project.cgo.evidence],
        "ports": [_port(port) for port in project.ports],
        "sure": [port.evidence.confidence for port in project.ports],
        "needs": [f"{need.what} {need.evidence}" for need in project.needs],
        "embeds": [f"{e.directory} {e.pattern} = {' '.join(e.files)} {e.evidence}" for e in project.embeds],
        "go_sum": project.has_go_sum,
        "requirements": project.has_requirements,
        "vendor": project.has_vendor,
        "local_replaces": list(project.local_replaces),
        "context": context.relative_to(top.resolve()).as_posix(),
        "place": project.place,
        "module_files": list(project.module_files),
        "health": [f"{found.kind} {found.value} {found.evidence}" for found in project.health],
        "c_modules": list(project.c_modules),
        "opened": [f"{found.path} {found.evidence}" for found in project.opened],
        "versions": [f"{found.name} {found.evidence}" for found in project.versions],
        "private": [f"{found.host} {found.module} {found.evidence}" for found in project.private],
        "environment": [f"{v.name}={v.default} {v.evidence}" for v in project.environment],
        "stops": str(project.stops),
        "gopath": _gopath(project.gopath),
        "stated": [f"{s.by} {s.what} {' '.join(s.values)} {s.evidence}" for s in project.stated],
        "lfs": project.uses_lfs,
        "source": project.source_url,
        "licence": project.licence,
        "workspace": project.uses_workspace,
        "front_end": _front_end(project.front_end),
        "unbuildable": [f"{each.platform} {each.package} {each.evidence}" for each in project.unbuildable],
    }


def _reason(project: Project) -> str:
    reason = project.mains[0].reason if project.mains else None
    return f"{reason} {reason.confidence}: {reason.why}" if reason else ""


def _gopath(found: Gopath | None) -> str:
    if found is None:
        return ""
    return f"{found.path} {found.evidence} {found.language} {found.language_evidence}"


def _front_end(found: FrontEnd | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "makes": f"{found.directory} {found.script} -> {found.output} for {found.wanted}",
        "install": " ".join([found.install, found.manager, found.manager_version]).strip(),
        "node": found.node,
        "manifests": list(found.manifests),
        "marks": [name for name in ("has_lockfile", "complete", "served") if getattr(found, name)],
        "settings": list(found.settings),
        "sources": found.sources,
        "evidence": [str(evidence) for evidence in found.evidence],
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_sample(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "_modcache"))
    label = tomllib.loads(unpack(sample, tmp_path))
    platforms = tuple(label.pop("platforms", ["linux/amd64"]))
    project = inspect(tmp_path / label.pop("folder", ""), platforms=platforms)
    expected = {"cgo": [], "ports": [], "needs": [], "front_end": None} | label
    notes = expected.pop("notes", [])
    found = _findings(project, tmp_path)
    assert {key: found[key] for key in expected} == expected
    assert project.cgo.required == bool(expected["cgo"])
    texts = [note.text for note in project.notes]
    assert len(texts) == len(notes), texts
    assert all(any(part in text for text in texts) for part in notes), texts


def test_the_table_names_every_sample_and_no_other() -> None:
    rows = (SAMPLES[0].parent / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [row.strip("|").rpartition("|")[2] for row in rows if row.startswith("| ")]
    listed = {name.strip() for cell in cells for name in cell.split(",")} - {"Archives"}
    assert listed == {sample.stem for sample in SAMPLES}


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 60
