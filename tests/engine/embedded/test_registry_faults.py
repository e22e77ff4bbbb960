"""Downloads that break, stall, or are refused for now: they go on, or end in words and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

import pytest

from tests.engine.embedded import handmade
from tests.engine.embedded.between import Handler
from tests.engine.embedded.pulling import HASTY, HERE, Told, pulled
from tests.engine.embedded.shelf import is_blob, serving
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Image
from tui.engine.embedded.registry.pull import pull
from tui.engine.embedded.registry.transport import Access, Patience

pytestmark = pytest.mark.usefixtures("docker_config")

HALF = 250_000


@pytest.fixture
def wanted(made: Blobs) -> Image:
    """An image whose one layer has more than twice HALF bytes."""
    return handmade.image(made, os.urandom(600_000))


def refused(reference: str, blobs: Blobs, access: Access = HASTY) -> EngineError:
    """Why the pull failed; the error names all three parts and the pull told of it."""
    told = Told()
    with pytest.raises(EngineError) as refusal:
        pull(reference, HERE, blobs, told.append, lambda: None, access)
    assert refusal.value.what and refusal.value.why and refusal.value.fix
    assert told.states[-1] == "failed"
    return refusal.value


def half(handler: Handler, data: bytes) -> None:
    """Send the next HALF bytes of it as if all would come, and break off."""
    begin = int(handler.headers.get("Range", "bytes=0-")[6:-1])
    headers = {"Content-Length": str(len(data) - begin)}
    headers |= {"Content-Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"} if begin else {}
    handler.answer(206 if begin else 200, headers, data[begin : begin + HALF])
    handler.hang_up()


def test_a_broken_download_goes_on_where_it_broke(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    ranges: list[str] = []

    def spoil(handler: Handler, data: bytes) -> bool:
        if not is_blob(handler, wanted.layers[0]):
            return False
        ranges.append(handler.headers.get("Range", ""))
        if len(ranges) in (2, 4):
            handler.answer(500)
        elif len(ranges) < 6:
            half(handler, data)
        return len(ranges) < 5

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert pulled(reference, blobs, access=Access(patience=Patience(pause=0, tries=6)))[0] == wanted
    assert ranges == ["", *[f"bytes={HALF}-"] * 2, *[f"bytes={HALF * 2}-"] * 2]


def test_what_came_before_giving_up_is_not_loaded_again(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    broken = True

    def spoil(handler: Handler, data: bytes) -> bool:
        if not broken or not is_blob(handler, wanted.layers[0]):
            return False
        if handler.headers.get("Range"):
            handler.answer(500)
        else:
            half(handler, data)
        return True

    with serving(made, wanted.manifest, spoil) as (reference, between):
        assert "HTTP 500" in refused(reference, blobs).why
        assert between.count("GET", "/blobs/") == 1 + HASTY.patience.tries
        assert not blobs.has(wanted.layers[0])
        broken = False
        between.headers.clear()
        assert pulled(reference, blobs)[0] == wanted
        assert [each["Range"] for each in between.headers if "Range" in each] == [f"bytes={HALF}-"]
        assert not handmade.files(blobs.root / "drafts")


def test_a_registry_without_ranges_begins_anew(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    ranges: list[str] = []

    def spoil(handler: Handler, data: bytes) -> bool:
        if not is_blob(handler, wanted.layers[0]):
            return False
        ranges.append(handler.headers.get("Range", ""))
        if len(ranges) == 1:
            half(handler, data)
        else:
            handler.answer(200, data=data)
        return True

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert pulled(reference, blobs)[0] == wanted
    assert ranges == ["", f"bytes={HALF}-"]


@pytest.mark.parametrize("told", ["bytes 7-599999/600000", "bytes x-y/z", ""])
def test_another_part_than_asked_for_is_not_taken(
    told: str, made: Blobs, blobs: Blobs, wanted: Image
) -> None:
    ranges: list[str] = []

    def spoil(handler: Handler, data: bytes) -> bool:
        if not is_blob(handler, wanted.layers[0]):
            return False
        ranges.append(handler.headers.get("Range", ""))
        if len(ranges) == 1:
            half(handler, data)
        elif len(ranges) == 2:
            handler.answer(206, {"Content-Range": told}, data[HALF:])
        return len(ranges) < 3

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert pulled(reference, blobs)[0] == wanted
    assert ranges == ["", f"bytes={HALF}-", ""]


def test_a_stall_ends_in_words(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    over = threading.Event()

    def spoil(handler: Handler, data: bytes) -> bool:
        if is_blob(handler, wanted.layers[0]):
            handler.answer(200, {"Content-Length": str(len(data))}, data[:HALF])
            over.wait()
            return True
        return False

    with serving(made, wanted.manifest, spoil) as (reference, _):
        error = refused(reference, blobs, Access(patience=Patience(stall=0.2, pause=0, tries=2)))
        over.set()
    assert "stopped sending" in error.what and "0.2 seconds" in error.why


def test_a_registry_that_never_answers_ends_in_words(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    over = threading.Event()
    with serving(made, wanted.manifest, lambda handler, data: over.wait()) as (reference, _):
        error = refused(reference, blobs, Access(patience=Patience(stall=0.2)))
        over.set()
    assert "cannot be reached" in error.what and "0.2 seconds" in error.why


def test_what_has_another_digest_is_dropped(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    def spoil(handler: Handler, data: bytes) -> bool:
        if is_blob(handler, wanted.layers[0]):
            handler.answer(200, data=bytes(len(data)))
            return True
        return False

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert "something else than it announced" in refused(reference, blobs).what
    assert not blobs.has(wanted.layers[0]) and not handmade.files(blobs.root / "drafts")


def test_what_is_longer_than_announced_is_dropped(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    sent = []

    def spoil(handler: Handler, data: bytes) -> bool:
        if not is_blob(handler, wanted.layers[0]):
            return False
        handler.answer(200, {"Content-Length": str(64 << 20)}, data)
        with contextlib.suppress(OSError):
            for _ in range(64):
                handler.wfile.write(bytes(1 << 20))
                sent.append(1)
        return True

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert "something else than it announced" in refused(reference, blobs).what
    assert len(sent) < 32 and not handmade.files(blobs.root / "drafts")


@pytest.mark.parametrize("beginning", [b"of something else", bytes(700_000)], ids=["short", "long"])
def test_a_spoiled_draft_is_loaded_anew(beginning: bytes, made: Blobs, blobs: Blobs, wanted: Image) -> None:
    draft = blobs.root / "drafts" / wanted.layers[0].digest.removeprefix("sha256:")
    draft.parent.mkdir(parents=True)
    draft.write_bytes(beginning)
    with serving(made, wanted.manifest) as (reference, _):
        assert pulled(reference, blobs)[0] == wanted
    assert not handmade.files(blobs.root / "drafts")


def test_two_pulls_at_once_do_not_write_one_draft(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    inside: list[Image] = []

    def spoil(handler: Handler, data: bytes) -> bool:
        if is_blob(handler, wanted.layers[0]) and not inside:
            inside.append(wanted)
            inside.append(pulled(reference, blobs)[0])
        return False

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert pulled(reference, blobs)[0] == wanted
    assert inside == [wanted, wanted] and not handmade.files(blobs.root / "drafts")


@pytest.mark.parametrize("after", ["0", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_too_many_requests_are_waited_out(after: str, made: Blobs, blobs: Blobs, wanted: Image) -> None:
    refusals: list[str] = []

    def spoil(handler: Handler, data: bytes) -> bool:
        if len(refusals) < 2:
            refusals.append(handler.path)
            handler.answer(429, {"Retry-After": after})
            return True
        return False

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert pulled(reference, blobs)[0] == wanted
    assert len(refusals) == 2


@pytest.mark.parametrize(
    ("after", "times"), [("0", HASTY.patience.tries), ("3600", 1), ("", HASTY.patience.tries)]
)
def test_too_many_requests_end_in_words(
    after: str, times: int, made: Blobs, blobs: Blobs, wanted: Image
) -> None:
    def spoil(handler: Handler, data: bytes) -> bool:
        handler.answer(429, {"Retry-After": after})
        return True

    with serving(made, wanted.manifest, spoil) as (reference, between):
        error = refused(reference, blobs)
        assert "429" in error.why and "docker login" in error.fix
        assert between.count("HEAD") == times


def test_giving_up_ends_the_pull_and_keeps_what_came(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    class GivenUp(Exception):
        pass

    draft = blobs.root / "drafts" / wanted.layers[0].digest.removeprefix("sha256:")

    def check() -> None:
        if draft.is_file() and draft.stat().st_size >= HALF:
            raise GivenUp

    told = Told()
    with serving(made, wanted.manifest) as (reference, between):
        with pytest.raises(GivenUp):
            pull(reference, HERE, blobs, told.append, check, HASTY)
        assert HALF <= draft.stat().st_size < wanted.layers[0].size and told.states == ["pulling"]
        assert pulled(reference, blobs)[0] == wanted
        assert sum("Range" in each for each in between.headers) == 1


PULLS = f"""
import sys
from pathlib import Path
from tests.engine.embedded.pulling import HERE
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.registry.pull import pull
reference, root, draft = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
def check():
    if draft.is_file() and draft.stat().st_size >= {HALF}:
        print("half", flush=True)
