"""`QkdLink`: the channel between the two ends, and the receiver at its end."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.devices import Detector
from qnet.qkd._checks import Number, as_number, check_within

__all__ = ["QkdLink"]


@dataclass(frozen=True, kw_only=True, eq=False)
class QkdLink:
    """A channel, or an array of channels that differ in length only, with a receiver at the end.

    Protocols with a station in the middle (MDI, twin-field) put it half-way, with these detectors;
    `length_km` and `transmittance` are always those of the whole way from Alice to Bob.

    Args:
        length_km: Length of the fibre; a number, or an array of them for a curve.
        transmittance: In place of a length, the share of the photons that reach the other end, detectors not
            counted; a number or an array.
        loss_db_per_km: Loss of the fibre; only with a length.
        detector: The receiver's detectors.

    Raises:
        ValueError: If both or none of length and transmittance are given.
        ValueError: If a length is negative, or a transmittance is not above 0 and at most 1.
        ValueError: If `loss_db_per_km` is negative.

    Example:
        >>> link = QkdLink(length_km=[0, 50], detector=Detector(efficiency=0.1))
        >>> link.channel_transmittance
        array([1. , 0.1])
    """

    detector: Detector
    length_km: Number | None = None
    transmittance: Number | None = None
    loss_db_per_km: float = 0.2

    def __post_init__(self) -> None:
        if (self.length_km is None) == (self.transmittance is None):
            given = f"length_km={self.length_km!r} and transmittance={self.transmittance!r}"
            raise ValueError(f"{given}: give exactly one of the two")
        if not isinstance(self.detector, Detector):
            raise ValueError(f"detector={self.detector!r} is no Detector; give Detector(efficiency=…)")
        for name in ("length_km", "transmittance"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, as_number(name, getattr(self, name)))
        check_within("loss_db_per_km", self.loss_db_per_km, 0, np.inf, open_high=True)
        if self.length_km is not None:
            check_within("length_km", self.length_km, 0, np.inf, open_high=True)
        else:
            check_within("transmittance", as_number("transmittance", self.transmittance), 0, 1, open_low=True)

    @cached_property
    def channel_transmittance(self) -> Number:
        """The share of the photons that the channel lets through; an array if the link is a curve."""
        if self.length_km is None:
            return as_number("transmittance", self.transmittance)
        return as_number("length_km", 10 ** (-self.loss_db_per_km * np.asarray(self.length_km) / 10))

    @property
    def loss_db(self) -> Number:
        """The channel's loss."""
        if self.length_km is not None:
            return as_number("loss_db", self.loss_db_per_km * np.asarray(self.length_km))
        return as_number("loss_db", -10 * np.log10(as_number("transmittance", self.transmittance)))

    @cached_property
    def efficiency(self) -> Number:
        """Probability that a photon which is sent makes a detector click: channel times detector."""
        return as_number("efficiency", self.detector.efficiency * np.asarray(self.channel_transmittance))

    @property
    def points(self) -> int:
        """How many channels it holds."""
        return int(np.size(self.channel_transmittance))

    def at(self, chosen: NDArray[np.intp] | int) -> QkdLink:
        """The link at some points of a curve, by their numbers."""
        name = "length_km" if self.length_km is not None else "transmittance"
        values: dict[str, Any] = {name: np.atleast_1d(np.asarray(getattr(self, name)))[chosen]}
        return replace(self, **values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QkdLink):
            return NotImplemented
        return all(np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))

    def __hash__(self) -> int:
        return hash((self.detector, self.loss_db_per_km, np.asarray(self.channel_transmittance).tobytes()))
