"""Cascade between two parties who exchange questions and parities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.qkd.reconciliation._keys import blocks_of, checked_key, checked_seed, entropy
from qnet.qkd.reconciliation.parameters import CascadeParameters
from qnet.qkd.reconciliation.results import Reconciliation

__all__ = ["CascadeAlice", "CascadeBob"]

Arrays = dict[str, NDArray[Any]]
# Arrays with a row for each block, arrays that all blocks share, and the columns of their addresses.
_OF_EACH_BLOCK = ("words", "order", "place", "tops", "counts", "tree", "queue", "heads", "facts")
_SHARED = ("sizes", "slots", "marks", "front", "leaves", "nodes", "scratch")
_COLUMNS = {name: name.upper() for name in (*_OF_EACH_BLOCK, *_SHARED)} | {
    "place": "PLACES",
    "scratch": "ORDER",
}


def _plan(
    length: int, parameters: CascadeParameters
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where blocks start, the sizes of the passes that say something, and where each has its bits."""
    starts = blocks_of(length, parameters.block_length)
    longest, shortest = int(np.diff(starts).max()), int(np.diff(starts).min())
    first = min(parameters.sizes[0], max(2, longest))
    sizes = [first, *(size for size in parameters.sizes[1:] if size < shortest and (size or shortest > 1))]
    slots, used = [], 0
    for number, size in enumerate(sizes):
        own_order = bool(size) and (number > 0 or parameters.permute_first)
        used += own_order
        slots.append(used if own_order else 0 if size else -1)
    return starts, np.array(sizes, np.int64), np.array(slots, np.int64)


