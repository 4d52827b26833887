"""BB84 with weak pulses and decoys: two of them, asymptotic and finite, or infinitely many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qnet.qkd._checks import Array, check_within
from qnet.qkd.errors import NoFiniteKeyProof
from qnet.qkd.gains import detection, fock
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._decoy_protocol import DecoyProtocol, Seen
from qnet.qkd.rates._intensities import as_columns, in_order, room_for_a_decoy, stacked
from qnet.qkd.rates.decoy_bounds import (
    scaled,
    single_photon_errors_above,
    single_photons_below_two_decoys,
    vacuum_below,
)

__all__ = ["DECOYS", "DecoyBB84"]

DECOYS = ("two", "infinite")


@dataclass(frozen=True, kw_only=True)
class DecoyBB84(DecoyProtocol):
    """BB84 with weak coherent pulses of three intensities, so that photon-number splitting shows.

    Endless keys: the signal's single photons are bounded by the vacuum + weak decoy method
    of Ma, Qi, Zhao and Lo, Phys. Rev. A 72, 012326 (2005), arXiv:quant-ph/0503005, or, with
    `decoys="infinite"`, known exactly (the same paper); the rate is R = q·{Q₀ + Q₁·(1−h(e₁)) − f·Q·h(E)},
    theirs but for Q₀, which is left out with `vacuum_bits=False` (as in the preset `gys`). Finite ones: Lim,
    Curty, Walenta, Xu and Zbinden, Phys. Rev. A 89, 022307 (2014), arXiv:1311.7103, Eqs. (1)-(5), with the
    key from all intensities.

    Args:
        signal_intensity: Mean photon number μ₁ of the strongest pulses; None: the best.
        decoy_intensity: Mean photon number μ₂ of the weak decoy; None: the best.
        vacuum_intensity: Mean photon number μ₃ of the weakest, which a modulator seldom brings to 0.
        signal_probability: How often μ₁ is sent; None: the best (an endless key: always, in the limit).
        decoy_probability: How often μ₂ is sent; None: the best (an endless key: hardly ever). μ₃ gets the
            rest.
        bases: `"biased"`: the key comes from one basis. `"symmetric"`: both are equally likely; an endless
            key comes from both (q = ½).
        test_probability: How often each end chooses the other basis; None: the best (an endless key: hardly
            ever).
        f_ec: Leakage of the reconciliation in units of n·h(QBER), at least 1.
        decoys: `"two"` or `"infinite"`; the latter for endless keys.
        vacuum_bits: Whether bits of empty pulses count as secret, of which Eve knows nothing (Lo, Quantum
            Inf. Comput. 5, 413 (2005)).

    Raises:
        ValueError: If a number is out of range.
        ValueError: If the intensities do not fall, or the signal is not above the sum of the others.
        ValueError: If the probabilities leave nothing for the weakest intensity.
        ValueError: If `bases` or `decoys` is unknown.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.link import QkdLink
        >>> from qnet.qkd.rates.shape import Block
        >>> receiver = Detector(efficiency=0.1, dark_count_probability=6e-7, misalignment=5e-3)
        >>> link = QkdLink(length_km=50, detector=receiver)
        >>> f"{DecoyBB84().asymptotic_rate(link).rate:.2e}"
        '2.99e-03'
        >>> f"{DecoyBB84().finite_rate(link, Block(bits=1e7)).rate:.2e}"
        '1.11e-03'
    """

    name: ClassVar[str] = "bb84-decoy"
    summary: ClassVar[str] = "BB84 with weak pulses and two decoys"
    proof: ClassVar[str | None] = "Lim, Curty, Walenta, Xu, Zbinden, Phys. Rev. A 89, 022307 (2014)"
    bound: ClassVar[str] = "hoeffding + serfling"
    free: ClassVar[Mapping[str, Range]] = {
        "signal_intensity": Range(low=0.02, high=1.5),
        "decoy_intensity": Range(low=0.01, high=0.7, logarithmic=True),
    }
    free_if_finite: ClassVar[Mapping[str, Range]] = {
        "signal_probability": Range(low=0.02, high=0.98),
        "decoy_probability": Range(low=0.01, high=0.9),
        "test_probability": Range(low=1e-3, high=0.5, logarithmic=True),
    }

    vacuum_intensity: float = 2e-4
    decoy_probability: float | None = None
    decoys: str = "two"

    def __post_init__(self) -> None:
        if self.decoys not in DECOYS:
            raise ValueError(f"decoys={self.decoys!r} is unknown; give one of {', '.join(DECOYS)}")
        super().__post_init__()
        given = [one for one in (self.signal_probability, self.decoy_probability) if one is not None]
        if len(given) == 2 and not np.all(np.asarray(given[0]) + np.asarray(given[1]) < 1):
            told = f"signal_probability={given[0]!r} and decoy_probability={given[1]!r}"
            raise ValueError(f"{told} leave nothing for the weakest intensity; their sum must stay below 1")

    def _check_order(self) -> None:
        check_within("vacuum_intensity", self.vacuum_intensity, 0, np.inf, open_high=True)
        super()._check_order()
        for name in ("decoy_intensity", "signal_intensity"):
            in_order(name, getattr(self, name), "vacuum_intensity", self.vacuum_intensity)
        if self.decoy_intensity is None and self.decoys == "two":
            room_for_a_decoy(self.signal_intensity, self.vacuum_intensity)
        if self.signal_intensity is not None and self.decoy_intensity is not None:
            rest = np.asarray(np.asarray(self.decoy_intensity) + np.asarray(self.vacuum_intensity))
            in_order(
                "signal_intensity",
                self.signal_intensity,
                "decoy_intensity + vacuum_intensity",
                rest if rest.ndim else float(rest),
            )

    def sought(self, *, finite: bool) -> dict[str, Range]:
        """The parameters that are still to be chosen: of infinitely many decoys only the signal."""
        free = super().sought(finite=finite)
        return (
            {k: v for k, v in free.items() if k in ("signal_intensity", "test_probability")}
            if self.decoys == "infinite"
            else free
        )

    def _intensities(self) -> Array:
        assert self.signal_intensity is not None
        if self.decoys == "infinite":
            return stacked(self.signal_intensity)
        assert self.decoy_intensity is not None
        return stacked(self.signal_intensity, self.decoy_intensity, self.vacuum_intensity)

    def _probabilities(self) -> Array:
        if self.decoys == "infinite":
            return np.ones(1)
        if self.signal_probability is None or self.decoy_probability is None:
            return np.array([1.0, 0.0, 0.0])
        rest = 1 - np.asarray(self.signal_probability) - np.asarray(self.decoy_probability)
        return stacked(self.signal_probability, self.decoy_probability, rest)

    def _yields(self, seen: Seen) -> tuple[Array, Array, Array]:
        if self.decoys == "two":
            return super()._yields(seen)
        yields = [
            detection(
                fock(n), seen.link.efficiency, seen.link.detector, memory=seen.memory, basis_share=share
            )
            for n, share in zip((0, 1, 1), (*seen.shares[:1], *seen.shares), strict=True)
        ]
        return (
            np.asarray(yields[0].gain),
            np.asarray(yields[1].gain),
            np.asarray(yields[2].error_rate),
        )

    def _bounds(self, gains: Array, errors: Array) -> tuple[Array, Array, Array]:
        mean = as_columns(self._intensities(), gains.ndim - 1)
        seen, wrong = scaled(gains, 0.0, mean, 1.0), scaled(errors, 0.0, mean, 1.0)
        vacuum = vacuum_below(seen, seen, mean, 1.0)
        single = single_photons_below_two_decoys(seen, seen, mean, 1.0, 1.0, vacuum)
        return vacuum, single, single_photon_errors_above(wrong, wrong, mean, 1.0)

    def _need_proof(self) -> None:
        if self.decoys == "infinite":
            raise NoFiniteKeyProof(
                f"{self.name} with decoys='infinite' has no finite-key proof; give decoys='two'"
            )
        super()._need_proof()

    def _guesses(self) -> tuple[Mapping[str, float], ...]:
        """Near the optima of the shortest blocks, where most pulses are decoys, and those of Lim et al."""
        return (
            {
                "signal_intensity": 0.62,
                "decoy_intensity": 0.12,
                "signal_probability": 0.04,
                "decoy_probability": 0.48,
                "test_probability": 0.38,
            },
            {
                "signal_intensity": 0.4,
                "decoy_intensity": 0.065,
                "signal_probability": 0.021,
                "decoy_probability": 0.4,
                "test_probability": 0.49,
            },
            {
                "signal_intensity": 0.42,
                "decoy_intensity": 0.2,
                "signal_probability": 0.38,
                "decoy_probability": 0.44,
                "test_probability": 0.15,
            },
            {
                "signal_intensity": 0.55,
                "decoy_intensity": 0.1,
                "signal_probability": 0.7,
                "decoy_probability": 0.2,
                "test_probability": 0.05,
            },
        )
