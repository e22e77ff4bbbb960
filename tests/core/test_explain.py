"""Error texts as Go, BuildKit, Docker and the runtimes print them, and the entry each must find."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tui.core import explain as module
from tui.core.explain import explain

TEXTS = [
    (
        "test-writes",
        "--- FAIL: TestWrite (0.00s)\n    x_test.go:9: open testdata/out.txt: read-only file system\nFAIL",
    ),
    ("go-too-old", "go: go.mod requires go >= 1.28.0 (running go 1.27.3; GOTOOLCHAIN=local)"),
    ("toolchain-download", "go: download go1.28.0 for linux/amd64: toolchain not available"),
    (
        "go-sum",
        "main.go:4:2: missing go.sum entry for module providing package rsc.io/quote (imported by x); "
        "to add:\n\tgo get x",
    ),
    (
        "vendor-inconsistent",
        "go: inconsistent vendoring in /src:\n\trsc.io/quote@v1.5.2: is explicitly required",
    ),
    ("replace-outside", "go: example.com/lib@v0.0.0: replacement directory ../lib does not exist"),
    (
        "replace-outside",
        "go: example.com/lib@v0.0.0 (replaced by ../lib): reading ../lib/go.mod: open /lib/go.mod: "
        "no such file or directory",
    ),
    (
        "work-outside",
        "go: cannot load module ../other listed in go.work file: open ../other/go.mod: "
        "no such file or directory",
    ),
    (
        "go-mod-missing",
        "go: go.mod file not found in current directory or any parent directory; see 'go help modules'",
    ),
    ("go-mod-missing", "go: no modules specified (see 'go help mod download')"),
    (
        "ssh-host-key",
        "go: example.com/a.git@v1.0.0: invalid version: git ls-remote -q https://example.com/a.git in /x: "
        "exit status 128:\n\tHost key verification failed.\n\tfatal: Could not read from remote repository.",
    ),
    ("ssh-no-key", "\tgit@example.com: Permission denied (publickey).\n\tfatal: Could not read from remote"),
    (
        "private-module",
        "fatal: could not read Username for 'https://github.com': terminal prompts disabled\n"
        "Confirm the import path was entered correctly.",
    ),
    ("private-refused", "go: git.example.com/team/x.git@v1.0.0: no secure protocol found for repository"),
    ("git-missing", 'go: x: git init --bare in /go/pkg: exec: "git": executable file not found in $PATH'),
    (
        "vcs-status",
        "error obtaining VCS status: exit status 128\n\tUse -buildvcs=false to disable VCS stamping.",
    ),
    (
        "module-network",
        'go: rsc.io/quote@v1.5.2: Get "https://proxy.golang.org/rsc.io/quote/@v/v1.5.2.mod": dial tcp: '
        "lookup proxy.golang.org: no such host",
    ),
    (
        "module-missing",
        "main.go:4:2: no required module provides package rsc.io/quote; to add it:\n\tgo get x",
    ),
    ("embed-missing", "main.go:9:12: pattern static/*: no matching files found"),
    (
        "cgo-compiler",
        '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH',
    ),
    ("cgo-only", "package x: build constraints exclude all Go files in /go/pkg/mod/github.com/a/b@v1"),
    ("cgo-headers", "_cgo_export.c:3:10: fatal error: stdlib.h: No such file or directory"),
    ("cgo-headers", "./main.go:4:11: fatal error: pcap.h: No such file or directory"),
    (
        "cgo-pkg-config",
        "# pkg-config --cflags  -- vips\nPackage vips was not found in the pkg-config search path.\n"
        "Package 'vips', required by 'virtual:world', not found",
    ),
    ("cgo-library", "/usr/bin/ld: cannot find -lrocksdb: No such file or directory"),
    ("cgo-library", "/usr/bin/ld: cannot find -lstdc++: No such file or directory"),
    ("cgo-symbol", "/usr/bin/ld: /tmp/x.o: in function `f': undefined reference to `pcap_create'"),
    ("cgo-pread64", "sqlite3-binding.c: error: 'pread64' undeclared here"),
    ("cgo-glibc-symbols", "librdkafka_glibc_linux_amd64.a(rdkafka.o): undefined reference to '__strdup'"),
    ("cgo-cross", "gcc_arm64.S: Assembler messages: Error: no such instruction: 'stp x29,x30,[sp,'"),
    ("cgo-cross", "gcc: error: unrecognized command-line option '-m64'"),
    ("race-cgo", "go: -race requires cgo; enable cgo by setting CGO_ENABLED=1"),
    ("not-a-main", "no Go files in /src"),
    ("go-syntax", "./main.go:3:15: undefined: foo"),
    ("command-missing", "/bin/sh: 1: npm: not found"),
    ("command-missing", "sh: /app: not found"),
    ("command-missing", "bash: line 1: make: command not found"),
    ("go-killed", "go build x: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed"),
    ("exec-format", "exec /app: exec format error"),
    ("loader-missing", "exec /app: no such file or directory"),
    ("loader-missing", "standard_init_linux.go:228: exec user process caused: no such file or directory"),
    ("path-missing", 'runc create failed: exec: "/app": stat /app: no such file or directory: unknown'),
    ("not-in-path", 'exec: "app": executable file not found in $PATH'),
    ("not-executable", 'exec: "/app": permission denied'),
    (
        "glibc-version",
        "/app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app)",
    ),
    (
        "glibc-version",
        "/app: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app)",
    ),
    ("musl-symbol", "Error relocating /app: __strdup: symbol not found"),
    (
        "library-missing",
        "Error loading shared library libstdc++.so.6: No such file or directory (needed by /app)",
    ),
    (
        "library-missing",
        "error while loading shared libraries: libsqlite3.so.0: cannot open shared object file: No such file",
    ),
    ("amd64-level", "This program can only be run on AMD64 processors with v2 microarchitecture support."),
    ("amd64-level", "Fatal glibc error: CPU does not support x86-64-v2"),
    ("user-missing", "unable to find user nonroot: no matching entries in passwd file"),
    ("user-missing", "unable to find group nonroot: no matching entries in group file"),
    ("user-index", "invalid user index: -1"),
    (
        "no-certificates",
        'Get "https://x": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
    ("no-timezone", "panic: unknown time zone Europe/Paris"),
    ("no-tmp", "open /tmp/x123: no such file or directory"),
    ("no-tmp", "open /tmp/x123: permission denied"),
    ("read-only", "open /var/data/db: read-only file system"),
    ("no-user-entry", "user: Current requires cgo or $USER set in environment"),
    ("low-port", "listen tcp :80: bind: permission denied"),
    (
        "sqlite-stub",
        "Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub",
    ),
    (
        "context-file",
        'failed to compute cache key: failed to calculate checksum of ref abc::def: "/go.sum": not found',
    ),
    ("context-file", 'failed to compute cache key: "/nowhere" not found: not found'),
    (
        "context-file",
        'building at STEP "COPY nowhere /": checking on sources under "/var/tmp/x/build": copier: stat: '
        '"/nowhere": no such file or directory',
    ),
    (
        "context-file",
        "COPY failed: file not found in build context or excluded by .dockerignore: stat go.sum: "
        "file does not exist",
    ),
    (
        "shell-missing",
        'runc run failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: '
        "no such file or directory",
    ),
    (
        "mount-needs-buildkit",
        "the --mount option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/",
    ),
    ("disk-full", "write /var/lib/docker/overlay2/x/y: no space left on device"),
    ("disk-full", "sh: write error: No space left on device"),
    ("other-system", "failed to solve: operating system is not supported"),
    ("rate-limit", "toomanyrequests: You have reached your unauthenticated pull rate limit."),
    (
        "registry-unauthorized",
        "pull access denied for x/y, repository does not exist or may require 'docker login'",
    ),
    ("registry-unauthorized", "Head: unauthorized: authentication required"),
    ("platform-missing", "no match for platform in manifest: not found"),
    ("tls-registry", "http: server gave HTTP response to HTTPS client"),
    (
        "no-network",
        'failed to do request: Head "https://registry-1.docker.io/v2/x/manifests/1": dial tcp: '
        "lookup registry-1.docker.io on 10.0.0.53:53: no such host",
    ),
    ("image-missing", "docker.io/library/golang:9.99: not found"),
    ("image-missing", "manifest for golang:9.99 not found: manifest unknown"),
    ("engine-gone", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?"),
    ("engine-permission", "dial unix /var/run/docker.sock: connect: permission denied"),
]


@pytest.mark.parametrize(("key", "text"), TEXTS)
def test_finds_the_cause(key: str, text: str) -> None:
    noise = "#12 0.123 some line before\n"
    found = explain(f"{noise}{text}\nand one after")
    assert found is not None and found.key == key
    for sentence in (found.what, found.why, found.fix):
        assert re.search(r"[.!]$", sentence.strip()), sentence
        assert "{" not in sentence


def test_says_what_the_text_names() -> None:
    found = explain("go: go.mod requires go >= 1.28.0 (running go 1.27.3; GOTOOLCHAIN=local)")
    assert found is not None
    assert found.what == "The project needs Go 1.28.0, the builder image has 1.27.3."


def test_control_characters_never_come_through() -> None:
    found = explain('exec: "a\x1b[2Jb": executable file not found in $PATH')
    assert found is not None and "\x1b" not in found.what + found.why + found.fix


@pytest.mark.parametrize(
    "text", ["", "all is well", "exit code: 1", "listening on :8080", "GET /not-found 404"]
)
def test_says_nothing_when_it_knows_nothing(text: str) -> None:
    assert explain(text) is None


def test_every_entry_is_shown_by_a_text() -> None:
    file = Path(module.__file__).parent / "facts" / "explain.toml"
    untried = set(tomllib.loads(file.read_text())) - {key for key, _ in TEXTS}
    assert untried <= {"go-sum-mismatch", "port-in-use", "podman-cgroups"}
