"""The live preview and what the screens are at any size, whatever the project is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pilot.driving import SIZES, ask, enter, field, screen, shown
from tests.pilot.sample import PROJECT, wizard
from tests.pilot.stage import until
from tui.core.project import Evidence, Main
from tui.core.questions import steps
from tui.screens.preview import PreviewScreen
from tui.screens.review import ReviewScreen
from tui.widgets import code_view
from tui.widgets.code_view import CodeView
from tui.widgets.folded_line import FoldedLine
from tui.widgets.line_note import LineNoteView
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.rail import Rail
from tui.widgets.step_strip import StepStrip


async def test_the_first_screen_shows_the_question_and_a_complete_dockerfile() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = shown(app)
        assert "Main package" in text
        assert "syntax=docker/dockerfile:1" in text
        assert "FROM gcr.io/distroless" in text


async def test_typing_changes_plan_preview_and_rail_at_once_and_is_one_step_of_undo() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        before = app.plan
        await ask(pilot, "binary")
        assert app.focused is field(app, "binary")
        await pilot.press(*"pong")
        await pilot.pause()
        assert app.plan.binary == "pong"
        assert app.plan.tag == "pong:dev"
        assert "pong  ./cmd/server" in shown(app)
        assert '["/usr/local/bin/pong"]' in screen(app).query_one(PreviewPane).file.text
        assert "pong:dev" in screen(app).query_one("#tag FoldedLine", FoldedLine).lines(80)[0].plain
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert app.plan == before
        assert field(app, "binary").value == "server"
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert app.plan.binary == "pong"
        assert field(app, "binary").value == "pong"


async def test_a_changed_answer_is_marked_and_explained_and_the_mark_goes_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(code_view, "MARK_SECONDS", 3600)
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 3)
        await pilot.press("down")
        await pilot.pause()
        code, pane = screen(app).query_one(CodeView), screen(app).query_one(PreviewPane)
        lines = pane.file.text.splitlines()
        assert [lines[index] for index in sorted(code.changed.lines)] == ["USER 1000:1000"]
        assert "1 line changed" in shown(app)
        assert "from your answer" in screen(app).query_one(LineNoteView).text.plain
        monkeypatch.setattr(code_view, "MARK_SECONDS", 0.05)
        await pilot.press("up")
        await until(pilot, lambda: "USER 1000:1000" not in pane.file.text and not code.changed.lines)
        assert "line changed" not in shown(app)


async def test_the_strip_is_the_rail_of_a_narrow_terminal() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, 2)
        assert not screen(app).query_one(Rail).region
        await pilot.click(StepStrip, offset=(4, 0))
        await pilot.pause()
        assert screen(app).step == 0


@pytest.mark.parametrize("size", SIZES)
async def test_the_preview_fills_the_screen_on_a_key_and_goes_back_with_it(size: tuple[int, int]) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await enter(pilot, 3)
        focused = app.focused
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(app.screen, PreviewScreen)
        assert "# syntax=docker/dockerfile:1" in shown(app)
        await pilot.press("end")
        await pilot.pause()
        assert 'ENTRYPOINT ["/usr/local/bin/server"]' in shown(app)
        assert "without a shell" in " ".join(shown(app).split())
        await pilot.press("tab")
        await pilot.pause()
        assert "**/.git" in shown(app)
        await pilot.press("f2")
        await pilot.pause()
        assert screen(app).step == 3
        assert app.focused is focused


async def test_the_preview_keeps_its_place_unless_the_change_is_out_of_sight() -> None:
    app = wizard()
    async with app.run_test(size=(120, 24)) as pilot:
        await enter(pilot, 3)
        code = screen(app).query_one(CodeView)
        code.scroll_to(y=code.max_scroll_y, animate=False)
        await pilot.pause()
        place = code.scroll_offset.y
        await pilot.press("down")
        await pilot.pause()
        assert code.scroll_offset.y == place
        code.scroll_to(y=0, animate=False)
        await pilot.pause()
        await pilot.press("up")
        await pilot.pause()
        first = min(code.changed.lines)
        assert code.scroll_offset.y <= first < code.scroll_offset.y + code.size.height


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_are_shown_as_they_are(size: tuple[int, int]) -> None:
    evil = "[/tmp/x][red]\x1b[31mX\x07[@click=app.bell]"
    seen = Evidence(f"{evil}/main.go", 3, evil)
    project = replace(
        PROJECT,
        module=evil,
        mains=(Main(".", evil, "application", seen),),
        ports=tuple(replace(port, evidence=seen) for port in PROJECT.ports),
        needs=tuple(replace(need, evidence=seen) for need in PROJECT.needs),
    )
    app = wizard(project)
    async with app.run_test(size=size) as pilot:
        for step in range(len(steps(app.project))):
            text = shown(app)
            assert "\x1b" not in text
            assert "\x07" not in text
            if step == 0:
                assert "[/tmp/x][red]\\x1b[31mX" in text
            await enter(pilot)
        assert isinstance(app.screen, ReviewScreen)


async def test_a_resize_keeps_the_answers_the_step_and_the_focus() -> None:
    app = wizard()
    async with app.run_test(size=(160, 50)) as pilot:
        await enter(pilot)
        await pilot.press("down")
        focused = app.focused
        for size in ((80, 24), (60, 20), (120, 40), (40, 12), (160, 50)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert screen(app).step == 1
            assert app.focused is focused
            assert app.plan.runtime == "scratch"
            assert "scratch" in shown(app)
        assert screen(app).query_one(Rail).region
