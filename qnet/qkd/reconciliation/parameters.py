"""Parameter sets and schedules of Cascade, by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from qnet.qkd.reconciliation._keys import checked_qber

__all__ = ["CASCADE_SCHEDULES", "CASCADE_SETS", "CascadeParameters", "CascadeSchedule", "cascade_parameters"]

LEAST_QBER = 1e-4
MOST_PASSES = 64


@dataclass(frozen=True, kw_only=True)
class CascadeSchedule:
    """Which odd blocks are asked about in one message.

    Args:
        name: Its name.
        overlap: Of the odd blocks (smallest first) those are asked about that hold the same error as one that is asked
            about already with at most this probability. 0 is one block at a time, infinity all of them.
        tail: Where at most so many blocks are asked about, `levels` halvings of each are asked for at once.
        levels: Halvings in one message (2^levels − 1 parities).
        together: Whether all passes of half blocks are opened in one message.
        reuse: Whether every sub-block whose parity is known is used again.
    """

    name: str
    overlap: float
    tail: int = 0
    levels: int = 1
    together: bool = False
    reuse: bool = True

    def __post_init__(self) -> None:
        if not self.overlap >= 0:
            raise ValueError(f"overlap must be at least 0, not {self.overlap!r}")
        if not 0 <= self.tail <= 4096:
            raise ValueError(f"tail must be from 0 to 4096 blocks, not {self.tail!r}")
        if not 1 <= self.levels <= 6:
            raise ValueError(f"levels must be from 1 to 6, not {self.levels!r}")
        if self.levels > 1 and not self.reuse:
            raise ValueError(f"levels must be 1 where known sub-blocks are not used again, not {self.levels!r}")


CASCADE_SCHEDULES: Mapping[str, CascadeSchedule] = MappingProxyType(
    {
        one.name: one
        for one in (
            CascadeSchedule(name="smallest-first", overlap=0.0),
            CascadeSchedule(name="balanced", overlap=0.05, together=True),
            CascadeSchedule(name="few-rounds", overlap=0.5, tail=6, levels=2, together=True),
            CascadeSchedule(name="side-by-side", overlap=math.inf),
            CascadeSchedule(name="smallest-first-plain", overlap=0.0, reuse=False),
            CascadeSchedule(name="side-by-side-plain", overlap=math.inf, reuse=False),
        )
    }
)


@dataclass(frozen=True, kw_only=True)
class CascadeParameters:
    """Everything about a run of Cascade that both parties know.

    Args:
        name: The name of the set.
        sizes: Block length of each pass; 0 stands for half of the key (a random subset and its complement).
        schedule: Which blocks are asked about in one message.
        block_length: Bits of a block; the key is cut into blocks of nearly this length.
        implied: Whether the last block of every pass but the first follows from the parity of the whole.
        streak: End after so many half blocks in a row that were even (0: after all passes).
        permute_first: Whether the first pass has an order of its own too, for errors that come in bursts.
    """

    name: str
    sizes: tuple[int, ...]
    schedule: CascadeSchedule = field(default=CASCADE_SCHEDULES["smallest-first"])
    block_length: int = 100_000
    implied: bool = True
    streak: int = 0
    permute_first: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.sizes) <= MOST_PASSES:
            raise ValueError(f"sizes must have from 1 to {MOST_PASSES} passes, not {len(self.sizes)}")
        if self.sizes[0] < 2 or min(self.sizes) < 0 or 1 in self.sizes:
            raise ValueError(f"sizes must be at least 2 (0 for half blocks, not in the first pass), not {self.sizes!r}")
        if not 1 <= self.block_length < 1 << 27:
            raise ValueError(f"block_length must be from 1 to 2**27 - 1 bits, not {self.block_length!r}")
        if self.streak < 0:
            raise ValueError(f"streak must be at least 0, not {self.streak!r}")


def _power(value: float) -> int:
    """2 to a power, and at least 2."""
    return 2 ** max(1, math.ceil(value))


def _original(q: float, n: int) -> list[int]:
    """Brassard and Salvail, doi:10.1007/3-540-48285-7_35: 0.73/q, doubled three times."""
    first = math.ceil(0.73 / q)
    return [first, 2 * first, 4 * first, 8 * first]


def _biconf(q: float, n: int) -> list[int]:
    """Sugimoto and Yamazaki: 0.92/q, three times that, then BICONF."""
    first = math.ceil(0.92 / q)
    return [first, 3 * first] + [0] * 40


def _yanetal(q: float, n: int) -> list[int]:
    """Yan et al., doi:10.1109/ICNC.2008.755: 0.8/q, five times that, then eight half blocks."""
    first = math.ceil(0.8 / q)
    return [first, 5 * first] + [0] * 8


def _option3(q: float, n: int) -> list[int]:
    first = math.ceil(1 / q)
    return [first, 2 * first] + [0] * 14


def _option7(q: float, n: int) -> list[int]:
    first = _power(-math.log2(q))
    return [first, 4 * first] + [0] * 12


def _option8(q: float, n: int) -> list[int]:
    alpha = -math.log2(q) - 0.5
    return [_power(alpha), _power((math.ceil(alpha) + 12) / 2), 4096] + [0] * 11


def _tuned(q: float, n: int) -> list[int]:
    """Least leakage of those tried here: a power of two nearest to 1/q, four or eight times that, half blocks."""
    first = 2 ** max(1, round(-math.log2(q)))
    return [first, (4 if first * q > 0.85 else 8) * first] + [0] * 14


def _quick(q: float, n: int) -> list[int]:
    """Few round trips: smaller blocks, which are asked about side by side."""
    first = 2 ** max(1, math.floor(math.log2(0.82 / q)))
    return [first, 2 * first] + [0] * 12


@dataclass(frozen=True, kw_only=True)
class _Set:
    sizes: Callable[[float, int], list[int]]
    implied: bool = True
    streak: int = 0
    schedule: str = "smallest-first"


CASCADE_SETS: Mapping[str, _Set] = MappingProxyType(
    {
        "original": _Set(sizes=_original, implied=False, schedule="side-by-side-plain"),
        "biconf": _Set(sizes=_biconf, implied=False, streak=10, schedule="side-by-side-plain"),
        "yanetal": _Set(sizes=_yanetal),
        "option3": _Set(sizes=_option3, schedule="smallest-first-plain"),
        "option4": _Set(sizes=_option3),
        "option7": _Set(sizes=_option7),
        "option8": _Set(sizes=_option8),
        "least-leakage": _Set(sizes=_tuned),
        "few-rounds": _Set(sizes=_quick, schedule="few-rounds"),
    }
)


def cascade_parameters(
    name: str, qber: float, *, schedule: str | None = None, block_length: int = 100_000
) -> CascadeParameters:
    r = checked_qber(qber)
    if name not in CASCADE_SETS:
        raise ValueError(f"there is no Cascade parameter set {name!r}: choose from {', '.join(CASCADE_SETS)}")
    chosen = CASCADE_SETS[name]
    wanted = chosen.schedule if schedule is None else schedule
    if wanted not in CASCADE_SCHEDULES:
        raise ValueError(f"there is no Cascade schedule {wanted!r}: choose from {', '.join(CASCADE_SCHEDULES)}")
    return CascadeParameters(
        name=name,
        sizes=tuple(chosen.sizes(max(r, LEAST_QBER), block_length)),
        schedule=CASCADE_SCHEDULES[wanted],
        block_length=block_length,
        implied=chosen.implied,
        streak=chosen.streak,
    )
