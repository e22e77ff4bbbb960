"""The packages named for C code are those a build and a run need: with Debian's mirror, for real.

One engine is enough: what is proven are the names, and how programs are linked.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.engine.builds import build, failed, request
from tests.engine.conftest import Endpoint, combinations, find, missing
from tui.core.cpackages import needed
from tui.core.events import Failed
from tui.core.explain import explain

GOLANG, SLIM, BASE = "golang:1.27-trixie", "debian:trixie-slim", "gcr.io/distroless/base-debian13:nonroot"
LIBRARIES = "/usr/lib/x86_64-linux-gnu"
SHARED = needed(("pkg-config:libpcap",), "debian", "trixie", static=False)
CXX = needed(("c++",), "debian", "trixie", static=False)
STATIC = needed(("lib:opus",), "debian", "trixie", static=True)
INSTALL = "RUN apt-get update && apt-get install -y --no-install-recommends"
BUILD = "RUN --mount=type=cache,target=/root/.cache/go-build go build"
# Go keeps what it compiled with a header when the header is gone: the build without it has its own cache.
BUILD_WITHOUT = BUILD.replace(",target", ",id=dockwright-test-headerless,target")
TAGS, LINK = f"-tags {','.join(STATIC.tags)}", " ".join(STATIC.link)
UNREACHABLE = re.compile("Temporary failure resolving|Could not resolve|Could not connect|Failed to fetch")

PROGRAMS = {
    "go.mod": "module example.com/linked\n\ngo 1.27\n",
    "capture/main.go": """\
package main

// #cgo pkg-config: libpcap
// #include <pcap.h>
import "C"

import "fmt"

func main() { fmt.Println(C.GoString(C.pcap_lib_version())) }
""",
    "words/main.go": """\
package main

// int words(void);
import "C"

import "fmt"

func main() { fmt.Println("words:", C.words()) }
""",
    "words/words.cc": """\
#include <set>
#include <string>
extern "C" int words(void) { return std::set<std::string>{"one", "two", "two"}.size(); }
""",
    "voice/main.go": """\
package main

// #cgo LDFLAGS: -lopus
// #include <opus/opus.h>
import "C"

import (
	"fmt"
	"net"
	"os/user"
)

