"""`Transcript`: every frame of the classical channel, and what it discloses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qnet.qkd.authentication import TAG_BYTES
from qnet.qkd.sessions import messages

__all__ = ["HEADER_BYTES", "MORE", "WHOLE", "Transcript", "disclosed_by"]

HEADER_BYTES = 16
WHOLE, MORE = b"\0", b"\1"


@dataclass(kw_only=True)
class Transcript:
    """The frames that passed between Alice and Bob, in the order in which they were sent or came.

    It holds what an eavesdropper may know anyhow, and nothing else.

    Args:
        frames: Who sent it, and the authenticated frame.
    """

    frames: list[tuple[str, bytes]] = field(default_factory=list)

    def add(self, sender: str, frame: bytes) -> None:
        """Put down a frame."""
        self.frames.append((sender, frame))

    def messages(self) -> Iterator[tuple[str, Any]]:
        """The messages that the frames hold, with their senders."""
        parts = {"alice": b"", "bob": b""}
        for sender, frame in self.frames:
            body = frame[HEADER_BYTES:-TAG_BYTES]
            parts[sender] += body[1:]
            if body[:1] == WHOLE:
                yield sender, messages.decode(parts[sender])
                parts[sender] = b""

    def disclosed(self) -> Mapping[str, int]:
        """How many bits the frames disclose, by kind, read from the frames alone."""
        found = Counter({"authentication": 8 * TAG_BYTES * len(self.frames)})
        for _, message in self.messages():
            found.update(disclosed_by(message))
        return dict(found)

    def save(self, path: Path | str) -> None:
        """Write the frames down, one JSON object a line: who sent it, and the frame in hexadecimal."""
        lines = (f'{{"sender": "{sender}", "frame": "{frame.hex()}"}}\n' for sender, frame in self.frames)
        Path(path).write_text("".join(lines), encoding="ascii")

    @classmethod
    def load(cls, path: Path | str) -> Transcript:
        """Read what `save` wrote."""
        rows = [json.loads(line) for line in Path(path).read_text(encoding="ascii").splitlines()]
        return cls(frames=[(row["sender"], bytes.fromhex(row["frame"])) for row in rows])

    @property
    def total_bytes(self) -> int:
        """Length of all frames."""
        return sum(len(frame) for _, frame in self.frames)


def disclosed_by(message: Any) -> dict[str, int]:
    """How many bits of keys and of their hashes a message discloses, by kind."""
    match message:
        case messages.Sample():
            return {"sample": message.sample.count, "test": message.test.count}
        case messages.Answer():
            return {"parities": message.bits}
        case messages.Reconciled():
            return {"error_counts": message.bits}
        case messages.Verification():
            return {"verification": message.hash.count}
    return {}
