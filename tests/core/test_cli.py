"""The command line as a person or a script meets it: output, exit codes, refusals."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import main
from tui.core.questions import QUESTIONS, STEPS
from tui.flags import parser, split

ROOT = Path(__file__).parents[2]
PING = ROOT / "tests" / "projects" / "ping"


@pytest.fixture
def ping(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PING, tmp_path / "ping"))


def run(*words: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *words],
        cwd=cwd or ROOT,
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_inspect_json(ping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(ping), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["module"], found["go"], found["main"]) == ("github.com/dockwright/ping", "1.27", ".")
    assert found["mains"][0]["package"] == "."
    assert found["cgo"] == {"required": False, "evidence": []}
    assert (found["ports"][0]["port"], found["ports"][0]["protocol"]) == (8080, "tcp")
    assert {"file", "line", "why"} <= found["ports"][0]["evidence"].keys()


def test_the_project_is_read_for_the_platform_and_the_tags_that_are_asked_for(
    ping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ping / "c_arm64.go").write_text('package main\n\nimport "C"\n')
    (ping / "debug.go").write_text(
        '//go:build debugging\n\npackage main\n\nimport "net/http"\n\n'
        'func init() { go http.ListenAndServe(":9999", nil) }\n'
    )

    def generated(*flags: str) -> tuple[bool, bool]:
        assert main(["generate", str(ping), *flags]) == 0
        text = capsys.readouterr().out
        return "CGO_ENABLED=1" in text, "EXPOSE 9999/tcp" in text

    assert generated("--platform", "linux/amd64") == (False, False)
    assert generated("--platform", "linux/arm64") == (True, False)
    assert generated("--platform", "linux/amd64", "--build-tag", "debugging") == (False, True)
    assert main(["inspect", str(ping), "--platform", "linux/arm64"]) == 0
    assert "c_arm64.go:3" in capsys.readouterr().out
    (ping / "main.go").rename(ping / "main_windows.go")
    assert main(["generate", str(ping), "--platform", "linux/amd64"]) == 2
    assert "No package main" in capsys.readouterr().err
    assert (
        main(["generate", str(ping), "--platform", "windows/amd64", "--runtime", "windows-nanoserver"]) == 0
    )


def test_inspect_reads_what_the_saved_answers_are_for(ping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (ping / "c_arm64.go").write_text('package main\n\nimport "C"\n')
    for tag, port in (("debugging", 9999), ("tracing", 9998)):
        (ping / f"{tag}.go").write_text(
            f'//go:build {tag}\n\npackage main\n\nimport "net/http"\n\n'
            f'func init() {{ go http.ListenAndServe(":{port}", nil) }}\n'
        )

    def read(*flags: str) -> tuple[bool, list[int], str]:
        assert main(["inspect", str(ping), "--json", *flags]) == 0
        output = capsys.readouterr()
        found = json.loads(output.out)
        return found["cgo"]["required"], sorted(port["port"] for port in found["ports"]), output.err

    assert read("--platform", "linux/amd64") == (False, [8080], "")
    answers = ping / "dockwright.toml"
    answers.write_text('platform = ["linux/arm64"]\nbuild-tag = ["debugging"]\n')
    assert read() == (True, [8080, 9999], "")
    assert read("--platform", "linux/amd64") == (False, [8080, 9999], "")
    assert read("--build-tag", "tracing,debugging") == (True, [8080, 9998, 9999], "")
    answers.write_text('platform = "plan9/amd64"\n')
    required, ports, said = read("--platform", "linux/amd64")
    assert (required, ports) == (False, [8080])
    assert "dockwright.toml: Platform must be" in said and "without its answers" in said
    assert main(["inspect", str(ping), "--platform", "plan9/amd64"]) == 2


def test_the_tags_of_an_old_dockerfile_decide_what_is_read(
    ping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ping / "main.go").write_text(f"//go:build prod\n\n{(ping / 'main.go').read_text()}")
    assert main(["generate", str(ping)]) == 2
    (ping / "Dockerfile").write_text(
        "FROM golang:1.27\nWORKDIR /src\nCOPY . .\nRUN go build -tags prod -o /ping .\n"
    )
    capsys.readouterr()
    assert main(["generate", str(ping)]) == 0
    text = capsys.readouterr().out
    assert "-tags prod" in text and "EXPOSE 8080/tcp" in text
    assert main(["inspect", str(ping)]) == 0
    assert "8080/tcp  main.go:" in capsys.readouterr().out


def test_generate_prints_the_dockerfile_alone(ping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", str(ping)]) == 0
    output = capsys.readouterr()
    assert output.out.startswith("# syntax=docker/dockerfile:1\n")
    assert output.out.endswith('ENTRYPOINT ["/usr/local/bin/ping"]\n')
    assert output.err == ""
    assert not (ping / "Dockerfile").exists()


def test_generate_writes_and_then_finds_nothing_to_do(ping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", str(ping), "--write", "--runtime", "alpine"]) == 0
    printed = capsys.readouterr().out
    assert printed.split() == [
        str(ping / name) for name in ("Dockerfile", ".dockerignore", "dockwright.toml")
    ]
    assert main(["generate", str(ping), "--diff"]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert "what would be written" in output.err


def test_generate_replaces_nothing_without_force(ping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (ping / "Dockerfile").write_text("FROM mine\n")
    assert main(["generate", str(ping), "--write"]) == 1
    assert "Dockerfile would be replaced" in capsys.readouterr().err
    assert (ping / "Dockerfile").read_text() == "FROM mine\n"
    assert not (ping / "dockwright.toml").exists()
    assert main(["generate", str(ping), "--write", "--force"]) == 0
    assert (ping / "Dockerfile.bak").read_text() == "FROM mine\n"


def test_flags_win_over_answers_and_answers_over_the_project(
    ping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ping / "dockwright.toml").write_text('runtime = "alpine"\nport = ["9000"]\n')
    other = ping / "other.toml"
    other.write_text('runtime = "debian-slim"\n')
    main(["generate", str(ping), "--port", "8081", "--port", "53/udp"])
    text = capsys.readouterr().out
    assert "FROM alpine:3.24" in text
    assert "EXPOSE 8081/tcp\nEXPOSE 53/udp" in text
    main(["generate", str(ping), "--answers", str(other)])
    text = capsys.readouterr().out
    assert "FROM debian:trixie-slim" in text
    assert "EXPOSE 8080/tcp" in text


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--cgo", "on", "--runtime", "scratch"), "--link static"),
        (("--go", "1.26"), "--go 1.27"),
        (("--port", "80\nUSER 0"), "Port must"),
        (("--user", "non root"), "User must"),
        (("--user", "nonroot", "--runtime", "alpine"), "--user 65532:65532"),
        (("--tag", 'x"y'), "Image tag must"),
        (("--main", "./cmd/none"), "--main ."),
        (("--answers", "missing.toml"), "missing.toml cannot be read"),
        (("--runtime", "windows"), "Runtime must be one of"),
    ],
)
@pytest.mark.parametrize("command", ["generate", "build", "run"])
def test_what_cannot_work_is_refused_with_the_fix(
    ping: Path, capsys: pytest.CaptureFixture[str], command: str, flags: tuple[str, ...], says: str
) -> None:
    assert main([command, str(ping), *flags]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert says in output.err


@pytest.mark.parametrize(
    ("words", "cgo"),
    [
        (["--cgo"], True),
        (["--cgo", "on"], True),
        (["--cgo=on"], True),
        (["--no-cgo"], False),
        (["--cgo", "off"], False),
        (["--cgo=off"], False),
        ([], None),
    ],
)
def test_a_switch_is_spelled_either_way(words: list[str], cgo: bool | None) -> None:
    before, after = split([*words, "here", "--", "--cgo", "off"])
    options = parser("build").parse_args(before)
    assert (options.cgo, options.dir) == (cgo, "here")
    assert after == ["--cgo", "off"]


def test_a_switch_takes_nothing_else(ping: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["generate", str(ping), "--cgo=maybe"])
    assert left.value.code == 2


def test_help_groups_the_flags_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["build", "--help"])
    text = capsys.readouterr().out
    places = [text.index(f"\n{step.title}:") for step in STEPS]
    assert places == sorted(places)
    assert text.index("\nUser:") < text.index("  --user-name NAME") < text.index("\nPorts:")
    assert all(question.flag in text for question in QUESTIONS if question.key != "args")


def test_an_unknown_flag_is_a_usage_error(ping: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["generate", str(ping), "--colour", "red"])
    assert left.value.code == 2


@pytest.mark.parametrize("command", [(), ("inspect",), ("generate",), ("build",), ("run",)])
def test_a_folder_without_a_project_is_said_in_words(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run(*command, str(tmp_path), TERM="xterm")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("dockwright: ")


def test_without_a_terminal_the_wizard_names_the_commands(ping: Path) -> None:
    done = run(str(ping))
    assert done.returncode == 2
    assert "dockwright generate, build or run" in done.stderr
    assert done.stdout == ""


def test_a_folder_that_is_not_there_is_said_before_the_terminal(tmp_path: Path) -> None:
    done = run(str(tmp_path / "nope"))
    assert done.returncode == 2
    assert "There is no such folder" in done.stderr and "terminal" not in done.stderr


@pytest.mark.parametrize("command", ["build", "run"])
def test_without_an_engine_it_says_what_is_missing(ping: Path, tmp_path: Path, command: str) -> None:
    done = run(command, str(ping), "--json", DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert done.returncode == 1
    event = json.loads(done.stdout.splitlines()[-1])
    assert event["event"] == "failed"
    assert event["what"].endswith(".") and event["fix"]


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("generate", "--runtime", "localhost:1/base:1"), "localhost:1 cannot be reached"),
        (("build", "--builder", "localhost:1/base:1"), "localhost:1 cannot be reached"),
        (("pin", "--registry", "localhost:1"), "localhost:1 cannot be reached"),
        (("pin", "--write", "--registry", "localhost:1"), "localhost:1 cannot be reached"),
        (("export", "-o", "program", "--engine", "docker"), "none.sock"),
    ],
)
def test_what_the_engine_is_asked_is_refused_in_words(
    ping: Path, tmp_path: Path, words: tuple[str, ...], missing: str
) -> None:
    done = run(
        words[0],
        str(ping),
        *words[1:],
        cwd=tmp_path,
        DOCKER_HOST=f"unix://{tmp_path}/none.sock",
        PYTHONPATH=str(ROOT),
    )
    assert done.returncode == 1 and done.stdout == ""
    assert "Traceback" not in done.stderr and missing in done.stderr
    assert not (ping / "dockwright.toml").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-o", "none/program"), "there is no folder none"),
        (("-o", "none", "--platform", "linux/amd64", "--platform", "linux/arm64"), "none is no folder"),
        (("--cgo", "--platform", "darwin/arm64"), "cannot be compiled for macOS"),
        (("--go", "1.25"), "--go 1.27"),
        (("--platform", "windows/amd64"), "ping.exe is there already and is no program"),
    ],
)
def test_an_export_that_cannot_work_is_refused(
    ping: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    (tmp_path / "ping.exe").write_text("notes")
    done = run(
        "export",
        str(ping),
        *words,
        cwd=tmp_path,
        DOCKER_HOST=f"unix://{tmp_path}/none.sock",
        PYTHONPATH=str(ROOT),
    )
    assert done.returncode == 2 and says in done.stderr


def test_a_stale_file_on_disk_is_mentioned(ping: Path, tmp_path: Path) -> None:
    (ping / "Dockerfile").write_text("FROM old\n")
    done = run("build", str(ping), DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert "Dockerfile on disk differ" in done.stderr


def test_a_closed_pipe_is_no_traceback(ping: Path) -> None:
    script = f"{sys.executable} -m tui inspect {ping} --json | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_another_main_brings_its_own_ports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "go.mod").write_text("module example.com/two\n\ngo 1.27\n")
    for name, port in (("api", 8080), ("admin", 9090)):
        folder = tmp_path / "cmd" / name
        folder.mkdir(parents=True)
        (folder / "main.go").write_text(
            f'package main\n\nimport "net/http"\n\nfunc main() {{ http.ListenAndServe(":{port}", nil) }}\n'
        )
    main(["generate", str(tmp_path)])
    assert "EXPOSE 8080/tcp" in capsys.readouterr().out
    main(["generate", str(tmp_path), "--main", "./cmd/admin"])
    text = capsys.readouterr().out
    assert "EXPOSE 9090/tcp" in text
    assert "EXPOSE 8080/tcp" not in text


INJECTED = "cmd/b\nRUN id > /pwned\nRUN true"


@pytest.mark.parametrize(
    "folder", [INJECTED, "cmd/a;touch PWNED", "cmd/sp ace", "cmd/\x1b[31mred", "cmd/$(id)"]
)
def test_a_hostile_folder_name_never_becomes_an_instruction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    (tmp_path / "go.mod").write_text("module example.com/inj\n\ngo 1.27\n")
    main_folder = tmp_path / folder
    main_folder.mkdir(parents=True)
    (main_folder / "main.go").write_text("package main\n\nfunc main() {}\n")
    assert main(["generate", str(tmp_path)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.replace("\n", "").isprintable()
    assert main(["inspect", str(tmp_path)]) == 0
    assert "Go cannot build" in capsys.readouterr().out


def test_a_hostile_replacement_folder_never_becomes_an_instruction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "x,target=" / "etc"
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text("module example.com/x\n")
    (tmp_path / "go.mod").write_text(
        "module example.com/app\n\ngo 1.27\n\nrequire (\n\texample.com/x v1.0.0\n\tother.org/y v1.0.0\n)\n\n"
        "replace example.com/x => ./x,target=/etc\n"
    )
    (tmp_path / "go.sum").write_text("")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    assert main(["generate", str(tmp_path)]) == 0
    assert "x,target=" not in capsys.readouterr().out


def test_modules_that_are_all_in_the_project_need_no_go_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "go.mod").write_text(
        "module example.com/app\n\ngo 1.27\n\n"
        "require example.org/dep v1.0.0\n\nreplace example.org/dep => ./dep\n"
    )
    (tmp_path / "dep").mkdir()
    (tmp_path / "dep" / "go.mod").write_text("module example.org/dep\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    assert main(["generate", str(tmp_path)]) == 0
    assert "go mod download" not in capsys.readouterr().out


def test_an_environment_value_may_have_several_lines(ping: Path, tmp_path: Path) -> None:
    done = run("build", str(ping), "--env", "KEY=a\nb", DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert done.returncode == 1
    assert "Environment" not in done.stderr


def test_a_symbolic_link_does_not_keep_the_dockerfile_from_stdout(
    ping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ping / "Dockerfile").symlink_to(ping / "elsewhere")
    assert main(["generate", str(ping)]) == 0
    assert capsys.readouterr().out.startswith("# syntax")
    assert main(["generate", str(ping), "--write", "--force"]) == 1
    assert "symbolic link" in capsys.readouterr().err
    assert not (ping / "dockwright.toml").exists()


@pytest.mark.parametrize("command", ["inspect", "generate"])
def test_a_full_disk_behind_stdout_is_a_sentence(ping: Path, command: str) -> None:
    script = f"{sys.executable} -m tui {command} {ping} > /dev/full"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("dockwright: the output cannot be written")
    assert "Traceback" not in done.stderr
