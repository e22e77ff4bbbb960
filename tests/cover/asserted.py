"""What is asserted of every image of the cover and of every program in one."""

from __future__ import annotations

from typing import Any

from tests.cover import trial
from tests.cover.applications import APPLICATIONS, project
from tests.cover.rows import Row
from tui.core.images import uid_gid
from tui.core.plan import Plan

_NO_HEALTH = (None, {"Test": ["NONE"]})


def is_as_asked(client: Any, made: Plan) -> None:
    """The image's configuration is what the plan says, and nothing of its base's."""
    config = client.inspect_image(made.tag)["Config"]
    assert config["User"] == uid_gid(made)
    assert config["Entrypoint"] == [f"/usr/local/bin/{made.binary}"]
    assert not config.get("Cmd")
    assert config.get("StopSignal") in (None, "", "SIGTERM"), config
    assert made.health != "none" or config.get("Healthcheck") in _NO_HEALTH, config
    assert set(config.get("ExposedPorts") or ()) >= set(made.port), config
    labels = config.get("Labels") or {}
    assert labels.items() >= {tuple(label.split("=", 1)) for label in made.label}, config
    assert config["WorkingDir"] == made.workdir if made.workdir else True, config
    for package in made.also:
        program = f"/usr/local/bin/{package.rsplit('/', 1)[-1]}"
        assert "migrated several" in trial.output(client, made.tag, (program,))


def behaves(row: Row, made: Plan, seen: trial.Observed) -> None:
    """The program answers as its application must, as the right user, and its health is seen."""
    uid, gid = uid_gid(made).split(":")
    answer = seen.answer
    assert (answer.get("uid"), answer.get("gid")) == (int(uid), int(gid)), seen.text
    assert seen.health in ("", "healthy"), seen.text
    APPLICATIONS[row.app].check(project(row.app), made, answer)
