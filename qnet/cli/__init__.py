"""The command line: `qnet list`, `run`, `prove`, `draw`, `export` and `demo`."""

from qnet.cli._main import main

__all__ = ["main"]
