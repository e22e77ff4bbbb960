"""Names in the store, and what is thrown away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.engine.embedded.stored import image
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.layer import NewEntry, write_layer
from tui.engine.embedded.manifest import add_top, read_images
from tui.engine.embedded.names import Names
from tui.engine.embedded.oci import INDEX, Image
from tui.engine.embedded.tree import FILE
from tui.engine.embedded.tree_cache import known_tree, tree_place
from tui.engine.embedded.unpack import unpack


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path)


def whole(blobs: Blobs, made: Image) -> bool:
    return all(blobs.has(part) for part in (made.manifest, made.config_blob, *made.layers))


def test_a_name_is_given_changed_and_taken_away(blobs: Blobs) -> None:
    names, one, two = Names(blobs), image(blobs, b"one"), image(blobs, b"two")
    assert names.get("ping:dev") is None and names.all() == {} and not names.remove("ping:dev")
    names.put("ping:dev", one.manifest)
    names.put("registry.example.com/team/ping:dev", two.manifest)
    assert names.get("ping:dev") == one.manifest
    names.put("ping:dev", two.manifest)
    assert Names(Blobs(blobs.root)).get("ping:dev") == two.manifest
    assert names.remove("ping:dev") and names.get("ping:dev") is None
    assert list(names.all()) == ["registry.example.com/team/ping:dev"]


def test_several_platforms_are_an_index(blobs: Blobs) -> None:
    images = [image(blobs, b"one", "linux/amd64"), image(blobs, b"two", "linux/arm/v7")]
    top = add_top(blobs, images)
    assert top.media_type == INDEX and read_images(blobs, top) == tuple(images)
    assert add_top(blobs, images[:1]) == images[0].manifest
    assert read_images(blobs, images[0].manifest) == (images[0],)


def test_what_is_not_whole_is_an_error_in_words(blobs: Blobs) -> None:
    made = image(blobs, b"one")
    blobs.path(made.layers[0].digest).unlink()
    with pytest.raises(EngineError, match="not whole"):
        read_images(blobs, made.manifest)


def test_a_broken_name_is_none(blobs: Blobs) -> None:
    names = Names(blobs)
    names.put("a:b", image(blobs, b"one").manifest)
    for broken in (b"", b"[]", b"{}", b'{"name":"a:b","image":{"digest":"x"}}'):
        next((blobs.root / "names").iterdir()).write_bytes(broken)
        assert names.get("a:b") is None and names.all() == {}


def test_only_what_has_no_name_is_thrown_away(blobs: Blobs) -> None:
    names = Names(blobs)
    kept, gone = image(blobs, b"kept"), image(blobs, b"gone")
    several = [image(blobs, b"first", "linux/amd64"), image(blobs, b"second", "linux/arm64")]
    names.put("kept:1", kept.manifest)
    names.put("several:1", add_top(blobs, several))
    roots = [unpack(blobs, made, lambda: None) for made in (kept, gone)]
    (blobs.root / "drafts" / "left").write_bytes(b"by a process that was killed")
    known_tree(blobs, kept.layers, lambda: None)
    known_tree(blobs, gone.layers, lambda: None)
    names.collect()
    assert list((blobs.root / "trees").iterdir()) == [tree_place(blobs, kept.layers)]
    assert [whole(blobs, made) for made in (kept, *several, gone)] == [True, True, True, False]
    assert [root.is_dir() for root in roots] == [True, False]
    (content,) = (blobs.root / "content").iterdir()
    assert content.name.startswith(kept.layers[0].digest.partition(":")[2])
    assert list((blobs.root / "drafts").iterdir()) == []
    names.remove("kept:1")
    names.collect()
    assert not whole(blobs, kept) and not roots[0].exists() and whole(blobs, several[0])


def test_nothing_is_thrown_away_while_another_process_works(blobs: Blobs) -> None:
    with Names(Blobs(blobs.root)).in_use():
        made = image(blobs, b"not named yet")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            Names(Blobs(blobs.root)).collect()
            os.write(writing, b"tried")
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0 and os.read(reading, 9) == b"tried"
        os.close(reading)
        os.close(writing)
        assert whole(blobs, made)
    Names(blobs).collect()
    assert not whole(blobs, made)


def test_of_too_many_bases_those_used_longest_ago_go(blobs: Blobs) -> None:
    names = Names(blobs)
    bases = {f"base{number}@sha256:{number}": image(blobs, os.urandom(5000)) for number in range(4)}
    own = image(blobs, os.urandom(90_000))
    names.put("own:dev", own.manifest)
    for name, base in bases.items():
        names.put(name, base.manifest)
    for place in (blobs.root / "names").iterdir():
        os.utime(place, (1, 1))
    for name in reversed(bases):
        assert names.get(name)
        for place in (blobs.root / "names").iterdir():
            os.utime(place, (place.stat().st_atime - 10, place.stat().st_mtime - 10))
    names.collect(own.layers[0].size + 14_000)
    assert sorted(names.all()) == ["base0@sha256:0", "base1@sha256:1", "own:dev"]
    assert [whole(blobs, base) for base in bases.values()] == [True, True, False, False]


def test_layers_that_are_gone_are_packed_anew(blobs: Blobs) -> None:
    entry = NewEntry("/f", FILE, 0o644, content=b"text")
    made = write_layer(blobs, [entry], 0, lambda: None)
    Names(blobs).collect()
    assert not blobs.has(made.blob) and list((blobs.root / "packed").iterdir()) == []
    assert write_layer(blobs, [entry], 0, lambda: None) == made and blobs.has(made.blob)


def test_of_a_base_the_platforms_that_were_pulled_stay(blobs: Blobs) -> None:
    names, pulled = Names(blobs), image(blobs, b"pulled", "linux/amd64")
    other = image(blobs, b"not pulled", "linux/arm64")
    top = add_top(blobs, [pulled, other])
    for part in (other.manifest, other.config_blob, *other.layers):
        blobs.path(part.digest).unlink()
    names.put(f"docker.io/library/alpine@{top.digest}", top)
    names.collect()
    assert whole(blobs, pulled) and blobs.has(top)


def test_what_the_next_pull_continues_is_kept_for_a_week(blobs: Blobs) -> None:
    image(blobs, b"text")
    begun, old = (blobs.root / "drafts" / (digit * 64) for digit in "ab")
    begun.write_bytes(b"part")
    old.write_bytes(b"part")
    os.utime(old, (1, 1))
    Names(blobs).collect()
    assert list((blobs.root / "drafts").iterdir()) == [begun]
