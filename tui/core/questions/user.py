"""Who the program runs as."""

from __future__ import annotations

from tui.core import defaults as default
from tui.core import validate
from tui.core.choices import user_choices
from tui.core.questions.declare import CHOICE, TEXT, Question

QUESTIONS = (
    Question(
        key="user",
        title="User",
        help="Ids in numbers, or a user the image has; the file gets numbers, which Kubernetes can check.",
        kind=CHOICE,
        one=validate.user,
        default=default.user,
        metavar="UID:GID",
        step="user",
        free=True,
        choices=user_choices,
    ),
    Question(
        key="user-name",
        title="User name",
        help="A name for these ids in the image's list of users; empty adds none.",
        kind=TEXT,
        one=validate.optional(validate.user_name),
        default=default.user_name,
        metavar="NAME",
        step="user",
    ),
)
