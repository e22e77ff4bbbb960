"""Where the program is reached and how it is asked whether it is well."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.final_image import PROBE, final_image, programs
from tui.core.images import runtime_of, uid_gid
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules.problem import Fix, Problem, error, warning


def low_ports(project: Project, plan: Plan) -> Iterator[Problem]:
    low = [port for port in plan.port if int(port.split("/")[0].split("-")[0]) < 1024]
    if low and not uid_gid(plan).startswith("0:") and runtime_of(plan).os == "linux":
        yield warning(
            "low-port",
            "port",
            f"{', '.join(low)} {'is' if len(low) == 1 else 'are'} below 1024 and the program is not root.",
            "Docker 20.10 and newer, Podman and containerd 2 allow it; host networking, CRI-O and older "
            "containerd do not.",
        )


def loopback(project: Project, plan: Plan) -> Iterator[Problem]:
    reachable = {(p.port, p.protocol) for p in project.ports if not p.loopback}
    for port in project.ports:
        if port.loopback and (port.port, port.protocol) not in reachable and port.text in plan.port:
            yield warning(
                "loopback",
                "port",
                f"Your code listens on this machine only ({port.evidence}).",
                f"Nothing outside the container reaches it; listen on :{port.port} without an address.",
            )


def health(project: Project, plan: Plan) -> Iterator[Problem]:
    if plan.health == "none":
        return
    if runtime_of(plan).os == "windows":
        yield error(
            "health-windows",
            "health",
            "Health checks are made for Linux images here.",
            "The probe and its path are Linux ones.",
            Fix("Leave it out", "health", "none"),
        )
    elif plan.health.startswith("http /") and not any(port.endswith("/tcp") for port in plan.port):
        yield error(
            "health-port",
            "health",
            "The health check has no port to ask.",
            "No TCP port is exposed; name one, as in http 8080/healthz.",
            Fix("Leave it out", "health", "none"),
        )


def health_command(project: Project, plan: Plan) -> Iterator[Problem]:
    kind, _, words = plan.health.partition(" ")
    known = [health.value for health in project.health if health.kind == kind]
    if kind == "command" and not any(f"{words} ".startswith(f"{value} ") for value in known):
        yield warning(
            "health-command",
            "health",
            f"Nothing in your code was seen to answer {words}.",
            "A program that knows no such argument fails the health check, or starts a second time.",
            Fix("Leave it out", "health", "none"),
        )


def probe_name(project: Project, plan: Plan) -> Iterator[Problem]:
    check = final_image(project, plan).health
    if not check or not check.probe:
        return
    # Go writes several programs under their own names before one is called otherwise.
    written = {main.name for main in project.mains if main.package == plan.main and plan.also}
    if PROBE in (*programs(project, plan), *written):
        yield error(
            "health-name",
            "health",
            f"The probe of the health check is called {PROBE}, and so is a program.",
            "They lie in one folder of the image, and one would replace the other.",
            Fix("Call it app", "binary", "app"),
            Fix("Leave the health check out", "health", "none"),
        )


RULES = (low_ports, loopback, health, health_command, probe_name)
