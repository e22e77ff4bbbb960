from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.text import printable


def test_what_cannot_be_seen_is_spelled_out() -> None:
    assert printable("plain – ünïcode 漢字") == "plain – ünïcode 漢字"
    assert printable("\x1b[31mred\n\t\x7f\x9b\u202e\u200b\udce9") == (
        r"\x1b[31mred\n\t\x7f\x9b\u202e\u200b\udce9"
    )


@settings(deadline=None)
@given(st.text(st.characters()))
def test_anything_becomes_printable(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    shown.encode()
