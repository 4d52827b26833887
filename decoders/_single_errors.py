"""Single errors that correlated matching gets wrong, though plain matching gets them right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._mechanisms import independent_errors
from decoders._shots import packed

__all__ = ["Exceptions", "exceptions"]

LARGEST = 512


@dataclass(frozen=True, kw_only=True, eq=False)
class Exceptions:
    """Syndromes whose answer is not the matching's.

    Args:
        events: Bit-packed detection events, one row a syndrome.
        flips: The flips of the observables that go with them.
    """

    events: NDArray[np.uint8]
    flips: NDArray[np.uint8]

    def put_into(self, found: NDArray[np.uint8], events: NDArray[np.uint8]) -> None:
        """Overwrites the answers to these syndromes."""
        for row, flips in zip(self.events, self.flips, strict=True):
            found[np.all(events == row, axis=1)] = flips


def exceptions(
    dem: stim.DetectorErrorModel, plain: sinter.CompiledDecoder, correlated: sinter.CompiledDecoder
) -> Exceptions:
    """The syndromes of one error where the likeliest such error and plain matching agree against the other.

    The second pass of correlated matching may reweigh edges so that a single error is taken for several.
    At distance 3 that is a logical error of first order, which outweighs all others at low rates; at larger
    distances it does not happen. Models of more than 512 detectors are not looked through.
    """
    likeliest: dict[frozenset[int], tuple[float, frozenset[int]]] = {}
    for symptom, p in independent_errors(dem).items() if dem.num_detectors <= LARGEST else ():
        if symptom.detectors and p > likeliest.get(symptom.detectors, (0.0, frozenset()))[0]:
            likeliest[symptom.detectors] = (p, symptom.observables)
    events = _rows(list(likeliest), dem.num_detectors)
    wanted = _rows([observables for _, observables in likeliest.values()], dem.num_observables)
    first, second = (
        decoder.decode_shots_bit_packed(bit_packed_detection_event_data=events)
        for decoder in (plain, correlated)
    )
    wrong = np.all(first == wanted, axis=1) & np.any(second != wanted, axis=1)
    return Exceptions(events=events[wrong], flips=wanted[wrong])


def _rows(members: list[frozenset[int]], width: int) -> NDArray[np.uint8]:
    found = np.zeros((len(members), width), dtype=np.bool_)
    for row, mine in zip(found, members, strict=True):
        row[list(mine)] = True
    return packed(found)
