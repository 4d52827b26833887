"""Rate-adaptive LDPC between two parties: one syndrome, and a few revealed bits where that does not do."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.qkd.reconciliation._keys import checked_key, checked_qber, checked_seed, entropy
from qnet.qkd.reconciliation._mothers import COLUMNS, LIFTS, Code, Fit, best_fit, code, usual_efficiency
from qnet.qkd.reconciliation.results import Reconciliation

__all__ = ["LdpcAlice", "LdpcBob", "LdpcParameters", "ldpc_parameters"]

LEAST_QBER = 2e-3
MOST_PUNCTURED = 0.1
SURE = np.float32(30)
Bits = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class LdpcParameters:
    """Everything about LDPC reconciliation that both parties know.

    Args:
        qber: Error rate that the decoder reckons with.
        efficiency: f that is aimed at: the syndrome is as long as f n h(qber), as near as puncturing goes.
        rows: Base rows of the mother code.
        lift: Lanes of its lift: words have 400 · lift bits.
        longest: Bits of the longest block.
        attempts: Decode at most so often; after a failure some more bits are revealed. 1 is no blind reveal.
        step: Bits that are revealed after a failure, as a share of the bits disclosed so far.
        iterations: Iterations of an attempt.
    """

    qber: float
    efficiency: float
    rows: int
    lift: int
    longest: int
    attempts: int = 4
    step: float = 0.02
    iterations: int = 100

    def __post_init__(self) -> None:
        checked_qber(self.qber)
        if not 1 <= self.efficiency <= 20:
            raise ValueError(f"efficiency must be from 1 to 20, not {self.efficiency!r}")
        if self.lift not in LIFTS:
            raise ValueError(f"lift must be one of {LIFTS}, not {self.lift!r}")
        if not 1 <= self.longest <= COLUMNS * self.lift:
            raise ValueError(f"longest must be from 1 to {COLUMNS * self.lift} bits, not {self.longest!r}")
        if not 1 <= self.attempts <= 100:
            raise ValueError(f"attempts must be from 1 to 100, not {self.attempts!r}")
        if not 0 < self.step <= 1:
            raise ValueError(f"step must be above 0 and at most 1, not {self.step!r}")
        if not 1 <= self.iterations <= 10_000:
            raise ValueError(f"iterations must be from 1 to 10000, not {self.iterations!r}")

    @property
    def code(self) -> Code:
        """The mother code."""
        return code(self.rows, self.lift)

    def punctured(self, length: int) -> int:
        """Bits that Alice fills with secret random ones, for a block of some length."""
        checks = self.rows * self.lift
        wanted = checks - round(self.efficiency * length * entropy(max(self.qber, LEAST_QBER)))
        return max(
            0,
            min(
                wanted,
                int(MOST_PUNCTURED * COLUMNS * self.lift),
                3 * checks // 4,
                COLUMNS * self.lift - length,
            ),
        )


def ldpc_parameters(
    qber: float, *, block_length: int = 100_000, efficiency: float | None = None, attempts: int = 4
) -> LdpcParameters:
    """The mother code and its fit for an error rate.

    Args:
        qber: Error rate, from 0 to 0.25.
        block_length: Bits of a block at most, about: words have 6400, 25 600 or 102 400 bits, and the
        code's rate says
            how many of them are the key's.
        efficiency: f that is aimed at; None takes one at which few first attempts fail.
        attempts: Decode at most so often; after a failure some more bits are revealed. 1 is no blind reveal.

    Returns:
        The parameters.

    Raises:
        ValueError: An argument is out of range.

    Example:
        >>> parameters = ldpc_parameters(0.05)
        >>> parameters.rows, parameters.lift, parameters.longest
        (128, 256, 101657)
    """
    share = max(checked_qber(qber), LEAST_QBER)
    if not 1 <= block_length < 1 << 27:
        raise ValueError(f"block_length must be from 1 to 2**27 - 1 bits, not {block_length!r}")
    if efficiency is not None and not 1 <= efficiency <= 20:
        raise ValueError(f"efficiency must be from 1 to 20, not {efficiency!r}")
    chosen: tuple[float, Fit] | None = None
    for lift in LIFTS:
        f = usual_efficiency(share, lift) if efficiency is None else efficiency
        fit = best_fit(share, f, lift)
        if chosen is None or fit.longest <= 1.25 * block_length:
            chosen = f, fit
    f, fit = chosen if chosen is not None else (1.0, best_fit(share, 1.0, LIFTS[0]))
    return LdpcParameters(
        qber=float(qber), efficiency=f, rows=fit.rows, lift=fit.lift, longest=fit.longest, attempts=attempts
    )


class _Blocks:
    """What both parties know of each block: where it starts, and the public order of its word."""

    def __init__(self, length: int, parameters: LdpcParameters, seed: int) -> None:
        number = -(-length // parameters.longest)
        self.starts = np.arange(number + 1, dtype=np.int64) * length // number
        self.lengths = np.diff(self.starts)
        self.code = parameters.code
        self.punctured = np.array([parameters.punctured(int(n)) for n in self.lengths], np.int64)
        self._seed = checked_seed(seed)

    def order(self, block: int) -> NDArray[np.int32]:
        """Places of the word: first the key's, then the punctured, then the known zeros."""
        from qnet.qkd.reconciliation._words import order_of

        out = np.empty(self.code.length, np.int32)
        order_of(np.uint64(self._seed), block, out)
        return out

    def syndrome(self, word: Bits) -> Bits:
        """The parities of a word, one row a base row."""
        from qnet.qkd.reconciliation._layers import syndrome

        out = np.empty((self.code.rows, self.code.lift), np.uint8)
        bits = np.ascontiguousarray(word.reshape(COLUMNS, self.code.lift))
        syndrome(bits, self.code.starts, self.code.columns, self.code.shifts, out)
        return out


