"""Everything that is read can be read: contrast, fewer colours, fewer characters, less room."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color

from tests.pilot import scenes
from tests.pilot.scripted import BUILD, ScriptedEngine
from tests.pilot.stage import StageApp, shown, until
from tui.screens.build import BuildScreen
from tui.theme import BACKGROUNDS, DARK, LIGHT, READ, THEMES, TOKENS, theme_for
from tui.widgets import glyphs, header_bar, key_bar
from tui.widgets.ansi import Look
from tui.widgets.header_bar import Part
from tui.widgets.key_bar import Key
from tui.widgets.palette import contrast, style_of


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_contrast(theme: str, background: str) -> None:
    tokens = TOKENS[theme]
    ratios = {name: contrast(Color.parse(tokens[name]), Color.parse(tokens[background])) for name in READ}
    assert ratios.pop("foreground") >= 7
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_textual_uses_our_tokens(theme: object) -> None:
    app = StageApp(BuildScreen(ScriptedEngine(), BUILD), theme=theme.name)  # type: ignore[attr-defined]
    variables = app.get_css_variables()
    for name, value in TOKENS[theme.name].items():  # type: ignore[attr-defined]
        found, wanted = Color.parse(variables[name]), Color.parse(value)
        assert max(abs(a - b) for a, b in zip(found.rgb, wanted.rgb, strict=True)) <= 1, name


@pytest.mark.parametrize("theme", TOKENS)
def test_colours_of_programs_are_readable_too(theme: str) -> None:
    tokens = TOKENS[theme]
    background = Color.parse(tokens["background"])
    looks = [Look(color=n) for n in range(16)] + [Look(color=(n, n, n)) for n in range(0, 256, 15)]
    looks += [Look(color=(255, 0, 0)), Look(color=(0, 0, 255)), Look(color=(255, 255, 0)), Look(dim=True)]
    for look in looks:
        style = style_of(look, tokens, background)
        assert style.color is not None
        rgb = style.color.get_truecolor()
        assert contrast(Color(rgb.red, rgb.green, rgb.blue), background) >= 4.5, look


@pytest.mark.parametrize("theme", TOKENS)
def test_sixteen_colours_still_differ_from_the_background(theme: str) -> None:
    def downgraded(name: str) -> int | None:
        return RichColor.parse(TOKENS[theme][name]).downgrade(ColorSystem.STANDARD).number

    for background in BACKGROUNDS:
        same = [name for name in READ if downgraded(name) == downgraded(background)]
        assert same == [], (background, downgraded(background))


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({}, DARK),
        ({"COLORFGBG": "15;0"}, DARK),
        ({"COLORFGBG": "0;15"}, LIGHT),
        ({"COLORFGBG": "0;default;15"}, LIGHT),
        ({"COLORFGBG": "nonsense"}, DARK),
    ],
)
def test_the_terminal_may_say_it_is_light(environ: dict[str, str], theme: str) -> None:
    assert theme_for(environ) == theme


async def test_without_colour_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = StageApp(BuildScreen(ScriptedEngine(builds=[scenes.broken()]), BUILD))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "was not built" in shown(app))
        for sign in ("✓", "✗", "○", "▌", "failed"):
            assert sign in shown(app)


def test_a_terminal_without_utf8_gets_ascii() -> None:
    assert glyphs.glyphs_for("UTF-8") is glyphs.glyphs_for("utf8") is glyphs.UNICODE
    assert glyphs.glyphs_for("ANSI_X3.4-1968") is glyphs.ASCII
    for name in glyphs.Glyphs.__slots__:
        plain = getattr(glyphs.ASCII, name)
        assert plain.isascii(), name
        if name not in ("up", "down", "left", "right", "updown", "spinner"):
            assert cell_len(plain) == cell_len(getattr(glyphs.UNICODE, name)) == 1, name


def test_the_header_drops_the_least_important_first() -> None:
    left = (Part("dockwright", keep=2), Part("ping", keep=3), Part("github.com/acme/ping"))
    right = (Part("9 cached", keep=1), Part("1:12", keep=3))
    assert header_bar.fit(left, right, 80) == (left, right)
    assert header_bar.fit(left, right, 34) == (left[:2], right)
    assert header_bar.fit(left, right, 25) == (left[:2], right[1:])
    assert header_bar.fit(left, right, 12) == (left[1:2], right[1:])


def test_the_key_bar_keeps_the_way_to_all_keys() -> None:
    keys = [
        Key("enter", "next", "enter"),
        Key("f1", "help", "f1", id="help"),
        Key("ctrl+q", "quit", "ctrl+q"),
    ]
    assert key_bar.fit(keys, 80) == keys
    assert key_bar.fit(keys, 22) == keys[:2]
    assert key_bar.fit(keys, 5) == keys[1:2]
