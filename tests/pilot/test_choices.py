"""The table of choices and the fields that fold, by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pilot.driving import SIZES, ask, enter, field, go_to, screen, shown
from tests.pilot.sample import PROJECT, WITH_CGO, wizard
from tests.pilot.stage import until
from tui.app import DockwrightApp
from tui.core import catalog
from tui.core.plan import Plan
from tui.core.project import Evidence, Main, Project
from tui.core.questions import question
from tui.core.rules import Problem, blocked
from tui.widgets import offer
from tui.widgets.choice_field import ChoiceField
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.field_view import FieldView
from tui.widgets.problem_line import ProblemLine

MANY = replace(
    PROJECT,
    mains=tuple(
        Main(f"./cmd/tool{n:02}", f"tool{n:02}", "application", Evidence(f"cmd/tool{n:02}/main.go", 1, ""))
        for n in range(40)
    ),
)


def table(app: DockwrightApp, key: str) -> ChoiceTable:
    return screen(app).query_one(f"#{key} ChoiceTable", ChoiceTable)


def opened(app: DockwrightApp) -> list[str]:
    return [view.question.key for view in screen(app).form.fields if view.display and not view.folded]


@pytest.mark.parametrize("size", SIZES)
async def test_all_base_images_can_be_reached_and_the_rest_of_the_step_stays_in_sight(
    size: tuple[int, int],
) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await enter(pilot)
        choices = question("runtime").choices(PROJECT, app.plan)
        for choice in choices:
            await until(pilot, lambda value=choice.value: table(app, "runtime").at == value)  # type: ignore[misc]
            text = shown(app)
            assert choice.label[:20] in text
            assert "or type another" in text
            assert screen(app).query_one(ProblemLine).region
            await pilot.press("down")
        await pilot.pause()
        assert app.focused is field(app, "runtime"), "down from the last row leads to the line below it"
        await pilot.press("up")
        await pilot.pause()
        assert isinstance(app.focused, ChoiceTable)
        assert app.plan.runtime == table(app, "runtime").value


async def test_the_row_the_cursor_is_on_is_weighed() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        await pilot.press(*"docker")
        await pilot.pause()
        text = " ".join(shown(app).split())
        assert app.plan.runtime == "dhi-static-debian13"
        assert "Why For a static program where Docker's hardened images" in text
        assert "Why not Its registry wants a login" in text
        assert "Your answer. The project suggests distroless static. f5" in text


async def test_a_row_that_is_refused_is_had_by_one_key_where_one_change_lets_it_through() -> None:
    app = wizard(WITH_CGO)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        before = app.plan
        await pilot.press(*"scratch")
        await until(pilot, lambda: "f4 Link it statically" in " ".join(shown(app).split()))
        assert app.plan == before, "looking changes nothing"
        await pilot.press("f4")
        await until(pilot, lambda: app.plan.runtime == "scratch")
        assert app.plan.link == "static"
        assert "No problems with these answers" in shown(app)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert app.plan == before, "both are one step of undo"


async def test_a_base_image_nobody_tried_says_so() -> None:
    untried = next(entry for entry in catalog.runtimes() if entry.proven == "no")
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        await pilot.press(*untried.id)
        await until(pilot, lambda: "Not proven here" in " ".join(shown(app).split()))


async def test_a_builder_nobody_tried_says_so() -> None:
    untried = next(entry for entry in catalog.builders() if entry.proven == "no")
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        await ask(pilot, "builder")
        await pilot.press(*untried.id)
        await until(pilot, lambda: "Not proven here" in " ".join(shown(app).split()))


async def test_typing_narrows_the_rows_down_and_esc_shows_all_again() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        every = len(question("runtime").choices(PROJECT, app.plan))
        await pilot.press(*"musl")
        await pilot.pause()
        assert all("musl" in line for line in shown(app).splitlines() if " MB " in line)
        assert f"of {every}" in shown(app)
        assert app.plan.runtime == "busybox-musl-1.38", "a name that starts with it comes first"
        await pilot.press("backspace", "backspace", "backspace", "backspace")
        await pilot.pause()
        assert f"of {every}" not in shown(app)
        await pilot.press(*"alp")
        await pilot.press("escape")
        await pilot.pause()
        assert app.plan.runtime == "alpine-3.24"
        assert "debian slim" in shown(app)


async def test_a_text_no_row_holds_goes_on_in_the_line_for_others_where_there_is_one() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 3)
        await pilot.press(*"1234")
        await pilot.pause()
        assert app.focused is field(app, "user")
        assert field(app, "user").value == "1234"
        assert app.plan.user == "1234:1234"
        await pilot.press("alt+left")
        await pilot.pause()
        await ask(pilot, "cgo")
        await pilot.press(*"zzz")
        await pilot.pause()
        assert isinstance(app.focused, ChoiceTable)
        assert not app.plan.cgo


async def test_only_rows_in_sight_are_judged_and_moving_judges_none_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[str] = []

    def count(project: Project, plan: Plan, key: str, value: str) -> Problem | None:
        judged.append(value)
        return blocked(project, plan, key, value)

    monkeypatch.setattr(offer, "blocked", count)
    app = wizard(MANY)
    async with app.run_test(size=(80, 24)) as pilot:
        seen = table(app, "main").in_sight
        await until(pilot, lambda: len(judged) >= len(seen))
        assert len(seen) < 15
        assert sorted(judged) == sorted(seen)
        judged.clear()
        await pilot.press("down", "down", "up")
        await pilot.pause(0.1)
        assert judged == []
        await pilot.press("end")
        await until(pilot, lambda: "tool39" in shown(app) and len(judged) > 3)
        assert len(judged) < 15


async def test_the_wheel_scrolls_the_rows_and_chooses_nothing() -> None:
    app = wizard(MANY)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = app.plan
        top = table(app, "main").in_sight[0]
        await pilot._post_mouse_events([_wheel()], table(app, "main"), offset=(4, 2), button=0)
        await pilot.pause()
        assert table(app, "main").in_sight[0] > top
        assert app.plan == before


def _wheel() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


@pytest.mark.parametrize("size", SIZES)
async def test_a_step_of_many_questions_folds_them_and_all_are_in_sight(size: tuple[int, int]) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await go_to(pilot, "details")
        views: list[FieldView] = [view for view in screen(app).form.fields if view.display]
        assert len(views) > 8
        for view in views:
            await ask(pilot, view.question.key)
            assert opened(app) == [view.question.key]
            text = shown(app)
            assert view.question.help.split(".")[0][:20] in " ".join(text.split())
            assert screen(app).query_one(ProblemLine).region


async def test_up_and_down_go_from_question_to_question_and_a_click_opens_one() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "binary")
        await pilot.press("down")
        await pilot.pause()
        assert opened(app) == ["tag"]
        await pilot.press("up", "up")
        await pilot.pause()
        assert opened(app) == ["also"]
        await pilot.click("#platform")
        await pilot.pause()
        assert opened(app) == ["platform"]
        await pilot.press("down", "space")
        await pilot.pause()
        assert len(app.plan.platform) == 1


async def test_a_folded_question_says_its_answer_its_reason_and_its_problem() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "server:dev" in shown(app)
        assert "The program's name, as a development image" in shown(app)
        await ask(pilot, "tag")
        await pilot.press(*"NO TAG")
        await ask(pilot, "main")
        line = next(line for line in shown(app).splitlines() if "Image tag" in line)
        assert "✗" in line
        assert "NO TAG" in line


async def test_a_switch_is_switched_by_space_and_by_click() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "details")
        await ask(pilot, "test")
        await pilot.press("space")
        await pilot.pause()
        assert app.plan.test
        assert "● on" in shown(app)
        await pilot.click("#test SwitchLine", offset=(10, 0))
        await pilot.pause()
        assert not app.plan.test


async def test_items_with_blanks_are_typed_in_quotes_and_an_open_quote_is_no_answer() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await go_to(pilot, "details")
        await ask(pilot, "label")
        await pilot.press(*"""a=1 b='two words""")
        await pilot.pause()
        assert "a quote is not closed" in shown(app)
        await pilot.press("'")
        await pilot.pause()
        assert app.plan.label == ("a=1", "b=two words")
        await pilot.press("tab")
        await ask(pilot, "label")
        assert field(app, "label").value == "a=1 'b=two words'"


