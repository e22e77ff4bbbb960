"""A machine that has bubblewrap and lets nothing else make namespaces."""

from __future__ import annotations

from tests.engine.embedded.stage import stage
from tui.core.events import Started


def test_bubblewrap_alone_is_a_sandbox_and_what_it_lacks_is_said() -> None:
    with stage("bubblewrap alone", unprivileged=True) as alone:
        alone.play("cat", "/proc/self/mountinfo")
        (tmp,) = (line for line in alone.output().splitlines() if line.split()[4] == "/tmp")
        assert "noexec" not in tmp
        assert "it may also execute" in alone.notices()
        assert "made by bubblewrap alone (bubblewrap: unshare is not installed)" in alone.notices()
        assert "no capabilities" in alone.only(Started).hardening
