"""Whatever is answered, the files are whole; and nothing a project calls its files gets into them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_answers import ANSWERS
from tests.golden.test_golden import CASES, FRONT_END, SEVERAL, VIPS, WORKSPACE
from tests.sample import PING, project
from tui.core import catalog, stages
from tui.core.dockerfile import instructions
from tui.core.plan import Plan, answer, answer_text, defaults
from tui.core.project import (
    Evidence,
    FrontEnd,
    Health,
    Main,
    Need,
    OpenedFile,
    PrivateModule,
    Project,
    Variable,
)
from tui.core.questions import QUESTIONS
from tui.core.render import references, render
from tui.core.validate import Invalid

SEEN = Evidence("a.go", 1, "seen")
KEYWORDS = {
    "ARG", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL", "USER",
    "WORKDIR",
}  # fmt: skip
TEXT = re.compile(r"[\x20-\x7e\n…]*")
NEEDY = project(
    needs=tuple(Need(what, SEEN) for what in ("libc", "users", "tzdata", "ca-certificates", "program:sh")),
    health=(Health("http", "/healthz", SEEN),),
    opened=(OpenedFile("templates", SEEN),),
    versions=(Variable("main.version", SEEN),),
)
PROJECTS = st.sampled_from([PING, NEEDY, SEVERAL, VIPS, WORKSPACE, project(front_end=FRONT_END)])
WIDER = ANSWERS | {
    "builder": [entry.id for entry in catalog.builders()],
    "runtime": [entry.id for entry in catalog.runtimes()],
    "user": ["0:0", "1000:2000", "nobody", "ContainerUser"],
    "zones": ["none", "image", "embed", "copy", "package"],
    "platform": ["none", "linux/arm/v6", "linux/amd64/v3, linux/arm64", "windows/amd64"],
    "link": ["static", "dynamic"],
    "port": ["none", "80, 53/udp", "9000-9010"],
    "health": ["none", "http /healthz", "http 9090/x", "command healthcheck --quick"],
    "test": ["on", "off"],
    "export": ["on", "off"],
}
CHOSEN = st.fixed_dictionaries({}, optional={key: st.sampled_from(texts) for key, texts in WIDER.items()})


def planned(made: Project, answers: dict[str, str]) -> Plan:
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key, text)
    return plan


def told(text: str) -> list[tuple[str, str]]:
    return [(instruction.keyword, instruction.rest) for instruction in instructions(text)]


@settings(max_examples=300)
@given(made=PROJECTS, answers=CHOSEN)
def test_any_answers_give_whole_files(made: Project, answers: dict[str, str]) -> None:
    plan = planned(made, answers)
    files = render(made, plan)
    for file in files:
        assert TEXT.fullmatch(file.text), file.text
        assert file.text.endswith("\n") and not file.text.endswith("\n\n") and "\n\n\n" not in file.text
        assert not re.search(r"\{[{%#]|[}%#]\}|\bNone\b|\bUndefined\b", file.text)
    found = told(files[0].text)
    assert {keyword for keyword, _ in found} <= KEYWORDS
    assert all(rest for _, rest in found)
    assert next(keyword for keyword, _ in found if keyword != "ARG") == "FROM"
    assert found[-1][0] == "ENTRYPOINT"
    bare = render(made, answer(made, plan, "comments", False))
    assert told(bare[0].text) == found
    assert not [line for line in bare[0].text.splitlines()[1:] if line.startswith("#")]


@settings(max_examples=150)
@given(made=PROJECTS, answers=CHOSEN)
def test_every_stage_that_is_copied_from_is_there(made: Project, answers: dict[str, str]) -> None:
    plan = planned(made, answers)
    text = render(made, plan)[0].text
    names = [stage.name for stage in stages.read(text)]
    used = re.findall(r"(?:--from=|,from=)([a-z-]+)", text)
    assert set(used) <= set(names)
    assert len(references(made, plan)) == len(set(references(made, plan)))


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("windows-")])
def test_a_windows_engine_gets_nothing_of_buildkit(name: str) -> None:
    made, answers = CASES[name]
    text = render(made, planned(made, answers))[0].text
    assert not re.search(r"--mount|--platform|TARGETOS|BUILDPLATFORM|# *syntax", text)
    assert 'ENTRYPOINT ["C:\\\\app\\\\' in text
    assert not re.search(r"[^\\ ]\\$", text, re.MULTILINE)


HOSTILE = [
    "a\nRUN id", "a b", "$(id)", "a;id", "`id`", "a'b", 'a"b', "../x", "a/../b", "/etc", "-x", "{{ x }}",
    "a\\", "a,rw", "é", "\x00", "a\x1b[2J",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("field", ["place", "module_files"])
def test_a_hostile_path_of_the_project_is_refused(field: str, name: str) -> None:
    made = project(**{field: (name,) if field == "module_files" else name})
    with pytest.raises(Invalid):
        render(made, defaults(made))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "field", ["directory", "install", "sources", "output", "wanted", "manifests", "script", "manager_version"]
)
def test_a_hostile_front_end_is_refused(field: str, name: str) -> None:
    changed: dict[str, Any] = {field: (name,) if field == "manifests" else name}
    front_end: FrontEnd = replace(FRONT_END, **changed)
    made = project(front_end=front_end)
    with pytest.raises(Invalid):
        render(made, defaults(made))
    render(made, answer(made, defaults(made), "front-end", "skip"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_is_refused(name: str) -> None:
    made = project(mains=(*PING.mains, Main("./cmd/tool", name, "application", SEEN)))
    with pytest.raises(Invalid):
        render(made, planned(made, {"also": "./cmd/tool"}))


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "é"])
def test_what_a_project_proposes_is_an_answer_or_left_out(name: str) -> None:
    """No text of the project makes a plan that cannot be rendered, or a line of its own."""
    made = project(
        mains=(Main(f"./{name}", name, "application", SEEN),),
        go=name,
        health=(Health("command", name, SEEN), Health("http", f"/{name}", SEEN)),
        opened=(OpenedFile(name, SEEN),),
        versions=(Variable(name, SEEN),),
        private=(PrivateModule(name, name, SEEN),),
        source_url=name,
        licence=name,
        front_end=replace(FRONT_END, node=name, served=True, complete=True, wanted=name),
        needs=(Need(f"program:{name}", SEEN),),
    )
    plan = defaults(made)
    for question in QUESTIONS:
        question.check(getattr(plan, question.key.replace("-", "_")))
    files = render(made, plan)
    assert {keyword for keyword, _ in told(files[0].text)} <= KEYWORDS
    assert "RUN id" not in files[0].text.splitlines()


@pytest.mark.parametrize("name", ["a\nsecret", "!x", "#x", "a\x1bb"])
def test_a_hostile_bundle_adds_no_pattern(name: str) -> None:
    front_end = replace(FRONT_END, stale=(name,), settings=(name,))
    made = project(front_end=front_end)
    plain = project(front_end=replace(FRONT_END, stale=(), settings=()))
    before, after = (render(p, defaults(p))[1].text.splitlines() for p in (plain, made))
    assert set(after) - set(before) <= {f"!{name}"}


@pytest.mark.parametrize("runtime", ["scratch", "debian-slim"])
def test_tmp_is_writable_without_being_made(runtime: str) -> None:
    plan = planned(PING, {"runtime": runtime, "writable-dir": "/tmp, /data"})
    dockerfile, *_ = render(PING, plan)
    made = [each.rest for each in instructions(dockerfile.text) if each.keyword == "WORKDIR"]
    assert "/data" in made and "/tmp" not in made


def test_an_own_builder_that_is_not_root_becomes_it_and_mounts_only_caches_it_has() -> None:
    own = "registry.example.com/go:1"
    facts = f"{own} libc=glibc shell=yes go=1.27 user=1000:1000"
    dockerfile, *_ = render(PING, planned(PING, {"builder": own, "image": facts}))
    steps = [f"{each.keyword} {each.rest}" for each in instructions(dockerfile.text)]
    assert steps.index("USER 0:0") < next(n for n, step in enumerate(steps) if step.startswith("WORKDIR"))
    assert "type=cache" not in dockerfile.text


def test_wolfi_has_no_wget() -> None:
    plan = planned(PING, {"runtime": "wolfi-base", "health": "http /healthz"})
    assert "wget" not in render(PING, plan)[0].text
    assert "wget" in render(PING, planned(PING, {"runtime": "alpine", "health": "http /healthz"}))[0].text


def test_a_program_called_wget_is_not_what_asks_for_its_health() -> None:
    plan = planned(PING, {"runtime": "alpine", "health": "http /healthz", "binary": "wget"})
    assert 'CMD ["/usr/local/bin/healthprobe"' in render(PING, plan)[0].text


def test_the_program_starts_where_its_files_are() -> None:
    made = project(opened=(OpenedFile("templates", SEEN),))
    found = told(render(made, planned(made, {"workdir": ""}))[0].text)
    assert ("COPY", "--from=build /files/ /") in found
    assert found.index(("WORKDIR", "/")) > found.index(("USER", "65532:65532"))
