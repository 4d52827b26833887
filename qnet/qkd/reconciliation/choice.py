"""Which method reconciles a key soonest, or with the most key left."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qnet.qkd.reconciliation._keys import checked_qber, entropy
from qnet.qkd.reconciliation.ldpc import LdpcParameters, ldpc_parameters
from qnet.qkd.reconciliation.parameters import CascadeParameters, cascade_parameters

__all__ = ["MethodChoice", "choose_method"]

IN_FLIGHT = 64
# Round trips of a block of 10⁵ bits at 3 %, and bits a second of both parties' work, as measured here.
ROUNDS = {"least-leakage": 1.0e4, "balanced": 250.0, "few-rounds": 60.0, "ldpc": 1.1}
WORK = {"least-leakage": 1.0e7, "balanced": 1.2e7, "few-rounds": 1.0e7, "ldpc": 2.0e6}
EFFICIENCY = {"least-leakage": 1.035, "balanced": 1.045, "few-rounds": 1.08}


@dataclass(frozen=True, kw_only=True)
class MethodChoice:
    """A method and its parameters, with what is expected of it.

    Args:
        name: "least-leakage", "balanced", "few-rounds" (Cascade) or "ldpc".
        parameters: What both parties need.
        efficiency: Expected f.
        round_trips: Expected round trips of a batch of blocks.
        seconds: Expected time, work and round trips together.
    """

    name: str
    parameters: CascadeParameters | LdpcParameters
    efficiency: float
    round_trips: float
    seconds: float


def choose_method(
    qber: float,
    length: int,
    *,
    round_trip_s: float,
    seconds_per_bit: float | None = None,
    block_length: int = 100_000,
) -> MethodChoice:
    """The method that costs the least key, where waiting costs key too.

    A disclosed bit costs one bit of key; a second of waiting costs the key bits that the link could deliver in it. All
    blocks of a key are in flight together, so that a round trip is paid once for all of them. At 1 ms and more LDPC
    wins unless the key is long; on one machine Cascade with least leakage does.

    Args:
        qber: Error rate, from 0 to 0.25.
        length: Bits of the key.
        round_trip_s: Time from a question to its answer, in seconds.
        seconds_per_bit: Seconds that a bit of sifted key takes to arrive; a key that is reconciled more slowly than the
            next one arrives is lost time. None takes 1e-6.
        block_length: Bits of a block.

    Returns:
        The choice.

    Raises:
        ValueError: The error rate is out of range, the length not positive, or a time negative.

    Example:
        >>> choose_method(0.03, 1_000_000, round_trip_s=1e-6).name
        'least-leakage'
        >>> choose_method(0.03, 1_000_000, round_trip_s=0.1).name
        'ldpc'
    """
    share = checked_qber(qber)
    if length < 1:
        raise ValueError(f"length must be at least 1 bit, not {length!r}")
    if not 0 <= round_trip_s < math.inf:
        raise ValueError(f"round_trip_s must be at least 0 and finite, not {round_trip_s!r}")
    arrival = 1e-6 if seconds_per_bit is None else seconds_per_bit
    if not 0 < arrival < math.inf:
        raise ValueError(f"seconds_per_bit must be above 0 and finite, not {seconds_per_bit!r}")
    candidates = [_expected(name, share, length, round_trip_s, block_length) for name in ROUNDS]
    least = length * max(entropy(share), 1e-9)
    return min(candidates, key=lambda one: one.efficiency * least + one.seconds / arrival)


def _expected(name: str, qber: float, length: int, round_trip_s: float, block_length: int) -> MethodChoice:
    """What a method is expected to cost."""
    parameters: CascadeParameters | LdpcParameters
    block = min(length, block_length)
    if name == "ldpc":
        parameters = ldpc_parameters(qber, block_length=block)
        known, rounds = parameters.efficiency, ROUNDS[name]
        bits = min(length, parameters.longest)
        known *= max(1.0, parameters.rows * parameters.lift * 0.85 / max(1.0, known * bits * entropy(max(qber, 2e-3))))
    else:
        kind = "few-rounds" if name == "few-rounds" else "least-leakage"
        schedule = {"least-leakage": "smallest-first"}.get(name, name)
        parameters = cascade_parameters(kind, qber, schedule=schedule, block_length=block_length)
        # A short block has more passes' worth of overhead for each of its errors.
        known = EFFICIENCY[name] + 1.5 / math.sqrt(max(block, 100))
        scale = max(block * entropy(qber) / (1e5 * entropy(0.03)), 0.01)
        rounds = 30 + ROUNDS[name] * scale if name == "least-leakage" else ROUNDS[name] * max(scale, 0.2) ** 0.3
    seconds = length / WORK[name] + rounds * (round_trip_s + 2e-5)
    return MethodChoice(
        name=name, parameters=parameters, efficiency=known, round_trips=rounds, seconds=seconds
    )
