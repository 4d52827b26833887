"""`Conditions`: the distance and the technology under which generations of repeaters are compared."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from qnet.repeaters._checks import above_zero, probability, share

__all__ = ["LIGHT_KM_PER_S", "Conditions"]

LIGHT_KM_PER_S = 2e5


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What all generations share.

    Args:
        length_km: From end to end.
        gate_error: ε_G, probability of a two-qubit Pauli error after a gate, each of the 15 alike.
        coupling: η_c: what is left of a photon, besides the fibre's loss, between a qubit and a detector or
            another qubit.
        gate_time_s: t₀, which a gate takes, and a measurement.
        attenuation_length_km: Where e⁻¹ of the photons are left.
        measurement_error: Probability that an outcome is wrong; ε_G/4 if not given.
        pair_fidelity: Of the Werner pairs that neighbours herald; 1 − 5ε_G/4 if not given.

    Raises:
        ValueError: If a length or time is not above 0, an error is no probability, or the coupling is not
            above 0 and at most 1.

    Source: the choices of Muralidharan et al., Sci. Rep. 6, 20463 (2016), arXiv:1509.08435.

    Example:
        >>> here = Conditions(length_km=1000, gate_error=1e-3, coupling=0.9)
        >>> here.fidelity, round(here.heralding(20.0), 6)
        (0.99875, 0.148991)
    """

    length_km: float
    gate_error: float
    coupling: float
    gate_time_s: float = 1e-6
    attenuation_length_km: float = 20.0
    measurement_error: float | None = None
    pair_fidelity: float | None = None

    def __post_init__(self) -> None:
        above_zero("length_km", self.length_km, "km")
        probability("gate_error", self.gate_error)
        share("coupling", self.coupling)
        above_zero("gate_time_s", self.gate_time_s, "s")
        above_zero("attenuation_length_km", self.attenuation_length_km, "km")
        for name in ("measurement_error", "pair_fidelity"):
            if getattr(self, name) is not None:
                probability(name, getattr(self, name))

    @property
    def readout(self) -> float:
        """The measurement error that holds."""
        return self.gate_error / 4 if self.measurement_error is None else self.measurement_error

    @property
    def fidelity(self) -> float:
        """The fidelity of neighbours' pairs that holds."""
        return max(1 - 1.25 * self.gate_error, 0.25) if self.pair_fidelity is None else self.pair_fidelity

    @property
    def weights(self) -> tuple[float, float, float, float]:
        """The neighbours' Werner pair, weights of Φ+, Ψ+, Ψ−, Φ−."""
        rest = (1 - self.fidelity) / 3
        return self.fidelity, rest, rest, rest

    def heralding(self, spacing_km: float) -> float:
        """½η_c²e^{−L₀/L_att}: the chance of an attempt, in which two photons meet halfway."""
        return 0.5 * self.coupling**2 * exp(-spacing_km / self.attenuation_length_km)

    def attempt_s(self, spacing_km: float) -> float:
        """How long an attempt takes: the photon halfway, the message back, and a gate."""
        return spacing_km / LIGHT_KM_PER_S + self.gate_time_s
