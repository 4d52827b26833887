"""Pre-shared keys of a session: in memory for study, or reserved from a pool on disk a handful at a time."""

from __future__ import annotations

from qnet.qkd.authentication.pool import LANES, KeyPool, KeyPoolExhausted, Pad

__all__ = ["MemoryPool", "ReservedPool"]

_RESERVE = 16 * 32


class MemoryPool:
    """A pre-shared key that lives and dies with its session: for study, where both ends are one process.

    Args:
        key: Half of it for each sender.
    """

    def __init__(self, key: bytes) -> None:
        half = len(key) // 2
        self._lanes = {lane: key[half * k : half * (k + 1)] for k, lane in enumerate(LANES)}
        self._used = dict.fromkeys(LANES, 0)

    def used(self, lane: str) -> int:
        """How many bytes of a lane have been given out."""
        return self._used[lane]

    def remaining(self, lane: str) -> int:
        """How many bytes of a lane are left."""
        return len(self._lanes[lane]) - self._used[lane]

    def take(self, lane: str, count: int) -> Pad:
        """Give out the next bytes of a lane.

        Raises:
            KeyPoolExhausted: If too few are left.
        """
        pad = self.look(lane, self._used[lane], count)
        self.use_up(lane, pad.end)
        return pad

    def look(self, lane: str, at: int, count: int) -> Pad:
        """Bytes that have not been given out.

        Raises:
            KeyPoolExhausted: If the lane has no such bytes.
        """
        key = self._lanes[lane]
        if at + count > len(key):
            raise KeyPoolExhausted(
                f"the pre-shared key is used up: {count} bytes are needed and "
                f"{max(len(key) - at, 0)} are left for {lane}; give more authentication key"
            )
        return Pad(at, key[at : at + count])

    def use_up(self, lane: str, end: int) -> None:
        """Count everything before `end` as given out."""
        self._used[lane] = max(self._used[lane], end)


class ReservedPool:
    """A pool on disk, from which a session reserves the keys of sixteen messages at a time.

    What is reserved is counted as given out, on disk, before any of it is used; what a session leaves of
    its last reserve is lost. Both ends reserve the same bytes: the receiver does so when the first is due.

    Args:
        pool: The pool.
    """

    def __init__(self, pool: KeyPool) -> None:
        self._pool = pool
        self._used = {lane: pool.used(lane) for lane in LANES}
        self._made = {lane: self._used[lane] + pool.remaining(lane) for lane in LANES}
        self._reserved = {lane: Pad(self._used[lane], b"") for lane in LANES}

    def used(self, lane: str) -> int:
        """How many bytes of a lane have been given out."""
        return self._used[lane]

    def remaining(self, lane: str) -> int:
        """How many bytes of a lane are left."""
        return self._made[lane] - self._used[lane]

    def take(self, lane: str, count: int) -> Pad:
        """Give out the next bytes of a lane, once and for all.

        Raises:
            KeyPoolExhausted: If too few bytes are left.
        """
        if self._used[lane] + count > self._reserved[lane].end:
            whole = min(max(_RESERVE, count), max(self._pool.remaining(lane), count))
            self._reserved[lane] = self._pool.take(lane, whole)
            self._used[lane] = self._reserved[lane].at
        pad = self._cut(lane, self._used[lane], count)
        self._used[lane] = pad.end
        return pad

    def look(self, lane: str, at: int, count: int) -> Pad:
        """Bytes that have not been given out, for a check.

        Raises:
            KeyPoolExhausted: If the lane has no such bytes.
        """
        held = self._reserved[lane]
        if held.at <= at and at + count <= held.end:
            return self._cut(lane, at, count)
        return self._pool.look(lane, at, count)

    def use_up(self, lane: str, end: int) -> None:
        """Count everything before `end` as given out, and reserve as its sender did."""
        if end > self._reserved[lane].end:
            start = end - 32
            held = self._pool.look(lane, start, min(_RESERVE, self._made[lane] - start))
            self._pool.use_up(lane, held.end)
            self._reserved[lane] = held
        self._used[lane] = end

    def _cut(self, lane: str, at: int, count: int) -> Pad:
        held = self._reserved[lane]
        return Pad(at, held.key[at - held.at : at - held.at + count])
