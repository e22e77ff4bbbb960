"""The command line: what is asked for, who carries it out, exit codes.

Results go to stdout, everything else to stderr. Textual is imported only to open the wizard.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from tui.core.project import NotAProject
from tui.core.validate import Invalid
from tui.engine import EngineError
from tui.flags import NAMES, WIZARD, parser, split

DONE, FAILED, USAGE, CANCELLED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line; the exit code."""
    words, arguments = split(list(sys.argv[1:] if argv is None else argv))
    name = words.pop(0) if words and words[0] in NAMES else WIZARD
    options = parser(name).parse_args(words)
    options.args = arguments
    try:
        code = int(import_module(f"tui.commands.{name}").carry_out(options))
        sys.stdout.flush()
        return code
    except (Invalid, NotAProject) as error:
        return complain(str(error), USAGE)
    except EngineError as error:
        return complain(str(error), FAILED)
    except OSError as error:
        # Python would try to write the rest once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return FAILED
        return complain(
            f"the output cannot be written: {error.strerror}. Free space or choose another.", FAILED
        )
    except KeyboardInterrupt:
        return CANCELLED


def complain(text: str, code: int) -> int:
    """Print an error as a sentence on stderr; the code."""
    print(f"dockwright: {text}", file=sys.stderr)
    return code
