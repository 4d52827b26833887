"""`photon_channel`: the channel of a link, for whatever the two ends do."""

from __future__ import annotations

from qnet.devices import PairSource, SinglePhotonSource
from qnet.qkd.eavesdroppers import Eavesdropper
from qnet.qkd.link import QkdLink
from qnet.qkd.photons.channel import BATCH, PhotonChannel, Scene
from qnet.qkd.photons.middle import MiddleScene
from qnet.qkd.photons.pairs import PairScene
from qnet.qkd.photons.prepared import PreparedScene
from qnet.qkd.quantum import Alphabet

__all__ = ["photon_channel"]


def photon_channel(
    alice: Alphabet,
    bob: Alphabet,
    *,
    pulses: int,
    link: QkdLink,
    source: SinglePhotonSource | PairSource | None = None,
    eve: Eavesdropper | None = None,
    seed: int | None = None,
    source_position: float = 0.5,
    batch: int = BATCH,
    keep_notes: bool = False,
) -> PhotonChannel:
    """The quantum channel of a real link: prepare and measure, pairs, or a station between two senders.

    Args:
        alice: What she chooses from. If she sends and Bob does not, that is prepare and measure; if neither
            does, a pair source is between them; if both do, a station (MDI).
        bob: What he chooses from. Of four detectors a beam splitter chooses the basis, with his chances.
        pulses: How many pulses are sent in all.
        link: The link, of one length.
        source: `PairSource` for pairs. Else None for weak coherent pulses of the intensities that the ends
            choose from, or, where there are none, for perfect single photons; or a `SinglePhotonSource`.
        eve: Who sits on the channel; None: nobody.
        seed: A number from 0 for a channel that can be repeated; None: from the operating system.
        source_position: Of pairs, where the source is on the way, from 0 (at Alice) to 1.
        batch: How many pulses are proposed at a time, at most.
        keep_notes: Whether what Eve sees of the pulses that click is kept, in `overheard`. (Of pairs there is
            nothing to keep.)

    Raises:
        ValueError: If Bob alone sends.
        ValueError: If `pulses`, `seed` or `batch` is no such number.
        ValueError: If the link, the source or Eve does not fit what the ends do.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.photons import count_clicks
        >>> alice = Alphabet(bases=("Z", "X"), chances=(0.5, 0.5), sends=True, intensities=(0.5,),
        ...                  intensity_chances=(1.0,))
        >>> bob = Alphabet(bases=("Z", "X"), chances=(0.5, 0.5), sends=False)
        >>> link = QkdLink(length_km=100, detector=Detector(efficiency=0.2, misalignment=0.02))
        >>> channel = photon_channel(alice, bob, pulses=10**8, link=link, seed=1)
        >>> counted = count_clicks(channel, alice, bob, seed=2)
        >>> abs(counted.gain(0, 0) / 1e-3 - 1) < 0.03, abs(counted.error_rate(0, 0) - 0.02) < 0.005
        (True, True)
    """
    scene: Scene
    if alice.sends and bob.sends:
        scene = MiddleScene(alice, bob, link=link, source=_not_pairs(source), eve=eve, keep_notes=keep_notes)
    elif alice.sends:
        scene = PreparedScene(
            alice, bob, link=link, source=_not_pairs(source), eve=eve, keep_notes=keep_notes
        )
    elif bob.sends:
        raise ValueError("bob sends and alice does not; let alice send, or both, or neither")
    else:
        if not isinstance(source, PairSource):
            raise ValueError(f"source={source!r}, but both ends measure; give PairSource(mean_pairs=…)")
        scene = PairScene(alice, bob, link=link, source=source, eve=eve, source_position=source_position)
    return PhotonChannel(scene, pulses=pulses, seed=seed, batch=batch)


def _not_pairs(source: SinglePhotonSource | PairSource | None) -> SinglePhotonSource | None:
    if source is not None and not isinstance(source, SinglePhotonSource):
        raise ValueError(
            f"source={source!r} is none that an end sends from; give a SinglePhotonSource, or intensities"
        )
    return source
