"""Closed forms of sending-or-not-sending twin-field key distribution, over arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.bounds.entropies import binary_entropy
from qnet.qkd.rates._division import quotient

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["SendingOrNotSending", "sending_or_not_sending"]


@dataclass(frozen=True, kw_only=True)
class SendingOrNotSending:
    """What the middle station announces in the windows of the key, and what of it is secret.

    Args:
        rate: Secret bits a window; negative where there is none.
        gain: Probability of an effective window: exactly one detector clicks.
        error_rate: Bit error rate of the effective windows.
        single_photon_yield: Probability that a window in which one photon was sent is effective.
        phase_error_rate: Of those windows, measured in the windows for testing.
        none_sent: Yield of the windows in which neither sends.
        one_sent: Yield of those in which one sends: the right ones.
        both_sent: Yield of those in which both send.
    """

    rate: NDArray[np.float64]
    gain: NDArray[np.float64]
    error_rate: NDArray[np.float64]
    single_photon_yield: NDArray[np.float64]
    phase_error_rate: NDArray[np.float64]
    none_sent: NDArray[np.float64]
    one_sent: NDArray[np.float64]
    both_sent: NDArray[np.float64]


def sending_or_not_sending(
    arm_transmittance: ArrayLike,
    *,
    intensity: ArrayLike,
    sending_probability: ArrayLike,
    dark_count_probability: ArrayLike,
    misalignment: ArrayLike,
    f_ec: ArrayLike,
) -> SendingOrNotSending:
    """The asymptotic rate with infinitely many decoys, for a station in the middle; arguments broadcast.

    In windows for the key each party sends a pulse of random phase with probability ε. One click is
    an effective window; the bit is right where exactly one of them had sent. With a the probability that a
    given detector alone stays dark, R = 2ε(1−ε)μe^{−μ}s₁[1−h(e₁)] − f S h(E).

    Args:
        arm_transmittance: From one party to a click at the middle, detector included: η.
        intensity: Mean photon number μ of a pulse that is sent.
        sending_probability: ε.
        dark_count_probability: Per detector and window: p_d.
        misalignment: Probability that the interference sends a photon to the wrong detector: e_d.
        f_ec: f_EC ≥ 1.

    Returns:
        The rate and all that it is made of.

    Example:
        >>> found = sending_or_not_sending(0.5 * 10**-3.0, intensity=0.43, sending_probability=0.04,
        ...     dark_count_probability=1e-9, misalignment=0.03, f_ec=1.15)
        >>> round(float(found.rate) * 1e6, 2)
        3.85

    Source:
        X.-B. Wang, Z.-W. Yu, X.-L. Hu, Phys. Rev. A 98, 062323 (2018), arXiv:1805.09222.
    """
    eta, mu, eps, dark, wrong, f_ec = (
        np.asarray(value, dtype=float)
        for value in (
            arm_transmittance,
            intensity,
            sending_probability,
            dark_count_probability,
            misalignment,
            f_ec,
        )
    )
    s1 = (1 - dark) * (eta + 2 * dark * (1 - eta))
    e1 = (1 - dark) * quotient(eta * wrong + (1 - eta) * dark, s1, 0.5)
    none, one, both = _yields(mu * eta, dark)
    right = 2 * eps * (1 - eps) * one
    false = (1 - eps) ** 2 * none + eps**2 * both
    gain = right + false
    error = quotient(false, gain, 0.5)
    secret = 2 * eps * (1 - eps) * mu * np.exp(-mu) * s1 * (1 - binary_entropy(np.minimum(e1, 0.5)))
    rate = secret - f_ec * gain * binary_entropy(np.minimum(error, 0.5))
    shown = (rate, gain, error, s1, e1, none, one, both)
    rate, gain, error, s1, e1, none, one, both = np.broadcast_arrays(*shown)
    return SendingOrNotSending(
        rate=rate,
        gain=gain,
        error_rate=error,
        single_photon_yield=s1,
        phase_error_rate=e1,
        none_sent=none,
        one_sent=one,
        both_sent=both,
    )


def _yields(arriving: Any, dark: Any) -> tuple[Any, Any, Any]:
    """S₀₀, S₁₀ and S₁₁, exact also where hardly anything arrives."""
    none = 2 * dark * (1 - dark)
    quiet = (1 - dark) * np.exp(-arriving / 2)
    one = 2 * quiet * (dark * np.exp(-arriving / 2) - np.expm1(-arriving / 2))
    bunched = (np.i0(arriving) - 1) - np.expm1(-arriving) + dark * np.exp(-arriving)
    return none, one, 2 * (1 - dark) * np.exp(-arriving) * bunched
