"""What the fields of experiments have in common: checks, and the pairs that they describe."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = [
    "Weights",
    "check_choice",
    "check_corrections",
    "check_decoder",
    "check_flag",
    "check_pair",
    "check_probability",
    "check_whole",
    "pair_of",
    "weights_of",
]

Weights = tuple[float, float, float, float]


class _Mixed(Protocol):
    @property
    def fidelity(self) -> float | None: ...
    @property
    def weights(self) -> Weights | None: ...


def check_whole(name: str, value: Any, *, least: int, most: int | None = None) -> None:
    """Refuse what is no whole number in the range."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        upper = f" to {most}" if most is not None else ""
        kind = f"from {least}{upper}" if upper else f"of at least {least}"
        raise ValueError(f"{name}={value!r} does not do; give a whole number {kind}")


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Refuse what is none of the choices."""
    if value not in choices:
        raise ValueError(f"{name}={value!r} is unknown; choose one of {', '.join(choices)}")


def check_corrections(value: str) -> None:
    """Refuse what is no form of corrections."""
    from circuits.library import FORMS

    check_choice("corrections", value, FORMS)


def check_decoder(value: str) -> None:
    """Refuse what is no decoder's name."""
    from decoders.registry import sinter_decoders

    check_choice("decoder", value, tuple(sinter_decoders()))


def check_flag(name: str, value: bool) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}={value!r} does not do; give True or False")


def check_probability(name: str, value: Any, *, inside: bool = False) -> None:
    """Refuse what is no probability, or no probability strictly between 0 and 1."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not (0 < value < 1 if inside else 0 <= value <= 1):
        where = "between 0 and 1" if inside else "from 0 to 1"
        raise ValueError(f"{name}={value!r} is out of range; give a number {where}")


def check_pair(experiment: Any, *, default: float) -> None:
    """Settle the fields `fidelity` and `weights`: one of them is given, or `fidelity` is the default.

    Raises:
        ValueError: If both are given.
        ValueError: If `fidelity` lies outside [0, 1].
        ValueError: If `weights` are not four probabilities that sum to one.
    """
    fidelity, weights = experiment.fidelity, experiment.weights
    if fidelity is not None and weights is not None:
        raise ValueError(f"fidelity={fidelity!r} and weights={weights!r} say the same thing twice; give one")
    if weights is None:
        object.__setattr__(experiment, "fidelity", default if fidelity is None else fidelity)
        check_probability("fidelity", experiment.fidelity)
        object.__setattr__(experiment, "fidelity", float(experiment.fidelity))
    else:
        object.__setattr__(experiment, "weights", _checked_weights(weights))


def weights_of(experiment: _Mixed) -> Weights:
    """The weights of the experiment's pairs in the order Φ+, Ψ+, Ψ−, Φ−."""
    if experiment.weights is not None:
        return experiment.weights
    fidelity = 1.0 if experiment.fidelity is None else float(experiment.fidelity)
    rest = (1 - fidelity) / 3
    return (fidelity, rest, rest, rest)


def pair_of(experiment: _Mixed) -> QuantumCircuit:
    """The circuit that prepares one of the experiment's pairs."""
    from circuits.library import bell_pair

    return bell_pair(weights=weights_of(experiment))


def _checked_weights(weights: Sequence[float]) -> Weights:
    try:
        values = tuple(float(w) for w in weights)
    except (TypeError, ValueError):
        values = ()
    if len(values) != 4 or not all(isfinite(w) and w >= 0 for w in values) or abs(sum(values) - 1) > 1e-6:
        raise ValueError(
            f"weights={weights!r} are no mixture of Bell states; "
            "give four probabilities that sum to 1, in the order phi+, psi+, psi-, phi-"
        )
    rounded = abs(sum(values) - 1) > 1e-9
    i, x, y, z = (w / sum(values) if rounded else w for w in values)
    return (i, x, y, z)
