"""BB84 with weak pulses and one decoy, asymptotic and finite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qnet.qkd._checks import Array
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._decoy_protocol import DecoyProtocol
from qnet.qkd.rates._intensities import as_columns, stacked
from qnet.qkd.rates.decoy_bounds import (
    scaled,
    single_photon_errors_above,
    single_photons_below_one_decoy,
    vacuum_above_one_decoy,
    vacuum_below,
)

__all__ = ["OneDecoyBB84"]


@dataclass(frozen=True, kw_only=True)
class OneDecoyBB84(DecoyProtocol):
    """BB84 with weak coherent pulses of two intensities, neither of them empty.

    Empty pulses are bounded from above by the errors, half of which they would make. Endless keys use the
    same bounds without fluctuations.

    Source: Rusca, Boaron, Grünenfelder, Martin and Zbinden, Appl. Phys. Lett. 112, 171104 (2018),
    arXiv:1801.03443, Eqs. (1), (A16), (A17), (A19) and (A22).

    Args:
        signal_intensity: Mean photon number μ₁ of the stronger pulses; None: the best.
        decoy_intensity: Mean photon number μ₂ of the weaker ones; None: the best.
        signal_probability: How often μ₁ is sent; None: the best (an endless key: always, in the limit).
        bases: `"biased"`: the key comes from one basis. `"symmetric"`: both are equally likely; an endless
            key comes from both (q = ½).
        test_probability: How often each end chooses the other basis; None: the best (an endless key: hardly
            ever).
        f_ec: Leakage of the reconciliation in units of n·h(QBER), at least 1.
        vacuum_bits: Whether bits of empty pulses count as secret, of which Eve knows nothing.

    Raises:
        ValueError: If a number is out of range, or the intensities do not fall.
        ValueError: If `bases` is unknown.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.link import QkdLink
        >>> from qnet.qkd.rates.shape import Block
        >>> receiver = Detector(efficiency=0.1, dark_count_probability=6e-7, misalignment=5e-3)
        >>> link = QkdLink(length_km=50, detector=receiver)
        >>> f"{OneDecoyBB84().finite_rate(link, Block(bits=1e7)).rate:.2e}"
        '1.35e-03'
    """

    name: ClassVar[str] = "bb84-one-decoy"
    summary: ClassVar[str] = "BB84 with weak pulses and one decoy"
    proof: ClassVar[str | None] = (
        "Rusca, Boaron, Grünenfelder, Martin, Zbinden, Appl. Phys. Lett. 112, 171104 (2018)"
    )
    bound: ClassVar[str] = "hoeffding + serfling"
    free: ClassVar[Mapping[str, Range]] = {
        "signal_intensity": Range(low=0.02, high=1.5),
        "decoy_intensity": Range(low=0.01, high=0.7, logarithmic=True),
    }
    free_if_finite: ClassVar[Mapping[str, Range]] = {
        "signal_probability": Range(low=0.02, high=0.995),
        "test_probability": Range(low=1e-3, high=0.5, logarithmic=True),
    }

    def _intensities(self) -> Array:
        assert self.signal_intensity is not None
        assert self.decoy_intensity is not None
        return stacked(self.signal_intensity, self.decoy_intensity)

    def _probabilities(self) -> Array:
        if self.signal_probability is None:
            return np.array([1.0, 0.0])
        return stacked(self.signal_probability, 1 - np.asarray(self.signal_probability))

    def _bounds(self, gains: Array, errors: Array) -> tuple[Array, Array, Array]:
        mean = as_columns(self._intensities(), gains.ndim - 1)
        seen, wrong = scaled(gains, 0.0, mean, 1.0), scaled(errors, 0.0, mean, 1.0)
        ceiling = vacuum_above_one_decoy(wrong, 1.0, 0.0)
        single = single_photons_below_one_decoy(seen, seen, mean, 1.0, 1.0, ceiling)
        floor = np.minimum(vacuum_below(seen, seen, mean, 1.0), ceiling)
        return floor, single, single_photon_errors_above(wrong, wrong, mean, 1.0)

    def _guesses(self) -> tuple[Mapping[str, float], ...]:
        """Near the optima of the shortest blocks, where most pulses are decoys, and those of Rusca et al."""
        return (
            {
                "signal_intensity": 0.3,
                "decoy_intensity": 0.035,
                "signal_probability": 0.055,
                "test_probability": 0.49,
            },
            {
                "signal_intensity": 0.24,
                "decoy_intensity": 0.02,
                "signal_probability": 0.04,
                "test_probability": 0.49,
            },
            {
                "signal_intensity": 0.45,
                "decoy_intensity": 0.16,
                "signal_probability": 0.7,
                "test_probability": 0.1,
            },
            {
                "signal_intensity": 0.4,
                "decoy_intensity": 0.2,
                "signal_probability": 0.3,
                "test_probability": 0.2,
            },
        )
