"""Every recipe gives a plan that works, whatever the project is and whatever was chosen before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sample import PING, project
from tui.cli import main
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Cgo, Evidence, Need, Project
from tui.core.questions import QUESTIONS
from tui.core.recipes import apply, missed, recipe, recipes
from tui.core.render import render
from tui.core.rules import ERROR, problems
from tui.core.validate import Invalid

SEEN = Evidence("db.go", 7, "seen")
SQLITE = project(cgo=Cgo(True, (SEEN,)), c_modules=("github.com/mattn/go-sqlite3",))
PUREGO = project(needs=(Need("libc", SEEN),))
SHELL = project(needs=(Need("program:sh", SEEN), Need("tzdata", SEEN), Need("users", SEEN)))
PROJECTS = {"ping": PING, "sqlite": SQLITE, "purego": PUREGO, "shell": SHELL}
EVERY = [each.id for each in recipes()]
BASES = {
    "smallest": "scratch",
    "compatible": "debian:trixie-slim",
    "debuggable": "gcr.io/distroless/static-debian13:nonroot",
    "tested": "gcr.io/distroless/static-debian13:nonroot",
    "cgo": "gcr.io/distroless/base-debian13:nonroot",
    "cgo-static": "gcr.io/distroless/static-debian13:nonroot",
    "command-line": "gcr.io/distroless/static-debian13:nonroot",
    "development": "build",
    "chainguard-static": "cgr.dev/chainguard/static:latest",
    "chainguard-dynamic": "cgr.dev/chainguard/glibc-dynamic:latest",
    "binary": "gcr.io/distroless/static-debian13:nonroot",
}


def planned(made: Project, name: str, **answers: str) -> Plan:
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key, text)
    return apply(made, plan, recipe(name))


def errors(made: Project, plan: Plan) -> list[str]:
    return [problem.rule for problem in problems(made, plan) if problem.severity == ERROR]


def dockerfile(made: Project, plan: Plan) -> str:
    return render(made, plan)[0].text


@pytest.mark.parametrize("made", PROJECTS.values(), ids=PROJECTS)
@pytest.mark.parametrize("name", EVERY)
def test_no_recipe_leaves_an_error(name: str, made: Project) -> None:
    plan = planned(made, name)
    assert errors(made, plan) == []
    assert dockerfile(made, plan)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("before", EVERY)
def test_a_recipe_after_another_is_as_good_as_alone(before: str, name: str) -> None:
    plan = apply(PING, planned(PING, before), recipe(name))
    alone = planned(PING, name)
    shape = ("builder", "runtime", "cgo", "link", "test", "debug", "export")
    assert errors(PING, plan) == []
    assert [getattr(plan, key) for key in shape] == [getattr(alone, key) for key in shape]


@pytest.mark.parametrize(("name", "base"), BASES.items())
def test_the_final_image(name: str, base: str) -> None:
    text = dockerfile(PING, planned(PING, name))
    last = text.splitlines()[[i for i, line in enumerate(text.splitlines()) if line.startswith("FROM ")][-1]]
    assert last.split()[1] == base or name == "development"
    assert text.rstrip().endswith('ENTRYPOINT ["/usr/local/bin/ping"]')
    assert "USER 65532:65532" in text


def test_what_each_is_for() -> None:
    text = {name: dockerfile(PING, planned(PING, name)) for name in EVERY}
    assert "AS test\n" in text["tested"] and "go test ./..." in text["tested"]
    assert "AS debug\n" in text["debuggable"]
    assert "AS binary\n" in text["binary"]
    assert text["development"].count("FROM ") == 1
    assert "EXPOSE" not in text["command-line"] and "EXPOSE 8080/tcp" in text["smallest"]
    assert "CGO_ENABLED=1" in text["cgo"] and "-static" not in text["cgo"]
    assert "CGO_ENABLED=1" in text["cgo-static"] and "-extldflags '-static" in text["cgo-static"]
    assert "FROM alpine:3.24 AS base" in text["alpine"] and "app:x:65532" in text["alpine"]
    assert (
        "cgr.dev/chainguard/go" in text["chainguard-dynamic"]
        and "CGO_ENABLED=1" in text["chainguard-dynamic"]
    )
    assert text["windows"].count("nanoserver") == 2 and "ping.exe" in text["windows"]


def test_c_code_is_linked_in_where_the_image_has_no_c_library() -> None:
    plan = planned(SQLITE, "smallest")
    assert (plan.runtime, plan.cgo, plan.link) == ("scratch", True, "static")
    assert planned(PUREGO, "smallest").runtime == "distroless-base-debian13"


def test_what_cannot_be_had_is_said() -> None:
    chosen = recipe("smallest")
    assert missed(planned(PUREGO, "smallest"), chosen) == ("runtime",)
    assert missed(planned(PING, "smallest"), chosen) == ()
    assert missed(planned(SQLITE, "windows"), recipe("windows")) == ("builder", "runtime")


def test_what_a_recipe_says_is_decided_and_what_is_not_its_business_stays() -> None:
    plan = planned(PING, "smallest", port="9000", user="1000", runtime="alpine", debug="on")
    assert (plan.runtime, plan.port, plan.user, plan.debug) == ("scratch", ("9000/tcp",), "1000:1000", False)
    assert {"runtime", "port", "user"} <= plan.answered and "debug" not in plan.answered


def test_an_error_that_was_there_before_stays_for_the_person() -> None:
    made = project(go="1.27")
    assert planned(made, "smallest", go="1.25").go == "1.25"


def test_the_texts() -> None:
    keys = {question.key for question in QUESTIONS}
    for each in recipes():
        assert each.answers.keys() <= keys
        assert each.text.endswith(".") and len(each.text) < 120
    with pytest.raises(Invalid, match="Recipe must be one of smallest"):
        recipe("fastest")


def test_flags_win_over_the_recipe_and_the_recipe_over_the_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "go.mod").write_text("module example.com/tool\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    (tmp_path / "dockwright.toml").write_text('runtime = "alpine"\n')
    assert main(["generate", str(tmp_path), "--recipe", "smallest"]) == 0
    assert "FROM scratch" in capsys.readouterr().out
    assert main(["generate", str(tmp_path), "--recipe", "smallest", "--runtime", "debian-slim"]) == 0
    assert "FROM debian:trixie-slim" in capsys.readouterr().out
    assert main(["generate", str(tmp_path), "--recipe", "quickest"]) == 2
    assert "Recipe must be one of" in capsys.readouterr().err


def test_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "go.mod").write_text("module example.com/tool\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    assert main(["recipes", str(tmp_path), "--json"]) == 0
    found = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert list(found) == EVERY
    assert found["smallest"]["flags"] == ["--runtime", "scratch"]
    assert found["smallest"]["added"] > 0 and found["smallest"]["errors"] == []
    assert found["smallest"]["otherwise"] == []
    (tmp_path / "main.go").write_text(
        'package main\n\nimport _ "github.com/mattn/go-sqlite3"\n\nfunc main() {}\n'
    )
    assert main(["recipes", str(tmp_path)]) == 0
    *_, windows = capsys.readouterr().out.split("\nwindows ")
    assert "does not fit here as it is: Builder, Runtime" in windows
    (tmp_path / "empty").mkdir()
    assert main(["recipes", str(tmp_path / "empty")]) == 0
    assert "smallest" in capsys.readouterr().out
