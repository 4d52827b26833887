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

__all__ = ["SimulatedHops", "hop_task", "simulated_hops"]

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

    Losses alone are decoded exactly (`decoders.PeelingDecoder`), which says of which shots no decoder could
    do better than a coin: for a tree code the others are `TreeCode.correctable`, above the success of photons
    measured one by one. With wrong outcomes, parity codes are decoded by the stations' own rule, by votes.

    Args:
        code: The code.
        transmission: η of a photon in one hop.
        errors: What stations do wrong; of codes other than parity codes, nothing.
        hops: How many hops.
        shots: Blocks to send; the most, where there is a precision.
        precision: End when the relative standard error of what is given up is this; with wrong outcomes, that
            of the errors among what is not.
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

    noise = errors or StationErrors()
    task, decoder = hop_task(code, transmission, noise, hops)
    (stats,) = collect(
        [task],
        decoders={str(task.decoder): decoder},
        executor=executor,
        max_shots=shots,
        precision=precision,
        seed=seed,
        save_resume=save_resume,
        progress=False,
        count_observable_error_combos=True,
        custom_error_count_key=None if noise.flip else "low_confidence",
    )
    given_up = stats.discards if noise.flip else stats.custom_counts.get("low_confidence", 0)
    wrong = dict.fromkeys(("E_", "_E", "EE"), 0)
    if noise.flip:
        wrong = {name: int(stats.custom_counts.get(f"obs_mistake_mask={name}", 0)) for name in wrong}
    return SimulatedHops(
        shots=stats.shots,
        kept=stats.shots - given_up,
        wrong_z=wrong["_E"] + wrong["EE"],
        wrong_x=wrong["E_"] + wrong["EE"],
        hops=hops,
    )


def hop_task(
    code: OneWayCode, transmission: float, errors: StationErrors, hops: int
) -> tuple[sinter.Task, sinter.Decoder]:
    """The hops as an experiment, and the decoder whose name the task has.

    Raises:
        ValueError: As `simulated_hops`.
    """
    import sinter

    _check(code, transmission, errors)
    circuit = hop_circuit(code.stabilizer_code(), transmission=transmission, errors=errors, hops=hops)
    model = circuit.detector_error_model(approximate_disjoint_errors=True)
    decoder, name = _decoder(code, errors)
    metadata = {"code": code.name, "hops": hops, "transmission": transmission, "flip": errors.flip}
    task = sinter.Task(circuit=circuit, decoder=name, detector_error_model=model, json_metadata=metadata)
    return task, decoder


def _decoder(code: OneWayCode, errors: StationErrors) -> tuple[sinter.Decoder, str]:
    """Losses alone are peeled, and what is lost is told apart; else stations vote, and discard."""
    from decoders.peeling import PeelingDecoder
    from qnet.repeaters.one_way.decoding import VoteDecoder

    if errors.flip and isinstance(code, ParityCode):
        return VoteDecoder(n=code.n, m=code.m), "votes"
    return PeelingDecoder(), "peeling"


def _check(code: OneWayCode, transmission: float, errors: StationErrors) -> None:
    if code.photons > LARGEST_SIMULATED:
        raise ValueError(
            f"{code.name} takes {code.photons} photons; {LARGEST_SIMULATED} are the most to simulate"
        )
    if errors.flip and not isinstance(code, ParityCode):
        raise ValueError(
            f"the simulation of {code.name} knows losses alone; take a parity code, or no errors"
        )
    if transmission == 1 and not errors.flip:
        raise ValueError("transmission=1 loses nothing, and there is nothing to simulate")


def _share(part: int, whole: int) -> Figure:
    if not whole:
        return Figure(float("nan"))
    rate = part / whole
    return Figure(rate, stderr=sqrt(max(rate * (1 - rate), 1 / whole) / whole))
