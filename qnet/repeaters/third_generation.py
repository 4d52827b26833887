"""Third generation: one-way lines of parity codes, as one of the generations that are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qnet.repeaters.conditions import Conditions
from qnet.repeaters.delivery import Delivery
from qnet.repeaters.errors import OutOfReach
from qnet.repeaters.one_way.hop import StationErrors
from qnet.repeaters.one_way.optimisation import OneWaySearch
from qnet.repeaters.secrecy import bbm92_fraction
from qnet.results import Figure

__all__ = ["OneWayLines"]


@dataclass(frozen=True, kw_only=True)
class OneWayLines:
    """The parity code and the spacing that take the fewest qubits per secret bit, one block a gate time.

    Fresh blocks have the residual error ε_G on each qubit.

    Args:
        largest: Photons that a block may take.
        spacings: How many spacings are tried.

    Example:
        >>> (best,) = OneWayLines().deliveries(Conditions(length_km=1000, gate_error=1e-3, coupling=0.95))
        >>> best.scheme, round(best.spacing_km, 1)
        ('parity:24,7', 1.8)
    """

    largest: int = 250
    spacings: int = 24

    def deliveries(self, conditions: Conditions) -> list[Delivery]:
        """The best line; none if no code gives a key."""
        errors = StationErrors(
            gate=conditions.gate_error, measurement=conditions.readout, preparation=conditions.gate_error
        )
        search = OneWaySearch(
            length_km=conditions.length_km,
            attenuation_length_km=conditions.attenuation_length_km,
            coupling=conditions.coupling,
            errors=errors,
            largest=self.largest,
            spacings=self.spacings,
            blocks=_BLOCKS,
        )
        try:
            line = search.best()
        except OutOfReach:
            return []
        return [
            Delivery(
                generation="third",
                scheme=line.code.name,
                length_km=conditions.length_km,
                spacing_km=line.spacing_km,
                rate_hz=line.success / conditions.gate_time_s,
                fidelity=Figure(line.fidelity),
                secret_fraction=Figure(float(bbm92_fraction(line.e_x, line.e_z))),
                qubits=2 * line.code.photons,
            )
        ]


_BLOCKS = tuple(np.unique(np.round(np.geomspace(1, 300, 60)).astype(int)).tolist())
