"""Where the program can be reached, and how it says that it is well."""

from __future__ import annotations

from tui.core import defaults as default
from tui.core import validate
from tui.core.choices import health_choices, port_choices
from tui.core.questions.declare import CHOICE, LIST, Question

QUESTIONS = (
    Question(
        key="port",
        title="Ports",
        help="Ports the program listens on, such as 8080, 53/udp or 9000-9010; none is fine too.",
        kind=LIST,
        one=validate.port,
        default=default.port,
        metavar="PORT[/PROTOCOL]",
        step="ports",
        choices=port_choices,
    ),
    Question(
        key="health",
        title="Health check",
        help="How the engine asks whether the program is well.",
        kind=CHOICE,
        one=validate.health,
        default=default.health,
        metavar="none|http PATH|command ARGS",
        step="ports",
        free=True,
        choices=health_choices,
    ),
)
