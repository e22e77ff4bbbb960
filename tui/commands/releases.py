"""Prints the Go releases that are known."""

from __future__ import annotations

import argparse
from datetime import date

from tui.cli import DONE, FAILED, complain
from tui.core import catalog, validate
from tui.core import releases as kept


def carry_out(options: argparse.Namespace) -> int:
    """Print the Go releases that are known, after asking a registry when that is wanted."""
    if options.refresh:
        from tui.engine import EngineError
        from tui.engine.tags import golang_tags

        mirror = validate.registry(options.registry)
        try:
            found = kept.from_tags(golang_tags(mirror), date.today())
            where = f"kept in {kept.store(found)}"
        except EngineError as error:
            return complain(f"{error} A mirror can be named with --registry.", FAILED)
        except kept.NoReleases:
            return complain(f"{mirror or 'Docker Hub'} has no Go releases in its golang image.", FAILED)
        except OSError as error:
            return complain(f"what was found cannot be kept in {kept.path()}: {error.strerror}.", FAILED)
    else:
        found = catalog.go_releases()
        where = "known to dockwright" if found == catalog.packaged_go_releases() else f"kept in {kept.path()}"
    print(f"Go releases of {found.date}, {where}")
    for minor in reversed(found.suites):
        state = "maintained" if minor in found.maintained else "no fixes any more"
        print(f"  {minor}  {state:<17}  {' '.join(found.suites[minor])}")
    return DONE
