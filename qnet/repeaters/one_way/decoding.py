"""What a station of parity codes concludes from its outcomes, as a decoder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders.errors import NotDecodable
from qnet.repeaters._checks import whole

__all__ = ["VoteDecoder"]

Bits = NDArray[np.bool_]
Packed = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class VoteDecoder(sinter.Decoder):  # type: ignore[misc]
    """The rule of `ParityCode`: majorities of what arrived, for the circuits of `hop_circuit`.

    Shots in which a block is lost as a whole, or none arrived whole, are discarded, in sinter's language: one
    more byte a shot. In a tie the first that arrived is believed.

    Args:
        n: Blocks of the parity code.
        m: Photons a block.

    Raises:
        ValueError: If n or m is no whole number of at least 1.
    """

    n: int
    m: int

    def __post_init__(self) -> None:
        whole("n", self.n)
        whole("m", self.m)

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        """A decoder for the error model of a `hop_circuit` of `circuits.codes.parity(n, m)`.

        Raises:
            NotDecodable: If the model has another number of detectors.
        """
        heralds = sum(
            len(one.targets_copy()) for one in dem if one.type == "detector" and one.tag == "herald"
        )
        photons = self.n * self.m
        each = photons - 1 + (photons if heralds else 0)
        if dem.num_observables != 2 or not dem.num_detectors or dem.num_detectors % each:
            raise NotDecodable(
                f"a model of {dem.num_detectors} detectors is none of hops with parity:{self.n},{self.m}"
            )
        return _Compiled(n=self.n, m=self.m, heralded=bool(heralds), hops=dem.num_detectors // each)


@dataclass(frozen=True, kw_only=True)
class _Compiled(sinter.CompiledDecoder):  # type: ignore[misc]
    n: int
    m: int
    heralded: bool
    hops: int

    def decode_shots_bit_packed(self, *, bit_packed_detection_event_data: Packed) -> Packed:
        shots = len(bit_packed_detection_event_data)
        bits = np.unpackbits(bit_packed_detection_event_data, axis=1, bitorder="little").astype(np.bool_)
        photons = self.n * self.m
        flips, lost = np.zeros((shots, 2), dtype=np.bool_), np.zeros(shots, dtype=np.bool_)
        place = 0
        for _ in range(self.hops):
            arrived = self._arrived(bits[:, place : place + photons])
            place += photons if self.heralded else 0
            inside = bits[:, place : place + photons - self.n].reshape(shots, self.n, self.m - 1)
            place += photons - self.n
            between = bits[:, place : place + self.n - 1]
            place += self.n - 1
            complete, some = np.asarray(arrived.all(axis=2)), np.asarray(arrived.any(axis=2))
            flips[:, 0] ^= _first_is_wrong(between, complete)
            flips[:, 1] ^= np.bitwise_xor.reduce(_first_is_wrong(inside, arrived), axis=1)
            lost |= ~np.logical_and(some.all(axis=1), complete.any(axis=1))
        packed = np.packbits(flips, axis=1, bitorder="little")
        return np.hstack([packed, lost[:, None].astype(np.uint8)])

    def _arrived(self, lost: Bits) -> Bits:
        """Which photons arrived, (shots, blocks, photons); all of them where nothing is ever lost."""
        shape = (len(lost), self.n, self.m)
        if not self.heralded:
            return np.ones(shape, dtype=np.bool_)
        return np.asarray(~lost, dtype=np.bool_).reshape(shape)


def _first_is_wrong(differences: Bits, present: Bits) -> Bits:
    """Whether those present outvote the first, from the differences of neighbours along the last axis."""
    relative = np.zeros(present.shape, dtype=np.bool_)
    np.logical_xor.accumulate(differences, axis=-1, out=relative[..., 1:])
    against = (relative & present).sum(axis=-1)
    votes = present.sum(axis=-1)
    first = np.argmax(present, axis=-1)
    believed = np.take_along_axis(relative, first[..., None], axis=-1)[..., 0]
    return np.asarray(np.where(2 * against == votes, believed, 2 * against > votes))
