"""`PhotonNumberSplitting`: Eve keeps a photon of each pulse that has more than one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from qnet.qkd.eavesdroppers._checks import check_share
from qnet.qkd.eavesdroppers.shape import Eavesdropper

if TYPE_CHECKING:
    from qnet.qkd._checks import Array
    from qnet.qkd.lights import Kind, Unseen
    from qnet.qkd.link import QkdLink

__all__ = ["PhotonNumberSplitting", "Splitting"]


@dataclass(frozen=True, kw_only=True)
class Splitting:
    """How Eve acts on a pulse of which she has counted the photons.

    Args:
        single: Chance that she lets a single photon pass.
        multiple: Chance that she passes on a pulse of more photons, less the one that she keeps.
        known: The share of the signal's clicks without dark counts whose bit she will know.
    """

    single: float
    multiple: float
    known: float


@dataclass(frozen=True, kw_only=True)
class PhotonNumberSplitting(Eavesdropper):
    """Eve counts the photons of a pulse, keeps one if there are several, and blocks single ones.

    She measures what she kept when the bases are announced, and knows the bit without having caused an error.
    What she passes on takes a channel without loss, and she blocks just so many pulses that the signal's gain
    is as it would be without her. As she cannot tell a signal from a decoy of the same photon number, the
    gains of decoys fall, and with them the bound on single photons.

    Source: Brassard, Lütkenhaus, Mor, Sanders, Phys. Rev. Lett. 85, 1330 (2000), arXiv:quant-ph/9911054.

    Args:
        share: The share of the pulses on which she acts; the others she lets go.

    Raises:
        ValueError: If `share` is not from 0 to 1.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.link import QkdLink
        >>> far = QkdLink(length_km=100, detector=Detector(efficiency=0.1))
        >>> PhotonNumberSplitting().splitting(0.5, far).known
        1.0
    """

    name: ClassVar[str] = "photon-number-splitting"
    summary: ClassVar[str] = "keeps one photon of each pulse that has several, and blocks single ones"
    needs: ClassVar[str] = "photon numbers"

    share: float = 1.0

    def __post_init__(self) -> None:
        check_share(self.share)

    def splitting(self, mean_photon_number: float, link: QkdLink) -> Splitting:
        """What she does so that a laser's signal of this mean keeps its gain, or nearly, if it cannot."""
        from qnet.qkd.lights import Kind

        return self._splitting(Kind.laser(mean_photon_number), link)

    def arriving(self, kinds: Sequence[Kind], link: QkdLink, choices: int) -> tuple[Unseen, ...]:
        """Fewer photons, through a channel without loss."""
        plan = self._splitting(kinds[0], link)
        untouched = Eavesdropper.arriving(self, kinds, link, choices)
        return tuple(
            self._mixed(free, _left(kind.numbers, plan), link.detector.efficiency)
            for free, kind in zip(untouched, kinds, strict=True)
        )

    def _mixed(self, free: Unseen, numbers: Array, efficiency: float) -> Unseen:
        from qnet.qkd.gains import mixture

        light = mixture(numbers)
        return lambda shares: np.asarray(
            (1 - self.share) * free(shares) + self.share * light(np.asarray(1 - efficiency * shares))
        )

    def _splitting(self, kind: Kind, link: QkdLink) -> Splitting:
        count = np.arange(len(kind.numbers))
        seen = link.detector.efficiency
        wanted = float(kind.numbers @ -np.expm1(count * np.log1p(-min(float(link.efficiency), 1 - 1e-16))))
        several = float(kind.numbers[2:] @ (1 - (1 - seen) ** (count[2:] - 1)))
        one = float(kind.numbers[1] * seen) if len(kind.numbers) > 1 else 0.0
        multiple = min(1.0, wanted / several) if several > 0 else 1.0
        single = min(1.0, max(0.0, wanted - several) / one) if one > 0 else 0.0
        total = multiple * several + single * one
        return Splitting(
            single=single, multiple=multiple, known=multiple * several / total if total > 0 else 0.0
        )


def _left(numbers: Array, plan: Splitting) -> Array:
    """The distribution of the photons that she passes on."""
    left = np.zeros(max(2, len(numbers) - 1))
    left[1] = plan.single * numbers[1] if len(numbers) > 1 else 0.0
    left[1 : len(numbers) - 1] += plan.multiple * numbers[2:]
    left[0] = 1 - left[1:].sum()
    return left
