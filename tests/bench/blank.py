"""The smallest full-screen Textual application: what start-up is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Blank(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("blank")


if __name__ == "__main__":
    Blank().run()
