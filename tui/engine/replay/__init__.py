"""An engine that replays recorded events: for demonstrations and for tests of the screens."""

from tui.engine.replay.engine import ReplayEngine
from tui.engine.replay.recording import Record, Recorder, Recording

__all__ = ["Record", "Recorder", "Recording", "ReplayEngine"]
