"""`OneWayLine`: stations in a row that pass an encoded qubit on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import exp

from qnet.repeaters._checks import above_zero, share
from qnet.repeaters.one_way.hop import Hop, OneWayCode, StationErrors
from qnet.repeaters.secrecy import bbm92_fraction

__all__ = ["OneWayLine"]


@dataclass(frozen=True, kw_only=True)
class OneWayLine:
    """A one-way repeater: blocks of a code, corrected by a station every few kilometres.

    Nothing waits for messages: a block a cycle is sent. `length_km / spacing_km` hops count as they are,
    whole or not.

    Args:
        code: The code, such as `ParityCode(n=13, m=6)`.
        length_km: Length of the whole line.
        spacing_km: Fibre from one station to the next, at most the length.
        attenuation_length_km: Where e⁻¹ of the photons are left, 20 km in the field's papers (0.217 dB/km).
        coupling: η_c, what is left of a photon from qubit to fibre to qubit besides the fibre's loss.
        errors: What stations do wrong.

    Raises:
        ValueError: If a length is not above 0, the spacing is longer than the line, or a coupling is not
            above 0 and at most 1.

    Example:
        >>> from qnet.repeaters.one_way.parity import ParityCode
        >>> line = OneWayLine(code=ParityCode(n=23, m=5), length_km=1000, spacing_km=1.5)
        >>> round(line.success, 5)
        0.97025
    """

    code: OneWayCode
    length_km: float
    spacing_km: float
    attenuation_length_km: float = 20.0
    coupling: float = 1.0
    errors: StationErrors = field(default_factory=StationErrors)

    def __post_init__(self) -> None:
        for name in ("length_km", "spacing_km", "attenuation_length_km"):
            above_zero(name, getattr(self, name), "km")
        if self.spacing_km > self.length_km:
            raise ValueError(
                f"spacing_km={self.spacing_km:g} is longer than the line of {self.length_km:g} km"
            )
        share("coupling", self.coupling)

    @property
    def hops(self) -> float:
        """How many hops there are."""
        return self.length_km / self.spacing_km

    @property
    def transmission(self) -> float:
        """η of a photon in one hop."""
        return self.coupling * exp(-self.spacing_km / self.attenuation_length_km)

    @cached_property
    def hop(self) -> Hop:
        """What one hop does."""
        return self.code.hop(self.transmission, self.errors.flip)

    @property
    def success(self) -> float:
        """Probability that no station has to give the block up."""
        return float(self.hop.success**self.hops)

    @property
    def e_x(self) -> float:
        """Probability that the Z of what arrives is flipped, when no station gave up."""
        return float((1 - (1 - 2 * self.hop.e_x) ** self.hops) / 2)

    @property
    def e_z(self) -> float:
        """The same of X."""
        return float((1 - (1 - 2 * self.hop.e_z) ** self.hops) / 2)

    @property
    def fidelity(self) -> float:
        """1 − e_x − e_z, which the fidelity of what arrives is at least (Y errors count twice)."""
        return 1 - self.e_x - self.e_z

    @property
    def photons(self) -> float:
        """Photons that one block takes on all hops."""
        return self.code.photons * self.hops

    @property
    def qubits(self) -> float:
        """Matter qubits of all stations, two blocks each: one to send on, one to measure what arrives."""
        return 2 * self.photons

    @property
    def secret_bits(self) -> float:
        """BBM92's secret bits a block that is sent."""
        return self.success * float(bbm92_fraction(self.e_x, self.e_z))
