"""Which method leaves most of a key in the time that there is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qnet.qkd.reconciliation._keys import checked_qber, entropy
from qnet.qkd.reconciliation.ldpc import LEAST_QBER, LdpcParameters, ldpc_parameters
from qnet.qkd.reconciliation.parameters import CascadeParameters, cascade_parameters

__all__ = ["MethodChoice", "choose_method"]

# Of blocks of 10⁵ bits at 3 %, as measured with these parameters: f, round trips, bits of both parties'
# work a second.
MEASURED = {
    "least-leakage": (1.03, 9.5e3, 1e7),
    "balanced": (1.045, 250.0, 1e7),
    "few-rounds": (1.08, 55.0, 1e7),
}
LDPC_WORK, LDPC_ROUNDS = 2e6, 1.2
MESSAGE_S = 5e-5


@dataclass(frozen=True, kw_only=True)
class MethodChoice:
    """A method and its parameters, with what is expected of it.

    Args:
        name: "least-leakage", "balanced", "few-rounds" (all Cascade) or "ldpc".
        parameters: What both parties need.
        efficiency: Expected f.
        round_trips: Expected round trips, all blocks being in flight together.
        seconds: Expected time of work, messages and round trips.
    """

    name: str
    parameters: CascadeParameters | LdpcParameters
    efficiency: float
    round_trips: float
    seconds: float


def choose_method(
    qber: float, length: int, *, round_trip_s: float, time_s: float = 1.0, block_length: int = 100_000
) -> MethodChoice:
    """The method of least leakage among those that are expected to end in time; the fastest when none is.

    Round trips are paid once for all blocks of a key, which are in flight together. Cascade with least
    leakage takes thousands of them and suits one machine or one building; asked side by side it takes tens to
    hundreds; LDPC takes
    one, and leaks more the lower the error rate and the shorter the block.

    Args:
        qber: Error rate, from 0 to 0.25.
        length: Bits of the key.
        round_trip_s: Time from a question to its answer, in seconds.
        time_s: Time that reconciling this key may take: for a link that never rests, that in which as much
        again
            arrives.
        block_length: Bits of a block.

    Returns:
        The choice.

    Raises:
        ValueError: The error rate is out of range, the length not positive, or a time negative or not finite.

    Example:
        >>> [choose_method(0.03, 10**6, round_trip_s=s).name for s in (1e-6, 1e-3, 1e-2, 0.1)]
        ['least-leakage', 'balanced', 'few-rounds', 'ldpc']
    """
    checked_qber(qber)
    if length < 1:
        raise ValueError(f"length must be at least 1 bit, not {length!r}")
    if not 0 <= round_trip_s < math.inf:
        raise ValueError(f"round_trip_s must be at least 0 and finite, not {round_trip_s!r}")
    if not 0 <= time_s < math.inf:
        raise ValueError(f"time_s must be at least 0 and finite, not {time_s!r}")
    block = min(length, block_length)
    candidates = [_cascade(name, qber, length, block, round_trip_s) for name in MEASURED]
    candidates.append(_ldpc(qber, length, block, round_trip_s))
    in_time = [one for one in candidates if one.seconds <= time_s]
    if in_time:
        return min(in_time, key=lambda one: one.efficiency)
    return min(candidates, key=lambda one: one.seconds)


def _cascade(name: str, qber: float, length: int, block: int, round_trip_s: float) -> MethodChoice:
    """What Cascade is expected to cost: the round trips of least leakage grow with the errors of a block."""
    f, rounds, work = MEASURED[name]
    kind = "few-rounds" if name == "few-rounds" else "least-leakage"
    schedule = "smallest-first" if name == "least-leakage" else name
    parameters = cascade_parameters(kind, qber, schedule=schedule, block_length=block)
    if name == "least-leakage":
        rounds = 40 + rounds * block * entropy(max(qber, 1e-4)) / (1e5 * entropy(0.03))
    seconds = length / work + rounds * (round_trip_s + MESSAGE_S)
    longer = 1.5 / math.sqrt(max(block, 100))
    return MethodChoice(
        name=name, parameters=parameters, efficiency=f + longer, round_trips=rounds, seconds=seconds
    )


def _ldpc(qber: float, length: int, block: int, round_trip_s: float) -> MethodChoice:
    """What LDPC is expected to cost; short blocks are punctured as far as that goes."""
    parameters = ldpc_parameters(qber, block_length=block)
    bits = length / math.ceil(length / parameters.longest)
    told = parameters.code.checks - parameters.punctured(int(bits))
    return MethodChoice(
        name="ldpc",
        parameters=parameters,
        efficiency=max(parameters.efficiency, told / (bits * entropy(max(qber, LEAST_QBER)))),
        round_trips=LDPC_ROUNDS,
        seconds=length / LDPC_WORK + LDPC_ROUNDS * (round_trip_s + MESSAGE_S),
    )
