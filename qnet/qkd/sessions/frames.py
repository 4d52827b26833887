"""Frames over TCP: their length in four bytes, then they; at most 16 MiB, and not for ever."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Any, Self

from qnet.qkd.sessions.errors import BadFrame, ChannelClosed, PeerSilent
from qnet.qkd.sessions.wires import FRAME_LIMIT, Wire

__all__ = ["Connection", "Door", "connect"]

_LENGTH = struct.Struct(">I")


class Connection:
    """One end of a connection: messages in, messages out.

    Args:
        stream: A connected socket, which is closed with this.
        peer: Who is at the other end, for errors.
        wire: How messages become frames.
        timeout_s: How long to wait for a whole frame to come, or to go.
    """

    def __init__(self, stream: socket.socket, peer: str, wire: Wire, *, timeout_s: float) -> None:
        self._stream, self.peer, self.wire, self._timeout = stream, peer, wire, timeout_s
        self._read = bytearray()
        stream.settimeout(timeout_s)
        if stream.family in (socket.AF_INET, socket.AF_INET6):
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def send(self, message: Any) -> None:
        """Send a message.

        Raises:
            ChannelClosed: If the other end is gone.
            PeerSilent: If it does not read.
            KeyPoolExhausted: If the pre-shared key is used up.
        """
        for frame in self.wire.pack(message):
            self._guarded(self._stream.sendall, _LENGTH.pack(len(frame)) + frame)

    def receive(self) -> Any:
        """The next message.

        Raises:
            ChannelClosed: If the other end is gone.
            PeerSilent: If nothing comes in time.
            BadFrame: If a frame is longer than may be, or none.
            MalformedMessage: If a frame holds no message.
            AuthenticationError: If a frame is not the next one that the other end sent.
        """
        while True:
            message = self.wire.unpack(self.frame())
            if message is not None:
                return message

    def frame(self) -> bytes:
        """The next frame."""
        deadline = monotonic() + self._timeout
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline))
        if not 1 <= length <= FRAME_LIMIT:
            raise BadFrame(
                f"{self.peer} announces a frame of {length} bytes; from 1 to {FRAME_LIMIT} are allowed, "
                "end the session"
            )
        return self._exactly(length, deadline)

    def _exactly(self, count: int, deadline: float) -> bytes:
        while len(self._read) < count:
            if monotonic() >= deadline:
                raise self._silent()
            part = self._guarded(self._stream.recv, max(min(count - len(self._read), 1 << 20), 1 << 16))
            if not part:
                raise self._closed()
            self._read += part
        found = bytes(memoryview(self._read)[:count])
        del self._read[:count]
        return found

    def _guarded(self, act: Callable[[Any], Any], argument: Any) -> Any:
        try:
            return act(argument)
        except TimeoutError:
            raise self._silent() from None
        except OSError:
            raise self._closed() from None

    def _silent(self) -> PeerSilent:
        return PeerSilent(
            f"nothing came from {self.peer} within {self._timeout:g} s; see whether it runs, or wait longer"
        )

    def _closed(self) -> ChannelClosed:
        return ChannelClosed(f"{self.peer} closed the connection in the middle of a session; start a new one")


class Door:
    """A port that is listened at.

    Args:
        host: The address; 127.0.0.1 lets nobody in but this machine.
        port: The port; 0 for any that is free.
        timeout_s: How long to wait for somebody to come.

    Raises:
        ChannelClosed: If the port cannot be had.
    """

    def __init__(self, host: str, port: int, *, timeout_s: float) -> None:
        self._timeout = timeout_s
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family)
        except OSError as error:
            raise ChannelClosed(
                f"cannot listen at {host}:{port} ({error.strerror}); give another host or port"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    @property
    def port(self) -> int:
        """The port."""
        return int(self._socket.getsockname()[1])

    def welcome(self, whom: str) -> socket.socket:
        """The next one who connects.

        Raises:
            PeerSilent: If nobody does in time.
        """
        self._socket.settimeout(self._timeout)
        try:
            return self._socket.accept()[0]
        except TimeoutError:
            raise PeerSilent(
                f"{whom} did not connect within {self._timeout:g} s; start it, or wait longer"
            ) from None


def connect(host: str, port: int, whom: str, *, timeout_s: float) -> socket.socket:
    """A connection to somebody who may still be about to start.

    Raises:
        PeerSilent: If nobody listens there in time.
    """
    from time import sleep

    deadline = monotonic() + timeout_s
    while True:
        try:
            return socket.create_connection((host, port), timeout=max(deadline - monotonic(), 0.01))
        except OSError as error:
            if monotonic() + 0.05 >= deadline:
                raise PeerSilent(
                    f"{whom} does not answer at {host}:{port} ({error.strerror or 'time is up'}) within "
                    f"{timeout_s:g} s; start it, or wait longer"
                ) from None
            sleep(0.05)
