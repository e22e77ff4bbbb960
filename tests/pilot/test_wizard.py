"""The questions, by keyboard alone and by mouse alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pilot.driving import SIZES, ask, enter, field, screen, shown
from tests.pilot.sample import PROJECT, WITH_CGO, wizard
from tests.pilot.stage import until
from tui.app import DockwrightApp
from tui.core.project import Evidence, Main, Project
from tui.core.questions import steps
from tui.screens.review import ReviewScreen
from tui.screens.wizard import WizardScreen
from tui.widgets.choice_field import ChoiceField
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.fields import ListField, TextField
from tui.widgets.file_tabs import FileTabs
from tui.widgets.key_bar import KeyBar
from tui.widgets.offered_items import OfferedItems
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.problem_line import ProblemLine
from tui.widgets.rail import Rail
from tui.widgets.reason import Reason

MANY = replace(
    PROJECT,
    mains=tuple(
        Main(f"./cmd/tool{n:02}", f"tool{n:02}", "application", Evidence(f"cmd/tool{n:02}/main.go", 1, ""))
        for n in range(40)
    ),
)


def said(app: DockwrightApp, key: str) -> str:
    """Why the question has its answer, in one line."""
    return " ".join(screen(app).query_one(f"#{key} Reason", Reason).text.plain.split())


@pytest.mark.parametrize("size", SIZES)
async def test_enter_alone_leads_to_the_review_with_the_proposed_answers(size: tuple[int, int]) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        proposed = app.plan
        for number, step in enumerate(steps(PROJECT), 1):
            text = shown(app)
            assert step.help in text
            assert f"{number} of {len(steps(PROJECT)) + 1}" in text
            assert "No problems with these answers" in text
            await enter(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert app.plan == proposed


@pytest.mark.parametrize("project", [PROJECT, WITH_CGO])
async def test_every_question_says_why_it_has_its_answer(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(160, 50)) as pilot:
        for step in steps(project):
            for asked in filter(lambda field: field.display, screen(app).form.fields):
                await screen(app).enter(asked.stops[0])
                reason = asked.query_one(Reason).text.plain
                default = asked.question.default(project, app.plan)
                assert default.reason[1:] in reason, step.key
                if default.evidence:
                    assert str(default.evidence) in reason
            await enter(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_text_that_is_no_answer_stays_and_blocks_forward_but_not_back(size: tuple[int, int]) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await enter(pilot, 4)
        valid = app.plan.port
        await pilot.press(*"x80")
        await pilot.pause()
        assert "Port must be 1 to 65535" in shown(app)
        assert "Ports has no valid answer yet" in shown(app)
        assert app.plan.port == valid
        await enter(pilot, 2)
        assert isinstance(app.screen, WizardScreen)
        assert screen(app).step == 4
        await pilot.press("alt+left")
        await pilot.pause()
        assert screen(app).step == 3
        await enter(pilot)
        assert field(app, "port").value == "x80"
        assert "Port must be" in shown(app)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert field(app, "port").value == "8080/tcp, 9090/tcp"
        await enter(pilot, 2)
        assert isinstance(app.screen, ReviewScreen)


async def test_going_forward_stops_at_the_first_text_that_is_no_answer() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 2)
        await pilot.press("alt+left", "alt+left")
        await ask(pilot, "tag")
        await pilot.press(*"NOT A TAG")
        await screen(app).go(2)
        assert screen(app).step == 0
        assert app.focused is field(app, "tag")


async def test_moving_through_choices_changes_the_plan_live_and_is_one_step_of_undo() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot)
        seen = []
        for key in ("down", "down", "up"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(app.plan.runtime)
        assert seen == ["scratch", "alpine-3.24", "scratch"]
        assert "FROM scratch" in screen(app).query_one(PreviewPane).file.text
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert app.plan.runtime == "distroless-static-debian13"
        assert screen(app).query_one("#runtime ChoiceTable", ChoiceTable).value == app.plan.runtime


@pytest.mark.parametrize("size", SIZES)
async def test_a_choice_that_cannot_work_is_shown_with_its_reason_and_cannot_be_taken(
    size: tuple[int, int],
) -> None:
    app = wizard(WITH_CGO)
    async with app.run_test(size=size) as pilot:
        await enter(pilot)
        table = screen(app).query_one("#runtime ChoiceTable", ChoiceTable)
        await pilot.press(*"scratch")
        await until(pilot, lambda: "has no C library" in said(app, "runtime"))
        assert table.at == "scratch"
        assert table.value == app.plan.runtime == "distroless-base-debian13"
        await pilot.press("escape")
        await until(pilot, lambda: "✗ distroless static" in shown(app))
        await enter(pilot)
        assert screen(app).step == 1, "what cannot be taken is no answer to go on with"
        assert table.at == app.plan.runtime
        await enter(pilot)
        assert screen(app).step == 2


async def test_the_fix_of_the_problem_has_a_key_and_a_click() -> None:
    for click in (False, True):
        app = wizard()
        async with app.run_test(size=(120, 40)) as pilot:
            await enter(pilot, 3)
            await pilot.press(*"0:0")
            await pilot.pause()
            assert app.plan.user == "0:0"
            assert "The program runs as root" in shown(app)
            if click:
                await pilot.click(ProblemLine)
            else:
                await pilot.press("f4")
            await pilot.pause()
            assert app.plan.user == "65532:65532"
            assert "No problems" in shown(app)


async def test_a_problem_of_another_step_is_named_on_every_step() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 2)
        await pilot.press("down")
        await pilot.pause()
        assert app.plan.cgo
        assert app.plan.runtime == "distroless-base-debian13"
        app.answer("runtime", "scratch")
        await pilot.pause()
        line = screen(app).query_one(ProblemLine).text.plain
        assert "Base image: With CGO on" in line
        assert "✗ Base image" in shown(app)
        await pilot.press("alt+left")
        await pilot.pause()
        line = screen(app).query_one(ProblemLine).text.plain
        assert "✗ With CGO on" in line


async def test_an_answer_can_follow_the_project_again_by_key_and_by_click() -> None:
    for click in (False, True):
        app = wizard()
        async with app.run_test(size=(120, 40)) as pilot:
            await enter(pilot)
            await pilot.press("down")
            await pilot.pause()
            reason = screen(app).query_one("#runtime Reason", Reason)
            assert "Your answer. The project suggests distroless static" in reason.text.plain
            if click:
                await pilot.click(reason)
            else:
                await pilot.press("f5")
            await pilot.pause()
            assert "runtime" not in app.plan.answered
            assert app.plan.runtime == "distroless-static-debian13"


async def test_text_that_is_among_the_choices_chooses_and_other_text_is_an_answer_too() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 3)
        await pilot.press("tab", *"1001")
        await pilot.pause()
        assert app.plan.user == "1001:1001"
        assert screen(app).query_one(ChoiceTable).value == "1001:1001"
        await pilot.press("shift+tab", "home")
        await pilot.pause()
        assert app.plan.user == "65532:65532"
        assert field(app, "user").value == ""


async def test_tab_goes_through_fields_and_steps_and_shift_tab_back() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        places = []
        for _ in range(60):
            places.append((screen(app).step, app.focused))
            await pilot.press("tab")
            await pilot.pause()
            if isinstance(app.screen, ReviewScreen):
                break
        assert isinstance(app.screen, ReviewScreen)
        assert [step for step, _ in places] == sorted(step for step, _ in places)
        assert {step for step, _ in places} == set(range(len(steps(PROJECT))))
        await pilot.press("escape")
        await pilot.pause()
        assert screen(app).step == 5
        await pilot.press("shift+tab")
        await pilot.pause()
        assert screen(app).step == 4
        assert app.focused is screen(app).form.fields[-1].stops[-1]


async def test_ports_are_typed_or_taken_from_what_was_found() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 4)
        await pilot.press(*"8080, 53/udp")
        await pilot.pause()
        assert list(app.plan.port) == ["8080/tcp", "53/udp"]
        assert field(app, "port").value == "8080, 53/udp"
        await pilot.press("tab")
        await pilot.pause()
        assert field(app, "port").value == "8080/tcp, 53/udp"
        await pilot.press("down", "space")
        await pilot.pause()
        assert list(app.plan.port) == ["8080/tcp", "53/udp", "9090/tcp"]
        await pilot.click(OfferedItems, offset=(6, 1))
        await pilot.pause()
        assert list(app.plan.port) == ["53/udp", "9090/tcp"]


async def test_the_mouse_alone_answers_goes_on_and_comes_back() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click(ChoiceTable, offset=(4, 4))
        await pilot.pause()
        assert app.plan.main == "./cmd/migrate"
        bar = app.screen.query_one(KeyBar)
        await pilot.click(bar, offset=(bar.render().plain.index("enter") + 3, 0))
        await pilot.pause()
        assert screen(app).step == 1
        await pilot.click("#builder")
        await pilot.pause()
        table = screen(app).query_one("#builder ChoiceTable", ChoiceTable)
        await pilot.click(table, offset=(4, 3))
        await pilot.pause()
        assert app.plan.builder == "golang-alpine3.24"
        await pilot.click(FileTabs, offset=(16, 1))
        await pilot.pause()
        assert screen(app).query_one(PreviewPane).file.path == ".dockerignore"
        await pilot.click(Rail, offset=(6, 3))
        await pilot.pause()
        assert screen(app).step == 0
        await pilot.click(Rail, offset=(6, 9))
        await pilot.pause()
        assert screen(app).step == 0, "a step not visited yet cannot be gone to"


async def test_a_long_list_scrolls_with_the_choice_and_the_problem_line_stays() -> None:
    app = wizard(MANY)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in range(30):
            await pilot.press("down")
        await pilot.pause()
        assert app.plan.main == "./cmd/tool30"
        text = shown(app)
        assert "./cmd/tool30" in text
        assert "No problems with these answers" in text


async def test_fields_are_of_the_kind_the_question_asks_for() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)):
        kinds = {field.question.key: type(field) for field in screen(app).form.fields}
        assert kinds == {
            "main": ChoiceField,
            "also": ListField,
            "binary": TextField,
            "tag": TextField,
            "platform": ListField,
        }


async def test_a_long_text_is_in_sight_after_a_resize() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "tag")
        field(app, "tag").value = "app:" + "0123456789" * 10 + "z"
        await pilot.press("end")
        for size in ((120, 40), (80, 24), (160, 50)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.1)
            assert "89z" in shown(app), size