def _packed(key: NDArray[np.uint8], starts: NDArray[np.int64], copies: int) -> NDArray[np.uint64]:
    """The blocks as words, with room for copies in other orders."""
    blocks = starts.size - 1
    words = np.zeros((blocks, copies, (int(np.diff(starts).max()) + 63) // 64 + 1), np.uint64)
    for block in range(blocks):
        packed = np.packbits(key[starts[block] : starts[block + 1]], bitorder="little")
        words[block, 0].view(np.uint8)[: packed.size] = packed
    return words


def _seeds(seed: int, blocks: int) -> NDArray[np.uint64]:
    """One public seed a block."""
    from qnet.qkd.reconciliation._words import stream

    return np.array([stream(np.uint64(seed), block, 0) for block in range(blocks)], np.uint64)


def _arrays(
    key: NDArray[np.uint8], parameters: CascadeParameters, seed: int
) -> tuple[Arrays, NDArray[np.int64]]:
    """What both parties hold, and where the blocks start."""
    from qnet.qkd.reconciliation._forest import FACT_COLUMNS

    starts, sizes, slots = _plan(key.size, parameters)
    lengths = np.diff(starts)
    made: Arrays = {
        "seeds": _seeds(checked_seed(seed), lengths.size),
        "lengths": lengths,
        "sizes": sizes,
        "slots": slots,
        "words": _packed(key, starts, int(slots.max(initial=0)) + 1),
        "tops": np.zeros((lengths.size, sizes.size), np.int64),
        "facts": np.zeros((lengths.size, FACT_COLUMNS), np.int64),
    }
    return made, starts


def _layout(arrays: Arrays, parameters: CascadeParameters, span: int) -> NDArray[np.int64]:
    """The records of all blocks, as the compiled functions want them: addresses and what they mean."""
    from qnet.qkd.reconciliation import _forest as at

    blocks, copies, words = arrays["words"].shape
    first, step = np.zeros(at.RECORD, np.int64), np.zeros(at.RECORD, np.int64)
    for name, column in _COLUMNS.items():
        if name in arrays:
            array, place = arrays[name], getattr(at, column)
            first[place] = array.__array_interface__["data"][0]
            step[place] = array.strides[0] if name in _OF_EACH_BLOCK else 0
    schedule = parameters.schedule
    numbers = {
        at.BLOCKS: blocks,
        at.PASSES: arrays["sizes"].size,
        at.ROOM: arrays["tree"].shape[1] if "tree" in arrays else 0,
        at.COPIES: copies,
        at.STRIDE: 8 * words,
        at.SPAN: span,
        at.SINGLE: schedule.overlap == 0,
        at.THETA: int(np.float64(min(schedule.overlap, 1e9)).view(np.int64)),
        at.FEW: schedule.tail,
        at.LEVELS: schedule.levels,
        at.TOGETHER: schedule.together,
        at.ENOUGH: parameters.streak,
        at.IMPLIED: parameters.implied,
        at.REUSE: schedule.reuse,
    }
    first[list(numbers)] = list(numbers.values())
    out = first + step * np.arange(blocks)[:, None]
    out[:, at.SEED], out[:, at.LENGTH] = arrays["seeds"].view(np.int64), arrays["lengths"]
    return out


def _room_of_bob(arrays: Arrays, tops: list[int], longest: int) -> Arrays:
    """The forest of each block, empty."""
    from qnet.qkd.reconciliation._forest import HEAD_COLUMNS

    blocks, copies, _ = arrays["words"].shape
    errors = min(
        0.5, 1.3 / int(arrays["sizes"][0])
    )  # a guess from the first pass; more is made where it is needed
    room = sum(tops) + int(2.2 * longest * entropy(errors)) + 256
    return {
        "order": np.empty((blocks, copies - 1, longest), np.int32),
        "place": np.empty((blocks, copies - 1, longest), np.int32),
        "counts": np.zeros((blocks, len(tops)), np.int64),
        "tree": np.empty((blocks, room, 2), np.int32),
        "queue": np.empty((blocks, room, 5), np.int32),
        "heads": np.zeros((blocks, HEAD_COLUMNS), np.int32),
    }


class CascadeAlice:
    """Alice's side of Cascade: she holds her key and answers questions about parities of it.

    She is a state machine without a transport: give her what Bob sent by `receive`, send on what
    `next_message` gives.

    Args:
        key: Her bits, zeros and ones.
        parameters: What both parties agreed on.
        seed: The public seed of the orders of the passes; it is drawn after the key was received.

    Raises:
        ValueError: The key is empty or not binary, or the seed is not of 64 bits.

    Example:
        >>> import numpy as np
        >>> from qnet.qkd.reconciliation import CascadeAlice, CascadeBob, cascade_parameters, converse
        >>> key = np.random.default_rng(1).integers(0, 2, 2000, dtype=np.uint8)
        >>> wrong = key.copy()
        >>> wrong[::50] ^= 1
        >>> parameters = cascade_parameters("least-leakage", 0.02, block_length=1000)
        >>> alice, bob = CascadeAlice(key, parameters, seed=5), CascadeBob(wrong, parameters, seed=5)
        >>> result = converse(alice, bob)
        >>> bool((result.key == key).all()), result.corrected.tolist()
        (True, [20, 20])
        >>> result.leaked_bits == alice.leaked_bits
        True
    """

    def __init__(self, key: ArrayLike, parameters: CascadeParameters, *, seed: int) -> None:
        from qnet.qkd.reconciliation._answering import answer, length_of_answer

        self._tell, self._size = answer, length_of_answer
        bits = checked_key(key)
        self._answer: bytes | None = None
        self._arrays, starts = _arrays(bits, parameters, seed)
        self._arrays["scratch"] = np.empty(int(np.diff(starts).max()), np.int32)
        self._layout = _layout(self._arrays, parameters, 0)

    @property
    def leaked_bits(self) -> int:
        """Parities that were answered."""
        return int(self.disclosed.sum())

    @property
    def disclosed(self) -> NDArray[np.int64]:
        """Parities that were answered about each block."""
        from qnet.qkd.reconciliation._forest import LEAKED

        return np.array(self._arrays["facts"][:, LEAKED])

    def receive(self, message: bytes) -> None:
        """Take Bob's questions.

        Args:
            message: Packed questions.

        Raises:
            ValueError: It is not a message of Cascade questions about these blocks.
        """
        whole = len(message) % 8 == 0
        words = np.frombuffer(message if whole else b"", "<u8")
        parities = self._size(self._layout, words) if whole and words.size else -1
        if parities < 0:
            raise ValueError(
                f"message of {len(message)} bytes holds no questions about these blocks; end the session"
            )
        out = np.zeros((parities + 7) // 8, np.uint8)
        self._tell(self._layout, words, out)
        self._answer = out.tobytes()

    def next_message(self) -> bytes | None:
        """The parities that were asked for, once; None when nothing was asked."""
        told, self._answer = self._answer, None
        return told


class CascadeBob:
    """Bob's side of Cascade: he asks, corrects, and has Alice's key in the end, but for a small chance.

    Args:
        key: His bits, zeros and ones, as many as Alice has.
        parameters: What both parties agreed on.
        seed: The public seed, the same as Alice's.

    Raises:
        ValueError: The key is empty or not binary, or the seed is not of 64 bits.
    """

    def __init__(self, key: ArrayLike, parameters: CascadeParameters, *, seed: int) -> None:
        from qnet.qkd.reconciliation._asking import advance
        from qnet.qkd.reconciliation._forest import FLIPS

        bits = checked_key(key)
        self._flips = FLIPS  # A bit that is right is never flipped, so there are at most as many as bits.
        self.parameters = parameters
        self._advance = advance
        self._arrays, self._starts = _arrays(bits, parameters, seed)
        longest = int(self._arrays["lengths"].max())
        tops = [2 if size == 0 else -(-longest // int(size)) for size in self._arrays["sizes"]]
        self._arrays |= _room_of_bob(self._arrays, tops, longest)
        self._arrays |= {
            "marks": np.zeros(longest, np.float32),
            "front": np.zeros((256, 5), np.int64),  # 2048 numbers of 32 bits fit in
            "leaves": np.zeros((max(*tops, 64), 5), np.int64),
            "nodes": np.zeros(2 * longest + 256, np.int32),
        }
        self._span = 4 * longest
        self._layout = _layout(self._arrays, parameters, self._span)
        self._asked = np.zeros(0, np.uint64)
        self._nodes = np.zeros(0, np.int32)
        self._messages = 0
        self._turn(np.frombuffer(b"", np.uint8))

    def _turn(self, answers: NDArray[np.uint8]) -> None:
        """Enter the answers, with more room where it is needed, and have the next questions ready."""
        while True:
            short, asked, nodes, told = self._advance(self._layout, self._asked, self._nodes, answers)
            if not short:
                break
            grown = max(short, self._arrays["tree"].shape[1])
            for name in ("tree", "queue"):
                self._arrays[name] = np.pad(self._arrays[name], ((0, 0), (0, grown), (0, 0)))
            self._layout = _layout(self._arrays, self.parameters, self._span)
        self._asked, self._nodes = asked, nodes
        self._expected = told
        self._fresh = asked.size > 0

    def next_message(self) -> bytes | None:
        """The next questions, once; None while an answer is due and when all is done."""
        if not self._fresh:
            return None
        self._fresh = False
        self._messages += 1
        return self._asked.tobytes()

    def receive(self, message: bytes) -> None:
        """Take Alice's parities.

        Args:
            message: Packed parities.

        Raises:
            ValueError: It is not as long as the answer to the last questions, or contradicts earlier ones.
        """
        if self._fresh or len(message) != (self._expected + 7) // 8 or not self._expected:
            due = 0 if self._fresh else self._expected
            raise ValueError(
                f"message of {len(message)} bytes does not answer the {due} parities asked for; end it"
            )
        self._turn(np.frombuffer(message, np.uint8))
        if (self._arrays["facts"][:, self._flips] > self._arrays["lengths"]).any():
            raise ValueError("the parities that were told contradict each other; end the session")

    @property
    def done(self) -> bool:
        """Whether there is nothing left to ask."""
        return self._asked.size == 0

    @property
    def result(self) -> Reconciliation:
        """The key as it stands, with what it cost so far."""
        from qnet.qkd.reconciliation._forest import FLIPS, LEAKED, ROUNDS

        key = np.empty(int(self._starts[-1]), np.uint8)
        for block in range(self._starts.size - 1):
            start, end = self._starts[block], self._starts[block + 1]
            packed = self._arrays["words"][block, 0].view(np.uint8)
            key[start:end] = np.unpackbits(packed, count=int(end - start), bitorder="little")
        facts = self._arrays["facts"]
        return Reconciliation(
            method="cascade",
            schedule=f"{self.parameters.name}, {self.parameters.schedule.name}",
            key=key,
            block_lengths=np.diff(self._starts),
            disclosed=np.array(facts[:, LEAKED]),
            corrected=np.array(facts[:, FLIPS]),
            round_trips=self._messages,
            rounds=np.array(facts[:, ROUNDS]),
            decoded=np.full(facts.shape[0], self.done),
        )
