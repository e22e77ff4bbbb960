"""The .dockerignore keeps secrets out and never drops a file the build needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import project
from tui.core.dockerignore import groups
from tui.core.ignore import Ignore
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.core.project import Embed, Evidence, FrontEnd, OpenedFile, Project

SEEN = Evidence("main.go", 1, "seen")
NAMES = st.sampled_from(
    [
        "bin",
        "dist",
        "tmp",
        "web",
        "README.md",
        "LICENSE",
        ".env",
        "a.pem",
        "x.key",
        "Dockerfile",
        "[a]",
        "b*",
        "c.go",
    ]
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


def ignore(made: Project, **answers: str) -> Ignore:
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key.replace("_", "-"), text)
    return Ignore("\n".join(line for group in groups(made, plan) for line in group.patterns))


def embedding(pattern: str, *files: str, directory: str = ".") -> Project:
    return project(embeds=(Embed(pattern, directory, files, SEEN),))


@pytest.mark.parametrize(
    "path",
    [
        ".git", ".git/config", "sub/.git", ".env", "deploy/.env.production", "tls/server.pem", "server.key",
        ".ssh/id_rsa", "bin/ping", "dist/x", "node_modules/a/index.js", "ping.test", "Dockerfile",
        "deploy/Dockerfile.dev", "docker-compose.yml", "compose.yaml", "dockwright.toml", "README.md",
        "infra/prod.tfstate", ".netrc", "Dockerfile.bak",
    ],
)  # fmt: skip
def test_leaves_out(path: str) -> None:
    assert path in ignore(project())


@pytest.mark.parametrize(
    "path",
    [
        "main.go",
        "go.mod",
        "go.sum",
        "vendor/modules.txt",
        "internal/key/key.go",
        "coverage.go",
        "static/app.js",
        "env.go",
    ],
)
def test_lets_through(path: str) -> None:
    assert path not in ignore(project())


def test_a_package_called_bin_is_kept() -> None:
    kept = ignore(project(packages=(".", "cmd/bin", "tmp/x")))
    assert "cmd/bin/main.go" not in kept
    assert "tmp/x/x.go" not in kept
    assert "dist/x" in kept


def test_what_c_code_includes_and_links_is_kept(tmp_path: Path) -> None:
    (tmp_path / "internal/lib").mkdir(parents=True)
    (tmp_path / "go.mod").write_text("module x.example/a\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text(
        'package main\n\nimport _ "x.example/a/internal/lib"\n\nfunc main() {}\n'
    )
    (tmp_path / "internal/lib/lib.go").write_text(
        "package lib\n\n// #cgo CFLAGS: -I${SRCDIR}/dist/include\n"
        '// #cgo linux LDFLAGS: ${SRCDIR}/../bin/libx.a\nimport "C"\n'
    )
    kept = ignore(inspect(tmp_path))
    assert "internal/lib/dist/include/x.h" not in kept
    assert "internal/bin/libx.a" not in kept
    assert "internal/tmp/x" in kept


def test_embedded_files_come_back_without_their_neighbours() -> None:
    kept = ignore(embedding("certs/*.pem", "certs/ca.pem"))
    assert "certs/ca.pem" not in kept
    assert "certs/server.key" in kept


def test_a_secret_inside_an_embedded_folder_stays_out() -> None:
    kept = ignore(embedding("all:dist", "web/dist/index.html", "web/dist/.env", directory="web"))
    assert "web/dist/index.html" not in kept
    assert "web/dist/.env" in kept


def test_vendored_files_are_kept() -> None:
    kept = ignore(project(has_vendor=True))
    assert "vendor/example.com/x/bin/b.go" not in kept
    assert "vendor/example.com/x/README.md" not in kept


def test_vendored_files_of_a_workspace_are_kept() -> None:
    kept = ignore(project(has_vendor=True, place="app", module_files=("app/go.mod", "go.work")))
    assert "vendor/example.com/x/bin/b.go" not in kept
    assert "vendor/example.com/x/README.md" not in kept


@pytest.mark.parametrize("place", ["", "app"])
def test_what_tests_read_is_kept_for_the_test_stage(place: str) -> None:
    made = project(place=place)
    files = ("testdata/tls/server.key", "internal/a/testdata/b.out", "testdata/README.md")
    paths = [f"{place}/{file}".removeprefix("/") for file in files]
    assert not [path for path in paths if path in ignore(made, test="on")]
    assert [path for path in paths if path in ignore(made)] == paths
    assert "server.key" in ignore(made, test="on")


@given(st.lists(PATHS, min_size=1, max_size=5, unique=True))
def test_a_file_embedded_by_name_is_never_dropped(files: list[str]) -> None:
    made = project(embeds=tuple(Embed(f, ".", (f,), SEEN) for f in files))
    kept = ignore(made)
    assert not [file for file in files if file in kept]


@given(st.lists(PATHS.map(lambda path: "pkg/" + path), min_size=1, max_size=5, unique=True))
def test_no_package_is_dropped(folders: list[str]) -> None:
    kept = ignore(project(packages=(".", *folders)))
    assert not [folder for folder in folders if f"{folder}/x.go" in kept]


FRONT_END = FrontEnd(
    directory="web", install="web", manager="npm", manager_version="", node="24",
    manifests=("web/package.json", "web/.npmrc"), has_lockfile=True, script="build", output="web/dist",
    wanted="server/site", complete=False, evidence=(SEEN,), stale=("web/dist", "server/site"),
    settings=("web/.npmrc", "web/.env.production"),
)  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "web/package.json", "web/package-lock.json", "web/.npmrc", "web/.env.production", "web/src/main.ts",
        "web/src/dist/a.ts", "web/bin/build.mjs", "web/tmp/a.ts", "web/src/page.md", "web/.eslintrc",
        "server/server.go",
    ],
)  # fmt: skip
def test_the_front_ends_sources_are_kept(path: str) -> None:
    assert path not in ignore(project(front_end=FRONT_END))


@pytest.mark.parametrize(
    "path",
    [
        "web/node_modules/vite/index.js", "web/packages/a/node_modules/b/c.js", "web/dist/index.html",
        "server/site/index.html", "web/.env", "web/.env.local", "web/certs/a.key", "dist/x", "other/.npmrc",
    ],
)  # fmt: skip
def test_what_a_build_of_the_front_end_left_stays_out(path: str) -> None:
    assert path in ignore(project(front_end=FRONT_END))


def test_a_bundle_that_lies_here_is_not_taken_back_as_embedded() -> None:
    stale = Embed("site/app.js", "server", ("server/site/app.js",), SEEN)
    assert "server/site/app.js" in ignore(project(front_end=FRONT_END, embeds=(stale,)))
    assert "server/site/app.js" not in ignore(project(embeds=(stale,)))


def test_go_files_beside_the_bundle_are_kept() -> None:
    kept = ignore(project(front_end=FRONT_END, packages=(".", "web/dist")))
    assert "web/dist/embed.go" not in kept
    assert "web/dist/assets/app.js" in kept


def test_a_committed_bundle_is_kept() -> None:
    committed = replace(FRONT_END, output="web/dist", wanted="web/dist", complete=True, stale=())
    embedded = Embed("all:dist", "web", ("web/dist/app.js",), SEEN)
    assert "web/dist/app.js" not in ignore(project(front_end=committed, embeds=(embedded,)))


def test_a_front_end_at_the_root_brings_back_nothing_else() -> None:
    at_root = replace(FRONT_END, directory=".", install=".", output="dist", wanted="dist", stale=("dist",))
    kept = ignore(project(front_end=at_root))
    assert not [path for path in ("src/main.ts", "package.json", "vite.config.ts") if path in kept]
    assert not [path for path in ("dist/x", "node_modules/x", ".git/x", "bin/ping") if path not in kept]


def test_paths_are_those_of_the_context() -> None:
    embedded = Embed("certs/ca.pem", ".", ("certs/ca.pem",), SEEN)
    placed = project(
        front_end=FRONT_END, place="app", embeds=(embedded,), has_vendor=True, packages=(".", "bin")
    )
    kept = ignore(placed)
    wanted = [
        "app/web/src/main.ts",
        "app/web/.npmrc",
        "app/certs/ca.pem",
        "app/vendor/a/bin/b.go",
        "app/bin/b.go",
    ]
    assert not [path for path in wanted if path in kept]
    assert not [path for path in ("app/server/site/x.js", "app/web/node_modules/x") if path not in kept]


def test_what_names_the_projects_own_files_names_them_in_its_place() -> None:
    kept = ignore(project(place="app"))
    assert "app/dockwright.toml" in kept
    assert "dockwright.toml" not in kept


def test_a_joined_module_called_dist_is_kept() -> None:
    kept = ignore(project(place="app", module_files=("app/go.mod", "libs/dist/go.mod")))
    assert "libs/dist/a.go" not in kept


def test_packages_and_embedded_files_of_a_joined_module_are_kept(tmp_path: Path) -> None:
    files = {
        "go.work": "go 1.27\n\nuse (\n\t./server\n\t./names\n)\n",
        "server/go.mod": "module example.com/server\n\ngo 1.27\n",
        "server/main.go": 'package main\n\nimport _ "example.com/names/dist"\n\nfunc main() {}\n',
        "names/go.mod": "module example.com/names\n\ngo 1.27\n",
        "names/dist/dist.go": 'package dist\n\nimport _ "embed"\n\n//go:embed about.md\nvar About string\n',
        "names/dist/about.md": "About.\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = ignore(inspect(tmp_path / "server"))
    assert "names/dist/dist.go" not in found and "names/dist/about.md" not in found
    assert "names/README.md" in found


@pytest.mark.parametrize("place", ["", "app", "services/app"])
@given(files=st.lists(st.sampled_from(["dist/a.yaml", "server.pem", "tmp", "README.md", "certs", "a/b.log"])))
def test_a_file_someone_chose_is_never_dropped(place: str, files: list[str]) -> None:
    kept = ignore(project(place=place), file=",".join(files))
    for file in files:
        path = f"{place}/{file}".removeprefix("/")
        assert path not in kept
        assert "." in file or f"{path}/server.key" not in kept


def test_a_chosen_folder_with_a_dot_in_its_name_comes_back_whole(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    kept = ignore(project(root=tmp_path), file="conf.d")
    assert "conf.d/README.md" not in kept and "conf.d/bin/x" not in kept


def test_a_folder_the_program_opens_comes_back_without_secrets() -> None:
    kept = ignore(project(opened=(OpenedFile("dist/pages", SEEN), OpenedFile("templates", SEEN))))
    assert not [
        path for path in ("dist/pages/a.html", "templates/help.md", "templates/bin/x") if path in kept
    ]
    assert not [path for path in ("templates/.env", "dist/other.js") if path not in kept]


def test_members_of_a_front_ends_workspace_are_kept() -> None:
    members = replace(
        FRONT_END,
        directory="web/app",
        manifests=("web/package.json", "web/app/package.json", "libs/dist/package.json"),
    )
    kept = ignore(project(front_end=members))
    assert not [path for path in ("web/ui/bin/a.ts", "web/tmp/a.ts", "libs/dist/a.ts") if path in kept]
    assert not [path for path in ("web/ui/node_modules/a.js", "libs/dist/.git/x") if path not in kept]


def test_what_installing_reads_is_never_dropped() -> None:
    odd = replace(FRONT_END, manifests=("web/package.json", "tmp/.yarn/releases", "web/.npmrc"), settings=())
    kept = ignore(project(front_end=odd))
    assert not [path for path in ("tmp/.yarn/releases/a.cjs", "web/.npmrc") if path in kept]


def test_a_front_end_that_is_not_built_leaves_its_bundle_where_it_is() -> None:
    embedded = Embed("all:site", "server", ("server/site/app.js",), SEEN)
    kept = ignore(project(front_end=FRONT_END, embeds=(embedded,)), front_end="skip")
    assert "server/site/app.js" not in kept


def test_a_bundle_that_is_made_and_opened_is_not_taken_from_here() -> None:
    kept = ignore(project(front_end=replace(FRONT_END, served=True)))
    assert "server/site/app.js" in kept
    skipped = ignore(project(front_end=replace(FRONT_END, served=True)), front_end="skip")
    assert "server/site/app.js" not in skipped