def _requests(message: bytes, blocks: int) -> NDArray[np.uint32]:
    """Pairs of block and number of bits (0: the syndrome)."""
    if not message or len(message) % 8:
        raise ValueError(f"message of {len(message)} bytes is not a list of requests; end the session")
    pairs = np.frombuffer(message, "<u4").reshape(-1, 2)
    if int(pairs[:, 0].max()) >= blocks:
        raise ValueError(f"message asks about block {int(pairs[:, 0].max())} of {blocks}; end the session")
    return pairs


class LdpcAlice:
    """Alice's side of LDPC: she tells syndromes, and reveals bits in a public order when asked.

    Args:
        key: Her bits, zeros and ones.
        parameters: What both parties agreed on.
        seed: The public seed of the orders of the words; it is drawn after the key was received.
        random_bytes: Where the secret bits at the punctured places come from; the operating system, unless
        a study
            wants the same again.

    Raises:
        ValueError: The key is empty or not binary, or the seed is not of 64 bits.

    Example:
        >>> import numpy as np
        >>> from qnet.qkd.reconciliation import LdpcAlice, LdpcBob, converse, ldpc_parameters
        >>> key = np.random.default_rng(1).integers(0, 2, 5000, dtype=np.uint8)
        >>> wrong = key.copy()
        >>> wrong[::50] ^= 1
        >>> parameters = ldpc_parameters(0.02, block_length=5000)
        >>> result = converse(LdpcAlice(key, parameters, seed=5), LdpcBob(wrong, parameters, seed=5))
        >>> bool((result.key == key).all()), result.round_trips, result.corrected.tolist()
        (True, 1, [100])
    """

    def __init__(
        self,
        key: ArrayLike,
        parameters: LdpcParameters,
        *,
        seed: int,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._key = checked_key(key)
        self._blocks = _Blocks(self._key.size, parameters, seed)
        self._secret = [
            np.unpackbits(np.frombuffer(random_bytes((int(p) + 7) // 8), np.uint8), count=int(p))
            for p in self._blocks.punctured
        ]
        self._disclosed = np.zeros(self._blocks.lengths.size, np.int64)
        self._revealed = np.zeros(self._blocks.lengths.size, np.int64)
        self._told = np.zeros(self._blocks.lengths.size, np.bool_)
        self._answer: bytes | None = None

    @property
    def disclosed(self) -> NDArray[np.int64]:
        """Bits disclosed about each block: its syndrome less the punctured ones, and what was revealed."""
        return self._disclosed.copy()

    @property
    def leaked_bits(self) -> int:
        """All bits disclosed."""
        return int(self._disclosed.sum())

    def _part(self, block: int) -> Bits:
        return self._key[self._blocks.starts[block] : self._blocks.starts[block + 1]]

    def _syndrome(self, block: int) -> Bits:
        blocks, part, secret = self._blocks, self._part(block), self._secret[block]
        order, word = blocks.order(block), np.zeros(blocks.code.length, np.uint8)
        word[order[: part.size]] = part
        word[order[part.size : part.size + secret.size]] = secret
        self._told[block] = True
        self._disclosed[block] += blocks.code.checks - secret.size
        return blocks.syndrome(word)

    def _reveal(self, block: int, number: int) -> Bits:
        told = int(self._revealed[block])
        row = np.concatenate([self._secret[block], self._part(block)])[told : told + number]
        if row.size < number:
            raise ValueError(
                f"message asks for {number} bits of block {block}, {row.size} are left; end the session"
            )
        self._revealed[block] += number
        self._disclosed[block] += number
        return row

    def receive(self, message: bytes) -> None:
        """Take Bob's requests.

        Args:
            message: Packed requests.

        Raises:
            ValueError: It is no list of requests, asks twice for a syndrome or for bits before it, or for
            too many.
        """
        parts = []
        for block, number in _requests(message, self._blocks.lengths.size).tolist():
            if (number == 0) == bool(self._told[block]):
                raise ValueError(f"message asks out of turn about block {block}; end the session")
            parts.append(
                np.packbits(
                    self._reveal(block, number) if number else self._syndrome(block).ravel()
                ).tobytes()
            )
        self._answer = b"".join(parts)

    def next_message(self) -> bytes | None:
        """What was asked for, once; None when nothing was asked."""
        told, self._answer = self._answer, None
        return told


class LdpcBob:
    """Bob's side of LDPC: he asks for all syndromes at once, decodes, and asks for more where he must.

    Args:
        key: His bits, zeros and ones, as many as Alice has.
        parameters: What both parties agreed on.
        seed: The public seed, the same as Alice's.

    Raises:
        ValueError: The key is empty or not binary, or the seed is not of 64 bits.
    """

    def __init__(self, key: ArrayLike, parameters: LdpcParameters, *, seed: int) -> None:
        self._key = checked_key(key).copy()
        self.parameters = parameters
        self._blocks = _Blocks(self._key.size, parameters, seed)
        number = self._blocks.lengths.size
        self._targets: dict[int, Bits] = {}
        self._known: dict[int, list[Bits]] = {block: [] for block in range(number)}
        self._disclosed, self._corrected = np.zeros(number, np.int64), np.zeros(number, np.int64)
        self._rounds, self._decoded = np.zeros(number, np.int64), np.zeros(number, np.bool_)
        self._asked: list[tuple[int, int]] = [(block, 0) for block in range(number)]
        self._fresh, self._messages = True, 0

    def next_message(self) -> bytes | None:
        """The next requests, once; None while an answer is due and when all is done."""
        if not self._fresh:
            return None
        self._fresh = False
        self._messages += 1
        return np.array(self._asked, "<u4").tobytes()

    def receive(self, message: bytes) -> None:
        """Take Alice's syndromes or revealed bits, and decode.

        Args:
            message: Packed bits.

        Raises:
            ValueError: It is not as long as the answer to the last requests.
        """
        checks = self._blocks.code.checks
        sizes = [((number or checks) + 7) // 8 for _, number in self._asked]
        if self._fresh or not self._asked or len(message) != sum(sizes):
            due = 0 if self._fresh else sum(sizes)
            raise ValueError(f"message of {len(message)} bytes where {due} are due; end the session")
        told, at = np.frombuffer(message, np.uint8), 0
        following = []
        for (block, number), size in zip(self._asked, sizes, strict=True):
            bits = np.unpackbits(told[at : at + size], count=number or checks)
            at += size
            more = self._learn(block, number, bits)
            if more:
                following.append((block, more))
        self._asked, self._fresh = following, bool(following)

    def _learn(self, block: int, number: int, bits: Bits) -> int:
        """Enter what was told about a block, and decode it; how many bits it still wants."""
        blocks = self._blocks
        part = self._key[blocks.starts[block] : blocks.starts[block + 1]]
        punctured = int(blocks.punctured[block])
        self._rounds[block] += 1
        order = blocks.order(block)
        if number:
            self._known[block].append(bits)
            self._disclosed[block] += number
        else:
            word = np.zeros(blocks.code.length, np.uint8)
            word[order[: part.size]] = part
            self._targets[block] = blocks.syndrome(word) ^ bits.reshape(blocks.code.rows, -1)
            self._disclosed[block] += bits.size - punctured
        errors = self._decode(block, order, part, punctured)
        if errors is not None:
            self._decoded[block], self._corrected[block] = True, int(errors.sum())
            part ^= errors
            return 0
        if self._rounds[block] >= self.parameters.attempts:
            return 0
        known = sum(row.size for row in self._known[block])
        return min(
            max(1, round(self.parameters.step * int(self._disclosed[block]))), punctured + part.size - known
        )

    def _decode(self, block: int, order: NDArray[np.int32], part: Bits, punctured: int) -> Bits | None:
        """The errors of a block, or None."""
        from qnet.qkd.reconciliation._layers import decode

        code_, q = self._blocks.code, max(self.parameters.qber, LEAST_QBER)
        total = np.full(code_.length, SURE, np.float32)
        total[order[: part.size]] = np.log((1 - q) / q)
        total[order[part.size : part.size + punctured]] = 0
        if self._known[block]:
            known = np.concatenate(self._known[block])
            ours = np.concatenate([np.zeros(punctured, np.uint8), part])[: known.size]
            places = np.concatenate([order[part.size : part.size + punctured], order[: part.size]])[
                : known.size
            ]
            total[places] = np.where(known ^ ours, -SURE, SURE)
        widest = int(np.diff(code_.starts).max())
        memory = np.empty((1 + code_.columns.size + 3 * widest) * code_.lift, np.float32)
        lanes = total.reshape(COLUMNS, code_.lift)
        turns = decode(
            lanes,
            self._targets[block],
            code_.starts,
            code_.columns,
            code_.shifts,
            memory,
            self.parameters.iterations,
        )
        return (total[order[: part.size]] < 0).astype(np.uint8) if turns >= 0 else None

    @property
    def done(self) -> bool:
        """Whether there is nothing left to ask."""
        return not self._asked

    @property
    def result(self) -> Reconciliation:
        """The key as it stands, with what it cost so far."""
        parameters = self.parameters
        return Reconciliation(
            method="ldpc",
            schedule=f"mother {parameters.rows}/{COLUMNS}, lift {parameters.lift}",
            key=self._key.copy(),
            block_lengths=self._blocks.lengths.copy(),
            disclosed=self._disclosed.copy(),
            corrected=self._corrected.copy(),
            round_trips=self._messages,
            rounds=self._rounds.copy(),
            decoded=self._decoded.copy(),
        )
