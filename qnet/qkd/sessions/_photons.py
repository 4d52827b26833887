"""The photon layer of a plan."""

from __future__ import annotations

from typing import Any

from qnet.devices import PairSource, SinglePhotonSource
from qnet.qkd.link import QkdLink
from qnet.qkd.quantum import QuantumChannel
from qnet.qkd.sessions.plan import SessionPlan

__all__ = ["photons_of"]


def photons_of(
    plan: SessionPlan, link: QkdLink, *, eve: Any = None, seed: int | None = None
) -> QuantumChannel:
    """The photons of a plan's protocol over a link, with the source that its parameters tell of.

    Args:
        plan: The plan.
        link: The link, of one length.
        eve: Who sits on it: an eavesdropper, or its name.
        seed: Seed of the channel's randomness.

    Raises:
        ValueError: If the protocol leaves its source open, or Eve does not fit.
    """
    from qnet.qkd.eavesdroppers import eavesdropper
    from qnet.qkd.photons import photon_channel

    rate: Any = plan.protocol
    source: Any = None
    position = float(getattr(rate, "source_position", 0.5))
    if not plan.scheme.alice.sends:
        pairs = getattr(rate, "mean_pairs", None)
        if pairs is None and not isinstance(rate, str):
            raise ValueError(f"mean_pairs=None in {plan.name}: the source must be known; give a number")
        source = PairSource(mean_pairs=0.05 if pairs is None else float(pairs))
    elif not plan.scheme.alice.intensities and hasattr(rate, "mean_photon_number"):
        source = SinglePhotonSource(mean_photon_number=rate.mean_photon_number, g2=rate.g2)
    return photon_channel(
        plan.scheme.alice,
        plan.scheme.bob,
        pulses=plan.pulses,
        link=link,
        source=source,
        eve=eavesdropper(eve) if isinstance(eve, str) else eve,
        seed=seed,
        source_position=position,
    )
