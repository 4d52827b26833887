"""Ctrl-C between two steps of the bookkeeping, never in the middle of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Interrupts"]


class Interrupts:
    """As a context it hands Ctrl-C on to the handler that was there, but not while it is held.

    Where Python lets nobody set a handler (outside of the main thread) it does nothing.
    """

    def __init__(self) -> None:
        self._handler: Any = None
        self._depth = 0
        self._waiting = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Take over the signal, and give it back at the end."""
        handler = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is not threading.main_thread() or not callable(handler):
            yield
            return
        self._handler = handler
        signal.signal(signal.SIGINT, self._came)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let Ctrl-C wait until the end of this context."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._waiting and not self._depth:
                self._waiting = False
                self._handler(signal.SIGINT, None)

    def _came(self, number: int, frame: FrameType | None) -> None:
        if self._depth:
            self._waiting = True
        else:
            self._handler(number, frame)
