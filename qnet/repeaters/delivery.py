"""`Delivery`: what a repeater line yields and what it holds, by which generations are compared."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan

from qnet.repeaters._checks import above_zero, at_least_zero
from qnet.results import Figure

__all__ = ["GENERATIONS", "Delivery"]

GENERATIONS = ("first", "second", "second encoded", "second simulated", "third")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Pairs (or blocks) at the ends of a line, and what the line takes.

    Args:
        generation: One of `GENERATIONS`: purified; swapped as they are; encoded and
            swapped, in closed form or by simulated links; one way.
        scheme: What exactly, such as `"steane"` or `"parity:13,6"`.
        length_km: From end to end.
        spacing_km: From one station to the next.
        rate_hz: Pairs, or blocks, delivered in a second.
        fidelity: Of what is delivered.
        secret_fraction: BBM92's secret bits of each.
        qubits: Qubits a station holds.
        source: `"exact"`, `"measured"` or `"extrapolated"`.

    Raises:
        ValueError: If the generation is none of them, or a length, rate or number is out of range.

    Example:
        >>> made = Delivery(generation="second", scheme="swapped", length_km=100, spacing_km=10, rate_hz=50.0,
        ...                 fidelity=Figure(0.95), secret_fraction=Figure(0.5), qubits=2)
        >>> print(made.secret_bits_per_s, "|", made.cost_coefficient)
        25 sbit/s | 0.008 qubit·s/(sbit·km)
    """

    generation: str
    scheme: str
    length_km: float
    spacing_km: float
    rate_hz: float
    fidelity: Figure
    secret_fraction: Figure
    qubits: float
    source: str = "exact"

    def __post_init__(self) -> None:
        if self.generation not in GENERATIONS:
            raise ValueError(f"generation={self.generation!r} is none of {', '.join(GENERATIONS)}")
        above_zero("length_km", self.length_km, "km")
        above_zero("spacing_km", self.spacing_km, "km")
        at_least_zero("rate_hz", self.rate_hz)
        above_zero("qubits", self.qubits)

    @property
    def hops(self) -> float:
        """Links of the line."""
        return self.length_km / self.spacing_km

    @property
    def secret_bits_per_s(self) -> Figure:
        """BBM92's secret bits a second."""
        return _scaled(self.secret_fraction, self.rate_hz, "sbit/s")

    @property
    def secret_bits_per_s_and_station(self) -> Figure:
        """The same, divided by the number of stations (hops)."""
        return _scaled(self.secret_fraction, self.rate_hz / self.hops, "sbit/s")

    @property
    def cost_coefficient(self) -> Figure:
        """C′ = N_s/(R·L₀): qubits of all stations per secret bit a second and kilometre; ∞ without a key.

        Source: Muralidharan et al., Sci. Rep. 6, 20463 (2016), arXiv:1509.08435.
        """
        bits = self.secret_bits_per_s
        unit = "qubit·s/(sbit·km)"
        if not bits.value > 0:
            return Figure(inf, unit=unit)
        value = self.qubits / (bits.value * self.spacing_km)
        return Figure(
            value, stderr=None if bits.stderr is None else value * bits.stderr / bits.value, unit=unit
        )

    def row(self) -> dict[str, object]:
        """The delivery as a row of a table; standard errors are None where the value is exact."""
        bits, cost = self.secret_bits_per_s, self.cost_coefficient
        return {
            "generation": self.generation,
            "scheme": self.scheme,
            "spacing_km": self.spacing_km,
            "rate_hz": self.rate_hz,
            "fidelity": self.fidelity.value,
            "fidelity_stderr": self.fidelity.stderr,
            "secret_bits_per_s": bits.value,
            "secret_bits_per_s_stderr": bits.stderr,
            "secret_bits_per_s_and_station": self.secret_bits_per_s_and_station.value,
            "qubits_per_station": self.qubits,
            "qubits": self.qubits * self.hops,
            "cost_coefficient": cost.value if bits.value > 0 else nan,
            "cost_coefficient_stderr": cost.stderr,
            "source": self.source,
        }


def _scaled(figure: Figure, factor: float, unit: str) -> Figure:
    stderr = None if figure.stderr is None else figure.stderr * factor
    return Figure(figure.value * factor, stderr=stderr, unit=unit)
