"""Physical pairs before the seam spends them: their Bell-diagonal states, ageing and purification."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from qnet.repeaters._checks import probability
from qnet.repeaters.pair_maps import purified as purified_by_dejmps

if TYPE_CHECKING:
    import stim
    from numpy.typing import NDArray

    from circuits.noise import CircuitNoise

__all__ = ["PURIFICATIONS", "PreparedPair", "Weights", "aged", "prepared", "werner_weights"]

Weights = tuple[float, float, float, float]
"""Φ+, Ψ+, Ψ−, Φ−."""

PURIFICATIONS = ("dejmps", "five_qubit", "five_qubit_detect")


@dataclass(frozen=True, kw_only=True)
class PreparedPair:
    """A pair that is ready to be spent, and what it took.

    Args:
        weights: Its state, in the order Φ+, Ψ+, Ψ−, Φ−.
        success: Probability that the last step keeps it.
        pairs: Raw pairs that it takes on average.
    """

    weights: Weights
    success: float = 1.0
    pairs: float = 1.0

    @property
    def fidelity(self) -> float:
        """The weight of Φ+."""
        return self.weights[0]


def werner_weights(fidelity: float) -> Weights:
    """The Werner state of a fidelity.

    Raises:
        ValueError: If the fidelity is none.

    Example:
        >>> werner_weights(0.97)
        (0.97, 0.01, 0.01, 0.01)
    """
    probability("fidelity", fidelity)
    rest = round((1 - fidelity) / 3, 15)
    return fidelity, rest, rest, rest


def aged(weights: Weights, *, kept_x: float, kept_z: float) -> Weights:
    """A pair whose halves have waited, the decay twirled to Paulis.

    Args:
        weights: Its state before.
        kept_x: What is left of ⟨XX⟩ and of ⟨YY⟩: the square of e^(−t/T2), averaged.
        kept_z: What is left of ⟨ZZ⟩: the square of e^(−t/T1), averaged.

    Returns:
        The weights of Φ+, Ψ+, Ψ−, Φ−.

    Example:
        >>> [round(w, 3) for w in aged((1.0, 0.0, 0.0, 0.0), kept_x=0.9, kept_z=1.0)]
        [0.95, 0.0, 0.0, 0.05]
    """
    phi_plus, psi_plus, psi_minus, phi_minus = weights
    xx = (phi_plus + psi_plus - psi_minus - phi_minus) * kept_x
    zz = (phi_plus + phi_minus - psi_plus - psi_minus) * kept_z
    yy = (phi_minus + psi_plus - phi_plus - psi_minus) * kept_x
    found = (1 + xx - yy + zz, 1 + xx + yy - zz, 1 - xx - yy - zz, 1 - xx + yy + zz)
    whole = sum(max(0.0, one) for one in found)
    a, b, c, d = (max(0.0, one) / whole for one in found)
    return a, b, c, d


def prepared(weights: Weights, by: str | None = None, noise: CircuitNoise | None = None) -> PreparedPair:
    """The pair that is left of raw ones, purified at both ends by gates with this noise.

    Args:
        weights: The state of the raw pairs.
        by: None for a raw pair; `"dejmps"`: two pairs to one, kept where the ends agree; `"five_qubit"`: five
            to one by the five-qubit code, whose bare ancillas correct errors, so that a pair always comes
            out; `"five_qubit_detect"`: kept where no check differs. The code takes twirled, Werner, pairs.
        noise: Of the gates; perfect ones if not given.

    Raises:
        ValueError: If there is no such way.

    Source:
        Deutsch et al., PRL 77, 2818 (1996), quant-ph/9604039; Bennett, DiVincenzo, Smolin, Wootters,
        PRA 54, 3824 (1996), quant-ph/9604024.

    Example:
        >>> pairs = werner_weights(0.9)
        >>> corrected, detected = prepared(pairs, "five_qubit"), prepared(pairs, "five_qubit_detect")
        >>> f"{corrected.fidelity:.6f} {detected.success:.6f} {detected.fidelity:.6f}"
        '0.920492 0.591407 0.998477'
    """
    if by is None:
        return PreparedPair(weights=weights)
    if by not in PURIFICATIONS:
        raise ValueError(f"purify={by!r} is none; choose one of {', '.join(PURIFICATIONS)}")
    if by == "dejmps":
        return _by_dejmps(weights, noise)
    return _by_code(weights[0], noise, detect=by.endswith("detect"))


def _by_dejmps(weights: Weights, noise: CircuitNoise | None) -> PreparedPair:
    """The turns before the CX depolarise every half by themselves."""
    single, double, read = (
        (0.0, 0.0, 0.0)
        if noise is None
        else (_rate(noise.after_1q), _rate(noise.after_2q), noise.measurement)
    )
    shrink = (1 - 4 * single / 3) ** 2
    turned = aged(weights, kept_x=shrink, kept_z=shrink) if single else weights
    found = purified_by_dejmps(turned, turned, gate_error=double, measurement_error=read)
    return PreparedPair(weights=found.weights, success=found.success, pairs=2 / found.success)


@lru_cache(maxsize=256)
def _by_code(fidelity: float, noise: CircuitNoise | None, *, detect: bool) -> PreparedPair:
    """Exact: the probability of every syndrome with every logical error, from the circuit's error model."""
    from circuits.codes.distillation import distillation
    from circuits.codes.link import Link
    from circuits.codes.named import five_qubit

    circuit = distillation(five_qubit(), link=Link.werner(fidelity), noise=noise)
    found = _joint(circuit.detector_error_model(approximate_disjoint_errors=True))
    if detect:
        found = found[:1]
    best = found.argmax(axis=1)
    left = np.zeros(4)
    for row, right in zip(found, best, strict=True):
        left += row[np.arange(4) ^ (0 if detect else right)]
    success = float(left.sum())
    phi_plus, phi_minus, psi_plus, psi_minus = (left / success).tolist()
    return PreparedPair(
        weights=(phi_plus, psi_plus, psi_minus, phi_minus), success=success, pairs=5 / success
    )


def _joint(model: stim.DetectorErrorModel) -> NDArray[np.float64]:
    """Probabilities of shape (syndromes, flips of the two observables), of independent errors."""
    detectors, observables = model.num_detectors, model.num_observables
    found = np.zeros(2 ** (detectors + observables))
    found[0], places = 1.0, np.arange(len(found))
    for error in model.flattened():
        if error.type == "error":
            flipped = 0
            for target in error.targets_copy():
                if not target.is_separator():
                    flipped ^= 1 << (target.val + (0 if target.is_logical_observable_id() else observables))
            (p,) = error.args_copy()
            found = (1 - p) * found + p * found[places ^ flipped]
    return found.reshape(2**detectors, 2**observables)


def _rate(error: object) -> float:
    """The probability of an error that depolarises."""
    return float(error) if isinstance(error, int | float) else 0.0