async def test_a_question_that_means_nothing_now_is_not_there() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 2)
        assert "Linking" not in shown(app)
        await pilot.press("down")
        await pilot.pause()
        assert app.plan.cgo
        assert "Linking" in shown(app)
        await pilot.press("tab")
        await pilot.pause()
        assert opened(app) == ["link"]


async def test_a_forbidden_row_names_the_rule_also_when_another_answer_forbids_it_later() -> None:
    app = wizard(WITH_CGO)
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot)
        view = screen(app).form.field("runtime")
        assert isinstance(view, ChoiceField)
        await until(pilot, lambda: "✗" in shown(app))
        app.answer("link", "static")
        await until(pilot, lambda: "✗" not in shown(app))


async def test_the_fix_of_a_problem_stays_in_sight_when_the_questions_fill_a_small_screen() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "user")
        await pilot.press("down", "down")
        await until(pilot, lambda: "The program runs as root" in shown(app))
        await pilot.pause()
        assert "f4 Use 65532:65532" in shown(app)


async def test_a_text_that_is_emptied_leaves_nothing_behind() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        await pilot.press("z", "backspace")
        await pilot.pause()
        assert app.answers.drafts == () and "runtime" not in app.plan.answered
        assert "No problems" in shown(app)


async def test_a_chosen_row_outlives_a_text_that_was_no_answer() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        await pilot.press("down", "down", "z")
        await pilot.pause()
        assert app.answers.draft("runtime")
        await pilot.press("backspace")
        await pilot.pause()
        assert app.plan.runtime == "alpine-3.24"
        assert app.answers.drafts == ()


async def test_an_image_of_ones_own_that_is_emptied_follows_the_project_again() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        await pilot.press("z", *"z/b:1")
        await pilot.pause()
        assert app.plan.runtime == "zz/b:1"
        await pilot.press(*["backspace"] * 6)
        await pilot.pause()
        assert app.answers.drafts == () and "runtime" not in app.plan.answered
