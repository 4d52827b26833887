"""Measurement-device-independent key distribution: both send, an untrusted station measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qnet.qkd._checks import Array, as_number, check_within
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._entropy import capped_entropy, entropy
from qnet.qkd.rates._intensities import as_columns, in_order, room_for_a_decoy, rooms, stacked
from qnet.qkd.rates._mdi_formulas import (
    pair_check,
    pair_errors_above,
    pair_key,
    pairs_below,
    pulse_check,
    pulse_key,
)
from qnet.qkd.rates.shape import KeyRate, RateProtocol

__all__ = ["MDI", "MDI_DECOYS", "MDI_SOURCES"]

MDI_SOURCES = ("pulses", "single-photons")
MDI_DECOYS = ("two", "infinite")
_SIFTED = {"biased": 1.0, "symmetric": 0.25}


@dataclass(frozen=True, kw_only=True)
class MDI(RateProtocol):
    """Key distribution in which nothing is assumed of the detectors, by Bell measurements half-way.

    R = q·{p₁₁·Y₁₁·(1−h(e₁₁)) − f·Q·h(E)}: Lo, Curty and Qi, Phys. Rev. Lett. 108, 130503 (2012),
    arXiv:1109.1473, Eq. (1), with Y₁₁, Q and E of the basis of the key and e₁₁ of the other. Gains: Ma and
    Razavi, Phys. Rev. A 86, 062319 (2012), arXiv:1204.4856. Two decoys a side: Xu, Curty, Qi and Lo, New J.
    Phys. 15, 113007 (2013), arXiv:1305.6965. The station has four of the link's detectors; `misalignment`
    counts for both arms together, and dead time and afterpulses are left out.

    Args:
        source: `"pulses"` (weak, of random phase) or `"single-photons"`.
        decoys: `"two"`, or `"infinite"`: Y₁₁ and e₁₁ known exactly.
        signal_intensity: Mean photon number of either user's signal; None: the best.
        decoy_intensity: Mean photon number of the weak decoy; None: the best.
        vacuum_intensity: Mean photon number of the weakest pulses.
        bases: `"biased"`: hardly any pulse is for the test (q = 1). `"symmetric"`: q = ¼, for the key comes
            from one basis only.
        f_ec: Leakage of the reconciliation in units of h(E), at least 1.

    Raises:
        ValueError: If `source`, `decoys` or `bases` is unknown.
        ValueError: If a number is out of range, or the intensities do not fall.

    Example:
        >>> from qnet.devices import Detector
        >>> receiver = Detector(efficiency=0.5, dark_count_probability=1e-7, misalignment=0.015)
        >>> f"{MDI().asymptotic_rate(QkdLink(length_km=100, detector=receiver)).rate:.2e}"
        '5.85e-05'
    """

    name: ClassVar[str] = "mdi"
    summary: ClassVar[str] = "an untrusted station half-way measures Bell states"
    free: ClassVar[Mapping[str, Range]] = {
        "signal_intensity": Range(low=0.02, high=1.5),
        "decoy_intensity": Range(low=0.01, high=0.7, logarithmic=True),
    }

    source: str = "pulses"
    decoys: str = "two"
    signal_intensity: float | None = None
    decoy_intensity: float | None = None
    vacuum_intensity: float = 2e-4
    bases: str = "biased"
    f_ec: float = 1.16

    def __post_init__(self) -> None:
        for name, known in (("source", MDI_SOURCES), ("decoys", MDI_DECOYS), ("bases", tuple(_SIFTED))):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}={getattr(self, name)!r} is unknown; give one of {', '.join(known)}")
        for name in ("signal_intensity", "decoy_intensity", "vacuum_intensity", "f_ec"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, as_number(name, value))
                least = 1 if name == "f_ec" else 0
                check_within(
                    name, getattr(self, name), least, np.inf, open_low=name in self.free, open_high=True
                )
        in_order("decoy_intensity", self.decoy_intensity, "vacuum_intensity", self.vacuum_intensity)
        in_order("signal_intensity", self.signal_intensity, "decoy_intensity", self.decoy_intensity)
        if self.decoy_intensity is None and self.source == "pulses" and self.decoys == "two":
            room_for_a_decoy(self.signal_intensity, self.vacuum_intensity)

    def sought(self, *, finite: bool) -> dict[str, Range]:
        """What is still to be chosen: single photons have nothing, infinite decoys the signal."""
        if self.source == "single-photons":
            return {}
        free = rooms(self.free, self.signal_intensity, self.decoy_intensity, self.vacuum_intensity)
        return {k: v for k, v in free.items() if k == "signal_intensity" or self.decoys == "two"}

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        arm = np.sqrt(link.channel_transmittance) * link.detector.efficiency
        gain, errors, share, pairs, phase = (
            self._pulses(link, arm) if self.source == "pulses" else self._photons(link, arm)
        )
        qber = np.where(gain > 0, errors / np.maximum(gain, 1e-300), 0.5)
        secret = share * pairs * (1 - capped_entropy(phase)) - self.f_ec * gain * entropy(qber)
        return KeyRate(
            protocol=self.name,
            signed_rate=_SIFTED[self.bases] * secret,
            figures={
                "gain": gain,
                "qber": qber,
                "single_photon_pairs": share * pairs,
                "pair_yield": pairs,
                "phase_error_rate": phase,
                "key_fraction": secret / np.maximum(gain, 1e-300),
            },
            parameters=self.parameters,
        )

    def _photons(self, link: QkdLink, arm: Array) -> tuple[Array, ...]:
        """Gain, erroneous gain, share of single-photon pairs, their yield and phase errors."""
        dark, wrong = link.detector.dark_count_probability, link.detector.misalignment
        gain, errors = pair_key(arm, arm, dark, wrong)
        seen, seen_errors = pair_check(arm, arm, dark, wrong)
        return gain, errors, np.ones_like(gain), gain, seen_errors / np.maximum(seen, 1e-300)

    def _pulses(self, link: QkdLink, arm: Array) -> tuple[Array, ...]:
        """The same of weak pulses, with decoys."""
        dark, wrong = link.detector.dark_count_probability, link.detector.misalignment
        assert self.signal_intensity is not None
        signal = np.asarray(self.signal_intensity)
        gain, errors = pulse_key(signal * arm, signal * arm, dark, wrong)
        share = (signal * np.exp(-signal)) ** 2
        if self.decoys == "infinite":
            _, _, _, pairs, phase = self._photons(link, arm)
            return gain, errors, share, pairs, phase
        assert self.decoy_intensity is not None
        mean = as_columns(stacked(signal, self.decoy_intensity, self.vacuum_intensity), arm.ndim)
        left, right = mean[:, None] * arm, mean[None, :] * arm
        pairs = pairs_below(pulse_key(left, right, dark, wrong)[0], mean)
        seen, seen_errors = pulse_check(left, right, dark, wrong)
        tested = pairs_below(seen, mean)
        above = pair_errors_above(seen_errors, mean)
        phase = np.where(tested > 0, np.minimum(above / np.maximum(tested, 1e-300), 0.5), 0.5)
        return gain, errors, share, pairs, phase

    def _score(self, link: QkdLink, values: Mapping[str, Array], block: object) -> Array:
        """Bits per pulse where there are any, else how much each sifted bit lacks."""
        tried = self._unchecked(values)
        found = tried._asymptotic(link)
        rate, fraction = np.asarray(found.signed_rate), np.asarray(found.figures["key_fraction"])
        score = np.where(rate > 0, rate, np.minimum(fraction, 0.0))
        if self.decoys == "infinite":
            return score
        signal, decoy = np.asarray(tried.signal_intensity), np.asarray(tried.decoy_intensity)
        return np.where((signal > decoy) & (decoy > self.vacuum_intensity), score, -np.inf)

    def _guesses(self) -> tuple[Mapping[str, float], ...]:
        return ({"signal_intensity": 0.5, "decoy_intensity": 0.02},)