pull(reference, HERE, Blobs(root), lambda event: None, check)
"""


def test_after_a_killed_process_the_next_goes_on(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    over = threading.Event()

    def spoil(handler: Handler, data: bytes) -> bool:
        if is_blob(handler, wanted.layers[0]) and not over.is_set():
            handler.answer(200, {"Content-Length": str(len(data))}, data[:HALF])
            over.wait()
            return True
        return False

    draft = blobs.root / "drafts" / wanted.layers[0].digest.removeprefix("sha256:")
    with serving(made, wanted.manifest, spoil) as (reference, between):
        command = [sys.executable, "-c", PULLS, reference, str(blobs.root), str(draft)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout and process.stdout.readline() == b"half\n"
            process.send_signal(signal.SIGKILL)
        over.set()
        between.headers.clear()
        assert not blobs.has(wanted.layers[0])
        assert pulled(reference, blobs)[0] == wanted
        assert [each["Range"] for each in between.headers if "Range" in each] == [f"bytes={HALF}-"]


FULL = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({HALF}, {HALF}))
{PULLS}
"""


def test_no_room_is_said_in_words(made: Blobs, blobs: Blobs, wanted: Image) -> None:
    with serving(made, wanted.manifest) as (reference, _):
        command = [sys.executable, "-c", FULL, reference, str(blobs.root), str(blobs.root / "none")]
        done = subprocess.run(command, capture_output=True, text=True)
        assert f"EngineError: {blobs.root} cannot be written. The machine says: File too large" in done.stderr
        assert pulled(reference, blobs)[0] == wanted
