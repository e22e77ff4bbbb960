"""Who the program runs as."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.images import runtime_of, uid_gid
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules.problem import Fix, Problem, error, warning

_NONROOT = Fix("Use 65532:65532", "user", "65532:65532")


def root(project: Project, plan: Plan) -> Iterator[Problem]:
    if uid_gid(plan).split(":")[0] == "0":
        yield warning(
            "root",
            "user",
            "The program runs as root.",
            "Whoever breaks into it is root in the container; Kubernetes' runAsNonRoot refuses it.",
            _NONROOT,
        )


def known(project: Project, plan: Plan) -> Iterator[Problem]:
    runtime = runtime_of(plan)
    numbers = plan.user[0].isdigit()
    if runtime.os == "windows" and plan.user not in runtime.users:
        yield error(
            "user-windows",
            "user",
            f"Windows knows users by name, not {plan.user}.",
            "The container would not start.",
            Fix(f"Use {runtime.user}", "user", runtime.user),
        )
    elif not numbers and plan.user not in runtime.users:
        yield error(
            "user-unknown",
            "user",
            f"{runtime.label} has no user called {plan.user}.",
            "The image would build, and its container would not start: no matching entries in passwd file.",
            _NONROOT,
        )


def named(project: Project, plan: Plan) -> Iterator[Problem]:
    need, runtime = project.need("users"), runtime_of(plan)
    ids = uid_gid(plan)
    if need and runtime.os == "linux" and not plan.user_name and ids not in runtime.users.values():
        if ids.startswith("0:"):
            return
        yield warning(
            "unnamed-user",
            "user-name",
            f"Your code looks up its user ({need.evidence}); {runtime.label} has no name for {ids}.",
            "The look-up answers with an error.",
            Fix("Call it app", "user-name", "app"),
        )


def root_has_a_name(project: Project, plan: Plan) -> Iterator[Problem]:
    if plan.user_name and uid_gid(plan).startswith("0:") and runtime_of(plan).os == "linux":
        yield error(
            "user-name-root",
            "user-name",
            f"The user {uid_gid(plan)} is root, who is not called {plan.user_name}.",
            "Every image knows the user 0 as root.",
            Fix("Add no name", "user-name", ""),
            _NONROOT,
        )


def taken(project: Project, plan: Plan) -> Iterator[Problem]:
    if plan.user_name and runtime_of(plan).os == "windows":
        yield error(
            "user-name-windows",
            "user-name",
            "Windows images get no further users here.",
            f"{runtime_of(plan).label} has {', '.join(runtime_of(plan).users)}.",
            Fix("Add none", "user-name", ""),
        )
        return
    users = runtime_of(plan).users or {"root": "0:0"}  # who is put into every image that has none
    if plan.user_name in users and users[plan.user_name] != uid_gid(plan):
        yield error(
            "user-name-taken",
            "user-name",
            f"{runtime_of(plan).label} has a user {plan.user_name} already, who is {users[plan.user_name]}.",
            "One name cannot stand for two users.",
            Fix("Call it app", "user-name", "app") if "app" not in users else None,
        )


RULES = (root, known, named, root_has_a_name, taken)
