"""One-way hops, sampled by Stim and decoded: the check of the closed forms."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from qnet.repeaters.one_way.circuit import hop_circuit
from qnet.repeaters.one_way.hop import OneWayCode, StationErrors
from qnet.repeaters.one_way.parity import ParityCode
from qnet.results import Figure

if TYPE_CHECKING:
    import sinter

__all__ = ["SimulatedHops", "simulated_hops"]

LARGEST_SIMULATED = 400


@dataclass(frozen=True, kw_only=True)
class SimulatedHops:
    """What was counted.

    Args:
        shots: Blocks that were sent.
        kept: Those that no station gave up.
        wrong_z: Those of them whose Z⊗Z came out wrong (X and Y errors).
        wrong_x: The same for X⊗X.
        hops: Hops of each.
    """

    shots: int
    kept: int
    wrong_z: int
    wrong_x: int
    hops: int = 1

    @property
    def success(self) -> Figure:
        """Probability that no station gives up."""
        return _share(self.kept, self.shots)

    @property
    def e_x(self) -> Figure:
        """Probability of a wrong Z⊗Z, given success."""
        return _share(self.wrong_z, self.kept)

    @property
    def e_z(self) -> Figure:
        """Probability of a wrong X⊗X, given success."""
        return _share(self.wrong_x, self.kept)


def simulated_hops(
    code: OneWayCode,
    *,
    transmission: float,
    errors: StationErrors | None = None,
    hops: int = 1,
    shots: int = 10_000,
    precision: float | None = None,
    seed: int | None = None,
    executor: Executor | None = None,
    save_resume: str | os.PathLike[str] | None = None,
) -> SimulatedHops:
    """Send blocks over some hops in Stim, and count.

    Losses are decoded exactly. For parity codes that is the stations' own rule, wrong outcomes and all
    (`VoteDecoder`); for others it is `decoders.PeelingDecoder`, which says of how many shots no decoder could
    do better: for a tree code that is `TreeCode.correctable`, above the success of photons measured one by
    one.

    Args:
        code: The code.
        transmission: η of a photon in one hop.
        errors: What stations do wrong; of codes other than parity codes, nothing.
        hops: How many hops.
        shots: Blocks to send; the most, where there is a precision.
        precision: End when the relative standard error of the failures is this.
        seed: Of all shots.
        executor: Who samples; None for this process (see `decoders.collect`).
        save_resume: A CSV of sinter's, in which shots are kept.

    Raises:
        ValueError: If an argument is not as described, the code takes more than 400 photons, or there are
            errors and it is no parity code.

    Example:
        >>> from qnet.repeaters.one_way.parity import ParityCode
        >>> found = simulated_hops(ParityCode(n=2, m=2), transmission=0.9, shots=20_000, seed=1)
        >>> abs(found.success.value - 0.9477) < 5 * found.success.stderr
        True
    """
    from decoders.collection import collect

    task, decoder = _task(code, transmission, errors or StationErrors(), hops)
    (stats,) = collect(
        [task],
        decoders={"station": decoder},
        executor=executor,
        max_shots=shots,
        precision=precision,
        seed=seed,
        save_resume=save_resume,
        progress=False,
        count_observable_error_combos=True,
    )
    wrong = dict.fromkeys(("E_", "_E", "EE"), 0)
    for key, count in stats.custom_counts.items():
        wrong |= {name: count for name in wrong if key == f"obs_mistake_mask={name}"}
    return SimulatedHops(
        shots=stats.shots,
        kept=stats.shots - stats.discards,
        wrong_z=wrong["_E"] + wrong["EE"],
        wrong_x=wrong["E_"] + wrong["EE"],
        hops=hops,
    )


def _task(
    code: OneWayCode, transmission: float, errors: StationErrors, hops: int
) -> tuple[sinter.Task, sinter.Decoder]:
    import sinter

    from decoders.confidence import DiscardingDecoder
    from decoders.peeling import PeelingDecoder
    from qnet.repeaters.one_way.decoding import VoteDecoder

    if code.photons > LARGEST_SIMULATED:
        raise ValueError(
            f"{code.name} takes {code.photons} photons; {LARGEST_SIMULATED} are the most to simulate"
        )
    votes = isinstance(code, ParityCode)
    if errors.flip and not votes:
        raise ValueError(
            f"the simulation of {code.name} knows losses alone; take a parity code, or no errors"
        )
    if not votes and transmission == 1:
        raise ValueError("transmission=1 loses nothing, and there is nothing to simulate")
    circuit = hop_circuit(code.stabilizer_code(), transmission=transmission, errors=errors, hops=hops)
    model = circuit.detector_error_model(approximate_disjoint_errors=True)
    decoder = (
        VoteDecoder(n=code.n, m=code.m)
        if isinstance(code, ParityCode)
        else DiscardingDecoder(decoder=PeelingDecoder())
    )
    metadata = {"code": code.name, "hops": hops, "transmission": transmission, "flip": errors.flip}
    return sinter.Task(
        circuit=circuit, decoder="station", detector_error_model=model, json_metadata=metadata
    ), decoder


def _share(part: int, whole: int) -> Figure:
    if not whole:
        return Figure(float("nan"))
    rate = part / whole
    return Figure(rate, stderr=sqrt(max(rate * (1 - rate), 1 / whole) / whole))
