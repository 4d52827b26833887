"""Parameter sets and schedules of Cascade, by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from qnet.qkd.reconciliation._keys import checked_qber

__all__ = [
    "CASCADE_SCHEDULES",
    "CASCADE_SETS",
    "CascadeParameters",
    "CascadeSchedule",
    "CascadeSet",
    "cascade_parameters",
]

LEAST_QBER = 1e-4
MOST_PASSES = 64


@dataclass(frozen=True, kw_only=True)
class CascadeSchedule:
    """Which odd blocks are asked about in one message.

    Args:
        name: Its name.
        overlap: Of the odd blocks (smallest first) those are asked about that hold the same error as one
        that is asked
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
            raise ValueError(
                f"levels must be 1 where known sub-blocks are not used again, not {self.levels!r}"
            )


CASCADE_SCHEDULES: Mapping[str, CascadeSchedule] = MappingProxyType(
    {
        one.name: one
        for one in (
            CascadeSchedule(name="smallest-first", overlap=0.0),
            CascadeSchedule(name="balanced", overlap=0.05, together=True),
            CascadeSchedule(name="few-rounds", overlap=0.6, tail=8, levels=2, together=True),
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
            raise ValueError(
                f"sizes must be at least 2 (0 for half blocks, not in the first pass), not {self.sizes!r}"
            )
        if not 1 <= self.block_length < 1 << 27:
            raise ValueError(f"block_length must be from 1 to 2**27 - 1 bits, not {self.block_length!r}")
        if self.streak < 0:
            raise ValueError(f"streak must be at least 0, not {self.streak!r}")


def _power(value: float) -> int:
    """2 to a power, and at least 2."""
    return 1 << max(1, math.ceil(value))


def _original(q: float) -> tuple[int, ...]:
    """Brassard and Salvail, doi:10.1007/3-540-48285-7_35: 0.73/q, doubled three times."""
    first = math.ceil(0.73 / q)
    return (first, 2 * first, 4 * first, 8 * first)


def _biconf(q: float) -> tuple[int, ...]:
    """Sugimoto and Yamazaki: 0.92/q, three times that, then BICONF."""
    first = math.ceil(0.92 / q)
    return (first, 3 * first, *[0] * 40)


def _yanetal(q: float) -> tuple[int, ...]:
    """Yan et al., doi:10.1109/ICNC.2008.755: 0.8/q, five times that, then eight half blocks."""
    first = math.ceil(0.8 / q)
    return (first, 5 * first, *[0] * 8)


def _option3(q: float) -> tuple[int, ...]:
    """Martínez-Mateo et al., arXiv:1407.3257, options 3 and 4: 1/q, twice that, half blocks."""
    first = math.ceil(1 / q)
    return (first, 2 * first, *[0] * 14)


def _option7(q: float) -> tuple[int, ...]:
    """Martínez-Mateo et al., option 7: a power of two at or above 1/q, 4 times that, half blocks."""
    first = _power(-math.log2(q))
    return (first, 4 * first, *[0] * 12)


def _option8(q: float) -> tuple[int, ...]:
    """Martínez-Mateo et al., option 8: powers of two from α = log2(1/q) − 1/2, 4096, half blocks."""
    alpha = -math.log2(q) - 0.5
    return (_power(alpha), _power((math.ceil(alpha) + 12) / 2), 4096, *[0] * 11)


def _tuned(q: float) -> tuple[int, ...]:
    """Least leakage of those tried: the power of two nearest to 1/q, 4 or 8 times that, half blocks."""
    first = 2 ** max(1, round(-math.log2(q)))
    return (first, (4 if first * q > 0.85 else 8) * first, *[0] * 14)


def _quick(q: float) -> tuple[int, ...]:
    """Few round trips: smaller blocks, which are asked about side by side; found by trials at 10⁵ bits."""
    first = 2 ** max(1, math.floor(math.log2(0.85 / q)))
    if first * q < 0.6:
        first = round(0.75 / q)
    large = first * q > 0.7
    times = (3 if large else 4) if q > 0.055 else 2 if large or q <= 0.03 else 3
    return (first, times * first, *[0] * 12)


@dataclass(frozen=True, kw_only=True)
class CascadeSet:
    """A family of parameters: block sizes as a function of the error rate, and its usual schedule.

    Args:
        sizes: Error rate to block sizes; 0 stands for half blocks.
        implied: Whether the last block of every pass but the first follows from the parity of the whole.
        streak: End after so many even half blocks in a row (0: after all passes).
        schedule: Schedule that is taken when none is named.
    """

    sizes: Callable[[float], tuple[int, ...]]
    implied: bool = True
    streak: int = 0
    schedule: str = "smallest-first"


CASCADE_SETS: Mapping[str, CascadeSet] = MappingProxyType(
    {
        "original": CascadeSet(sizes=_original, implied=False, schedule="side-by-side-plain"),
        "biconf": CascadeSet(sizes=_biconf, implied=False, streak=10, schedule="side-by-side-plain"),
        "yanetal": CascadeSet(sizes=_yanetal),
        "option3": CascadeSet(sizes=_option3, schedule="smallest-first-plain"),
        "option4": CascadeSet(sizes=_option3),
        "option7": CascadeSet(sizes=_option7),
        "option8": CascadeSet(sizes=_option8),
        "least-leakage": CascadeSet(sizes=_tuned),
        "few-rounds": CascadeSet(sizes=_quick, schedule="few-rounds"),
    }
)


def _fitted(schedule: CascadeSchedule, qber: float) -> CascadeSchedule:
    """Few rounds want three halvings at once where the errors are many (found by trials)."""
    many = schedule.name == "few-rounds" and qber > 0.055
    return replace(schedule, tail=12, levels=3) if many else schedule


def cascade_parameters(
    name: str, qber: float, *, schedule: str | None = None, block_length: int = 100_000
) -> CascadeParameters:
    """A named parameter set for an error rate.

    Args:
        name: "original", "biconf", "yanetal", "option3", "option4", "option7", "option8", or our own
            "least-leakage" and "few-rounds".
        qber: Error rate that is expected, from 0 to 0.25.
        schedule: "smallest-first" (least leakage), "balanced", "few-rounds" or "side-by-side" (all odd
            blocks in one message), or without reuse of sub-blocks "smallest-first-plain" or
            "side-by-side-plain". None takes the set's own.
        block_length: Bits of a block.

    Returns:
        The parameters.

    Raises:
        ValueError: The error rate is out of range or too high, a name unknown, or the block length out of
        range.

    Example:
        >>> parameters = cascade_parameters("option7", 0.03)
        >>> parameters.sizes[:3], len(parameters.sizes), parameters.schedule.name
        ((64, 256, 0), 14, 'smallest-first')
    """
    share = max(checked_qber(qber), LEAST_QBER)
    if name not in CASCADE_SETS:
        raise ValueError(f"there is no Cascade parameter set {name!r}: choose from {', '.join(CASCADE_SETS)}")
    chosen = CASCADE_SETS[name]
    wanted = chosen.schedule if schedule is None else schedule
    if wanted not in CASCADE_SCHEDULES:
        raise ValueError(
            f"there is no Cascade schedule {wanted!r}: choose from {', '.join(CASCADE_SCHEDULES)}"
        )
    return CascadeParameters(
        name=name,
        sizes=chosen.sizes(share),
        schedule=_fitted(CASCADE_SCHEDULES[wanted], share),
        block_length=block_length,
        implied=chosen.implied,
        streak=chosen.streak,
    )
