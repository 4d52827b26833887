"""The stops of the tour: experiments, and how many shots each sampler gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qnet.cli.tour.measurement import Measurement

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2

    from qnet.results import Result

__all__ = ["DEVICE", "SAMPLERS", "Stop", "machine", "measure", "stops"]

DEVICE = "fake_torino"
SAMPLERS = ("aer", "stim", DEVICE)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One experiment of the tour.

    Args:
        title: What it does, in the words of the table.
        protocol: Name of the experiment.
        settings: Its parameters.
        figures: Which of its figures are shown.
        shots: Shots per circuit (signals, for key distribution) by sampler.
        quick_shots: The same for the quick tour.
    """

    title: str
    protocol: str
    figures: Sequence[str]
    shots: Mapping[str, int]
    quick_shots: Mapping[str, int]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def experiment(self) -> Any:
        """The experiment itself."""
        from qnet.protocols import PROTOCOLS

        return PROTOCOLS[self.protocol](**self.settings)


def stops() -> tuple[Stop, ...]:
    """The stops in their order.

    Example:
        >>> [stop.protocol for stop in stops()]
        ['teleportation', 'entanglement_swapping', 'dejmps', 'chsh', 'bb84']
    """
    return (
        _stop("teleport a qubit", "teleportation", ["fidelity"], (2_500, 200_000, 400), fidelity=0.95),
        _stop(
            "swap over 5 stations",
            "entanglement_swapping",
            ["fidelity"],
            (2_500, 400_000, 160),
            stations=5,
            fidelity=0.98,
        ),
        _stop(
            "purify (DEJMPS)",
            "dejmps",
            ["fidelity", "success_probability"],
            (20_000, 400_000, 800),
            fidelity=0.8,
        ),
        _stop("test CHSH", "chsh", ["chsh_s"], (50_000, 50_000, 2_000)),
        _stop("send BB84 bits", "bb84", ["qber", "sifted_fraction"], (200_000, 2_000_000, 4_000)),
    )


def machine(sampler: str, *, seed: int) -> BaseSamplerV2:
    """A sampler of the tour."""
    from qnet.execution import sampler as named

    return named(sampler, seed=seed)


def measure(
    stop: Stop, sampler: str, on: BaseSamplerV2 | None = None, *, seed: int, quick: bool
) -> list[Measurement]:
    """The figures of a stop on one sampler; without values where that cannot run the circuits.

    Args:
        stop: The stop.
        sampler: Name of the sampler.
        on: The sampler itself; a new one if not given.
        seed: Seed of the experiment's choices, and of a new sampler.
        quick: Whether to take the few shots of the quick tour.
    """
    from circuits.errors import NotClifford
    from qnet.execution import run

    experiment = stop.experiment()
    shots = (stop.quick_shots if quick else stop.shots)[sampler]
    on = machine(sampler, seed=seed) if on is None else on
    try:
        result = run(experiment, on, shots=shots, seed=seed)
    except NotClifford:
        return [_missing(stop, figure, sampler) for figure in stop.figures]
    total = shots if hasattr(experiment, "allocation") else shots * len(experiment.circuits())
    return list(_measured(stop, sampler, result, total))


def _measured(stop: Stop, sampler: str, result: Result, total: int) -> Iterator[Measurement]:
    for name in stop.figures:
        figure = result.figures[name]
        yield Measurement(
            stop=stop.title,
            figure=name,
            sampler=sampler,
            value=figure.value,
            stderr=figure.stderr,
            ideal=figure.ideal,
            shots=total,
            shots_per_s=total / result.elapsed_s,
        )


def _missing(stop: Stop, figure: str, sampler: str) -> Measurement:
    return Measurement(
        stop=stop.title,
        figure=figure,
        sampler=sampler,
        value=None,
        stderr=None,
        ideal=None,
        shots=0,
        shots_per_s=None,
    )


def _stop(
    title: str, protocol: str, figures: list[str], shots: tuple[int, int, int], **settings: Any
) -> Stop:
    quick = (max(shots[0] // 10, 500), max(shots[1] // 10, 1000), max(shots[2] // 4, 40))
    return Stop(
        title=title,
        protocol=protocol,
        figures=figures,
        shots=dict(zip(SAMPLERS, shots, strict=True)),
        quick_shots=dict(zip(SAMPLERS, quick, strict=True)),
        settings=settings,
    )