func main() {
	var failure C.int
	encoder := C.opus_encoder_create(48000, 2, C.OPUS_APPLICATION_AUDIO, &failure)
	_, err := net.LookupHost("localhost")
	_, noUser := user.LookupId("0")
	fmt.Println("encoder:", encoder != nil, failure, err, noUser)
}
""",
}

DOCKERFILE = f"""\
FROM {GOLANG} AS bare
ENV CGO_ENABLED=1
WORKDIR /src
COPY . .
FROM bare AS headerless
{BUILD_WITHOUT} -o /out/ ./capture
FROM bare AS build
{INSTALL} {" ".join((*SHARED.build, *STATIC.build))}
{BUILD} -o /out/ ./capture ./words
FROM {SLIM} AS installed
{INSTALL} {" ".join(SHARED.runtime)}
COPY --from=build /out/ /
FROM {SLIM} AS slim
COPY --from=build /out/ /
FROM {BASE} AS base
COPY --from=build /out/ /
FROM {BASE} AS cc
COPY --from=build {LIBRARIES}/libstdc++.so.6 {LIBRARIES}/libgcc_s.so.1 {LIBRARIES}/
COPY --from=build /out/ /
FROM build AS static-build
{BUILD} {TAGS} -ldflags "-linkmode external -extldflags '-static {LINK}'" -o /out/ ./voice 2>/warnings
{BUILD} {TAGS} -ldflags "-linkmode external -extldflags '-static'" -o /out/ ./words 2>>/warnings
RUN cat /warnings && test ! -s /warnings
FROM build AS warned
{BUILD} -ldflags "-linkmode external -extldflags '-static {LINK}'" -o /out/ ./voice 2>/warnings
RUN grep "Using 'getaddrinfo' in statically linked applications" /warnings
FROM build AS unlinked
{BUILD} {TAGS} -ldflags "-linkmode external -extldflags '-static'" -o /out/ ./voice
FROM scratch AS static
COPY --from=static-build /out/ /
"""

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def engine() -> Endpoint:
    return find(combinations()[0][0])


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("linked")
    for name, text in PROGRAMS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


async def outputs(engine: Endpoint, sources: Path, target: str, *programs: str) -> list[tuple[int, str]]:
    """What each program says and exits with in the image of that stage."""
    wanted = request(sources, DOCKERFILE, "api", bases=f"{GOLANG} {SLIM} {BASE}", base=GOLANG, target=target)
    last = (await build(engine, wanted, keep=True))[-1]
    if isinstance(last, Failed) and UNREACHABLE.search(last.detail):
        missing("Debian's mirror does not answer from inside a build")
    assert not isinstance(last, Failed), last
    client: Any = docker.APIClient(base_url=engine.url, version="auto", timeout=60)
    try:
        return [_output(client, wanted.tag, program) for program in programs]
    finally:
        client.remove_image(wanted.tag, force=True)
        client.close()


def _output(client: Any, image: str, program: str) -> tuple[int, str]:
    container = client.create_container(
        image, entrypoint=[f"/{program}"], labels={"dockwright-test": "linked"}
    )
    try:
        client.start(container)
        status = client.wait(container)["StatusCode"]
        return status, client.logs(container).decode()
    finally:
        client.remove_container(container, force=True)


async def test_a_shared_library_comes_from_its_packages(engine: Endpoint, sources: Path) -> None:
    capture, words = await outputs(engine, sources, "installed", "capture", "words")
    assert capture[0] == 0 and "libpcap version" in capture[1]
    assert words == (0, "words: 2\n")


async def test_without_the_runtime_package_the_loader_says_which(engine: Endpoint, sources: Path) -> None:
    ((status, said),) = await outputs(engine, sources, "slim", "capture")
    assert status == 127
    assert "error while loading shared libraries: libpcap.so.0.8: cannot open shared object file" in said
    found = explain(said)
    assert found is not None and found.key == "library-missing" and "libpcap.so.0.8" in found.what


async def test_without_the_build_package_the_compiler_says_so(engine: Endpoint, sources: Path) -> None:
    wanted = request(sources, DOCKERFILE, "api", bases=GOLANG, base=GOLANG, target="headerless")
    last = failed(await build(engine, wanted))
    found = explain(last.detail)
    assert found is not None and found.key == "cgo-pkg-config" and "libpcap" in found.what


async def test_cxx_runs_where_its_runtime_is_and_nowhere_else(engine: Endpoint, sources: Path) -> None:
    assert CXX.cxx and not CXX.shared
    assert await outputs(engine, sources, "cc", "words") == [(0, "words: 2\n")]
    ((status, said),) = await outputs(engine, sources, "base", "words")
    assert status == 127 and "libstdc++.so.6: cannot open shared object file" in said


async def test_a_static_program_needs_nothing_and_its_linker_warns_of_nothing(
    engine: Endpoint, sources: Path
) -> None:
    voice, words = await outputs(engine, sources, "static", "voice", "words")
    assert voice == (0, "encoder: true 0 <nil> open /etc/passwd: no such file or directory\n")
    assert words == (0, "words: 2\n")


async def test_the_linker_warns_without_the_tags(engine: Endpoint, sources: Path) -> None:
    await outputs(engine, sources, "warned")


async def test_a_static_link_names_what_the_library_needs(engine: Endpoint, sources: Path) -> None:
    wanted = request(sources, DOCKERFILE, "api", bases=GOLANG, base=GOLANG, target="unlinked")
    found = explain(failed(await build(engine, wanted)).detail)
    assert found is not None and found.key == "cgo-symbol"
