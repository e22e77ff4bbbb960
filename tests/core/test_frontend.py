"""The front end of a Go program: what its configs say, what installs it, and what no input can break."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sample import project as sample
from tui.core import choices, frontend
from tui.core.frontend import NodeStage, stage
from tui.core.inspect import inspect
from tui.core.inspect.files import Reader
from tui.core.inspect.frontend import literals, node
from tui.core.inspect.frontend.scripts import commands
from tui.core.inspect.gitignore import GitIgnore
from tui.core.plan import defaults
from tui.core.project import Evidence, FrontEnd
from tui.core.render import render

GO = 'package main\n\nimport "embed"\n\n//go:embed all:ui/dist\nvar pages embed.FS\n\nfunc main() {}\n'
VITE = FrontEnd(
    directory="ui", install="ui", manager="npm", manager_version="", node="24",
    manifests=("ui/package.json", "ui/package-lock.json"), has_lockfile=True, script="build",
    output="ui/dist", wanted="ui/dist", complete=False,
    evidence=(Evidence("main.go", 5, "embeds ui/dist, which is not there"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("manager", "version", "locked", "provide", "install", "run"),
    [
        ("npm", "", True, "", "npm ci", "npm run build"),
        ("npm", "11.0.0", False, "", "npm install", "npm run build"),
        ("pnpm", "", True, "npm install --global pnpm@10", "pnpm install --frozen-lockfile",
         "pnpm run build"),
        ("pnpm", "9.1.0", False, "npm install --global pnpm@9.1.0", "pnpm install --no-frozen-lockfile",
         "pnpm run build"),
        ("yarn", "1.22.22", True, "npm install --global --force yarn@1.22.22",
         "yarn install --frozen-lockfile", "yarn run build"),
        ("yarn", "4", True, "npm install --global --force @yarnpkg/cli-dist@4", "yarn install --immutable",
         "yarn run build"),
        ("yarn", "3.6.1", False, "npm install --global --force @yarnpkg/cli-dist@3.6.1",
         "yarn install --no-immutable", "yarn run build"),
        ("bun", "1.2.3", True, "npm install --global bun@1.2.3", "bun install --frozen-lockfile",
         "bun run build"),
    ],
)  # fmt: skip
def test_commands_of_the_node_stage(
    manager: str, version: str, locked: bool, provide: str, install: str, run: str
) -> None:
    made = stage(replace(VITE, manager=manager, manager_version=version, has_lockfile=locked))
    found = [" ".join(words) for words in (made.provide, made.install, made.build)]
    assert found == [provide, install, run]
    assert made.cache.startswith("/") or (manager == "yarn" and made.cache == "")


def test_image_of_the_node_stage() -> None:
    assert stage(VITE).image == "node:24-trixie-slim"
    assert stage(VITE, node="18").image == "node:18-bookworm-slim"
    assert stage(VITE, node="99").image == "node:99-trixie-slim"


def test_every_manager_has_an_entry_for_every_version() -> None:
    for name in ("npm", "pnpm", "yarn", "bun"):
        for version in ("", "1", "1.22.22", "2", "4.5.0", "99"):
            made = stage(replace(VITE, manager=name, manager_version=version))
            assert isinstance(made, NodeStage)
            assert "{" not in "".join(made.provide)


def test_releases_go_down_and_the_newest_lts_is_supported() -> None:
    majors = [release.major for release in frontend.releases()]
    assert majors == sorted(majors, reverse=True)
    assert frontend.newest_lts().end > frontend.facts()["date"]


@pytest.mark.parametrize(
    ("wanted", "holds", "holds_not"),
    [
        (">=20", [20, 24], [18]),
        (">=22.12 <25", [22, 24], [20, 25]),
        ("^22.1.0", [22], [20, 24]),
        ("~20.1", [20], [22]),
        ("20.x || >=22", [20, 22, 24], [18, 21]),
        ("18 - 20", [18, 20], [16, 22]),
        ("<=20", [18, 20], [22]),
        ("<23", [22], [23, 24]),
        ("<23.0.0", [22], [23]),
        (">22", [24], [22]),
        ("^20.19.0 || >=22.12.0", [20, 22, 24], [18, 21]),
        ("*", [18, 24], []),
        ("", [24], []),
    ],
)
def test_ranges(wanted: str, holds: list[int], holds_not: list[int]) -> None:
    assert [major for major in holds if not node.allows(wanted, major)] == []
    assert [major for major in holds_not if node.allows(wanted, major)] == []


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('x = { outDir: "a/b" }', "outDir", ("a/b", False)),
        ("x = { outDir : `a`, }", "outDir", ("a", False)),
        ("x = { outDir: `${base}/a` }", "outDir", None),
        ('x = { outDir: path.resolve(__dirname, "..", "a") }', "outDir", ("../a", True)),
        ('x = { outDir: resolve("a") }', "outDir", ("a", True)),
        ('x = { outDir: fileURLToPath(new URL("../a", import.meta.url)) }', "outDir", ("../a", True)),
        ('x = { outDir: process.env.OUT ?? "a" }', "outDir", ("a", False)),
        ('const out: string = "a";\nx = { outDir: out }', "outDir", ("a", False)),
        ('const out = "a"\nx = { outDir: join(__dirname, out) }', "outDir", ("a", True)),
        ("x = { outDir: dir() }", "outDir", None),
        ('x = { noOutDir: "a" }', "outDir", None),
        ('x = { path: "no", output: { filename: "[name]", path: "a" } }', "output.path", ("a", False)),
        ('x = { output: { nested: ["}"] }, path: "no" }', "output.path", None),
        ('/* outDir: "no" */ x = { outDir: "http://a" } // outDir: "no"', "outDir", ("http://a", False)),
    ],
)
def test_literals(text: str, key: str, expected: tuple[str, bool] | None) -> None:
    found = literals.folder(literals.without_comments(text), key)
    assert (found and (found.path, found.anchored)) == expected


def test_scripts_are_followed() -> None:
    scripts = {
        "build": "rimraf dist && run-s check 'bundle:*' && cd out && ls",
        "check": "npx tsc -b",
        "bundle:a": "cross-env NODE_ENV=production A='b c' ./node_modules/.bin/vite build",
        "bundle:b": "pnpm bundle:b",
    }
    found = commands(scripts, "build")
    assert [(c.program, c.arguments, c.folder) for c in found] == [
        ("rimraf", ("dist",), ""),
        ("tsc", ("-b",), ""),
        ("vite", ("build",), ""),
        ("ls", (), "out"),
    ]
    assert found[2].env == {"NODE_ENV": "production", "A": "b c"}


NAMES = st.sampled_from(
    ["a", "b", "dist", "x.js", "y.css", "sub", "*", "**", "*.js", "!a", "/dist", "d?st", "\\!a"]
)
RULES = st.lists(
    st.builds(
        lambda parts, end: "/".join(parts) + end,
        st.lists(NAMES, min_size=1, max_size=3),
        st.sampled_from(["", "/", " "]),
    ),
    max_size=4,
)
# A path is a file's: the only folder that is there is no such path.
PATHS = (
    st.lists(st.sampled_from(["a", "b", "dist", "x.js", "y.css", "sub"]), min_size=1, max_size=4)
    .map("/".join)
    .filter(lambda path: path != "sub")
)


@settings(max_examples=40, deadline=None)
@given(RULES, RULES, st.lists(PATHS, min_size=1, max_size=6))
def test_ignored_files_are_those_of_git(above: list[str], below: list[str], paths: list[str]) -> None:
    with TemporaryDirectory() as name:
        root = Path(name).resolve()
        subprocess.run(["git", "init", "-q", root], check=True)
        (root / "sub").mkdir()
        (root / ".gitignore").write_text("\n".join(above))
        (root / "sub" / ".gitignore").write_text("\n".join(below))
        done = subprocess.run(
            ["git", "-C", root, "check-ignore", "--stdin", "--no-index"],
            input="\n".join(paths), capture_output=True, text=True, check=False,
        )  # fmt: skip
        ignored = GitIgnore(Reader(root))
        assert {path for path in paths if path in ignored} == set(done.stdout.splitlines())


FILES = ["package.json", "vite.config.ts", "webpack.config.js", "angular.json", ".nvmrc", ".npmrc",
         "pnpm-workspace.yaml", "pnpm-lock.yaml", "yarn.lock", ".tool-versions", "build.mjs"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["scripts", "build", "engines", "node", "volta", "packageManager", "workspaces",
                 "packages", "projects", "architect", "options", "outputPath", "dependencies", "pnpm"]
            ),
            inner,
        )
    ),
    max_leaves=8,
)  # fmt: skip
CODE = st.lists(
    st.sampled_from(
        ["outDir", ":", "=", '"', "'", "`", "{", "}", "(", ")", "output", "path", "../", "a", "${", "\n",
         "//", "/*", "*/", "const ", "__dirname", "||", ",", "resolve(", "\\", "esbuild", "packages:\n", "- "]
    ),
    max_size=40,
).map("".join)  # fmt: skip
CONTENT = st.binary(max_size=200) | CODE.map(str.encode)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(FILES), CONTENT, max_size=6),
    JSON | st.builds(lambda s: {"scripts": {"build": s}}, CODE | st.sampled_from(
        ["vite build", "webpack", "ng build", "node build.mjs", "rollup -o x/y.js", "npm run build"])),
)  # fmt: skip
def test_nothing_in_a_file_breaks_it(contents: dict[str, bytes], package: object) -> None:
    with TemporaryDirectory() as name:
        root = Path(name).resolve()
        (root / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
        (root / "main.go").write_text(GO)
        (root / "ui").mkdir()
        (root / "ui" / "package.json").write_text(json.dumps(package))
        for file, data in contents.items():
            (root / "ui" / file).write_bytes(data)
        found = inspect(root).front_end
        assert found is None or found.wanted == "ui/dist"
        if found is not None:
            assert stage(found).image.startswith("node:")


def test_a_link_out_of_the_project_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "app"
    (root / "ui").mkdir(parents=True)
    (root / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (root / "main.go").write_text(GO)
    (tmp_path / "package.json").write_text('{"scripts": {"build": "vite build"}}')
    (root / "ui" / "package.json").symlink_to(tmp_path / "package.json")
    assert inspect(root).front_end is None


def test_the_sample_project() -> None:
    project = inspect(Path(__file__).parents[1] / "projects" / "vite")
    found = project.front_end
    assert found is not None
    assert (found.directory, found.output, found.wanted, found.complete) == ("web", "dist", "dist", False)
    assert [str(evidence) for evidence in found.evidence] == [
        "main.go:12", "web/package.json:7", "web/vite.config.js:5", "web/package-lock.json:1",
        "web/package.json:10",
    ]  # fmt: skip
    assert not project.notes


def node_stage(**changed: Any) -> list[str]:
    """The lines of the Node stage for a front end with some fields changed."""
    project = sample(front_end=replace(VITE, **{"sources": "ui", **changed}))
    text = render(project, defaults(project))[0].text
    stage_text = text[text.index(" AS front-end") : text.index(" AS build")]
    return [line for line in stage_text.splitlines()[1:] if not line.startswith(("#", "FROM"))]


def test_without_manifests_the_sources_come_before_the_install() -> None:
    lines = node_stage(manifests=())
    assert lines.index("COPY ui /src/ui/") < lines.index("    npm ci")
    assert lines.count("COPY ui /src/ui/") == 1


def test_the_build_reads_the_whole_project_where_files_elsewhere_are_named() -> None:
    lines = node_stage(sources=".")
    assert lines.index("COPY ui/package-lock.json ui/package.json /src/ui/") < lines.index("    npm ci")
    assert lines.index("    npm ci") < lines.index("COPY . /src/") < lines.index("RUN npm run build")


def test_a_manager_whose_cache_must_stay_has_no_cache_mount() -> None:
    lines = node_stage(
        manager="yarn", manager_version="4", manifests=("ui/package.json", "ui/.yarn/releases")
    )
    assert "COPY ui/.yarn/releases /src/ui/.yarn/releases" in lines
    assert "RUN yarn install --immutable" in lines
    assert not [line for line in lines if "--mount" in line]


def test_a_front_end_that_is_not_built_leaves_its_bundle_in_the_context() -> None:
    project = sample(front_end=replace(VITE, directory=".", stale=("ui/static",)))
    built = defaults(project)
    skipped = replace(built, front_end="skip")
    assert "ui/static" in render(project, built)[1].text.splitlines()
    assert "ui/static" not in render(project, skipped)[1].text.splitlines()


def test_the_bundle_is_laid_over_what_lies_where_go_looks() -> None:
    project = sample(front_end=replace(VITE, wanted="server/site"), place="app")
    lines = render(project, defaults(project))[0].text.splitlines()
    place = lines.index("COPY --from=front-end /src/app/ui/dist/ /src/app/server/site/")
    assert lines[place - 1] == "COPY . /src/"


def test_a_bundle_that_is_served_goes_into_the_image() -> None:
    project = sample(front_end=replace(VITE, served=True))
    assert defaults(project).file == ("ui/dist",)
    assert defaults(sample(front_end=VITE)).file == ()


def test_what_has_no_support_any_more_says_so() -> None:
    made = sample()
    pitches = {choice.value: choice.pitch for choice in choices.node_choices(made, defaults(made))}
    assert pitches["20"] == "LTS, support ended April 2026"
    assert pitches["24"] == "LTS, support ends April 2028"
