"""`main`: the one place in which the errors of all commands are caught and told."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from qnet.cli._face import Face
from qnet.cli._legible import legible
from qnet.cli._start_up import foreign_package

__all__ = ["main"]

DONE, FAILED, MISTAKE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The arguments after the program's name; those of the process if not given.

    Returns:
        The exit code: 0 done, 1 failed, 2 the user's mistake, 130 interrupted.

    Example:
        >>> main(["run", "teleportation", "--shots", "0"])
        2
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    face = Face(json="--json" in options, debug="--debug" in options)
    legible(sys.stdout, sys.stderr)
    try:
        code = _guarded(arguments, face)
    except BrokenPipeError:
        code = _stdout_closed(FAILED)
    if argv is None and code == INTERRUPTED:
        _leave(code)
    return code


def _guarded(arguments: Sequence[str], face: Face) -> int:
    taken = foreign_package()
    if taken:
        return _told(face, FAILED, "ImportError", taken)
    from typer import Abort, Exit

    from qnet.execution.secrets import scrubbed

    try:
        code = _dispatched(arguments, face)
        sys.stdout.flush()
        return code
    except Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, Abort):
        return _told(face, INTERRUPTED, "KeyboardInterrupt", "interrupted")
    except BrokenPipeError:
        raise
    except Exception as error:
        if face.debug:
            import traceback

            sys.stderr.write(scrubbed(traceback.format_exc()))
        code, message = _judged(error)
        return _told(face, code, type(error).__name__, scrubbed(message), quiet=face.debug)


def _dispatched(arguments: Sequence[str], face: Face) -> int:
    from typer.main import get_command

    from qnet.cli._app import app

    command = get_command(app)
    with command.make_context("qnet", list(arguments), obj=face) as context:
        code: Any = command.invoke(context)
    return code if isinstance(code, int) else DONE


def _judged(error: Exception) -> tuple[int, str]:
    """The exit code of an error, and its message on one line."""
    from circuits.errors import CircuitsError
    from decoders.errors import DecodersError
    from qnet.errors import QnetError

    usage = getattr(error, "format_message", None)
    if usage is not None:
        return MISTAKE, _usage(error, usage())
    message = " ".join(str(error).split())
    if isinstance(error, ValueError):
        return MISTAKE, message
    if isinstance(error, CircuitsError | DecodersError | QnetError):
        return FAILED, message
    if isinstance(error, MemoryError):
        return FAILED, "not enough memory; take fewer shots, or a smaller circuit"
    if isinstance(error, OSError):
        return FAILED, f"{error.strerror or message}{f': {error.filename}' if error.filename else ''}"
    return FAILED, f"unexpected {type(error).__name__}: {message} (--debug shows where)"


def _usage(error: Exception, message: str) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "qnet"
    text = " ".join(message.replace("Value error, ", "").split())
    return f"{text}{'' if text.endswith(('.', '?')) else '.'} See: {path} --help"


def _told(face: Face, code: int, kind: str, message: str, *, quiet: bool = False) -> int:
    if not quiet:
        face.note(f"qnet: {message}")
    try:
        face.give({"error": {"type": kind, "message": message}, **face.beside})
        sys.stdout.flush()
    except OSError:
        return _stdout_closed(code)
    return code


def _leave(code: int) -> None:
    """End the process now: a simulation that runs in a thread would keep it until it is done."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _stdout_closed(code: int) -> int:
    """Nobody reads our output, or it is full: nothing more to say, and nothing to flush at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
