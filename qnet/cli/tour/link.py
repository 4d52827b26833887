"""The lossy link of the tour: a logical Bell pair by lattice surgery, decoded with heralds."""

from __future__ import annotations

from time import perf_counter

from qnet.cli.tour.measurement import Measurement

__all__ = ["DISTANCES", "LOSS", "SEAM_NOISE", "TITLE", "logical_pair"]

DISTANCES = (3, 5)
LOSS = 0.2
SEAM_NOISE = 0.01
TITLE = "logical Bell pair"


def logical_pair(distance: int, *, shots: int, seed: int) -> Measurement:
    """How bad a logical Bell pair is that two surface-code patches make over a link that loses pairs.

    Args:
        distance: Distance of either patch.
        shots: Shots.
        seed: Of all shots.

    Returns:
        1 − F.

    Example:
        >>> found = logical_pair(3, shots=1000, seed=5)
        >>> found.figure, 0.03 < found.value < 0.2
        ('1 − F, d = 3', True)
    """
    from qnet.repeaters import EncodedLink, simulated_pairs

    started = perf_counter()
    link = EncodedLink(distance=distance, seam_noise=SEAM_NOISE, heralded_loss=LOSS, noise="uniform:0.001")
    (pair,) = simulated_pairs([link], precision=None, max_shots=shots, seed=seed)
    return Measurement(
        stop=TITLE,
        figure=f"1 − F, d = {distance}",
        sampler="stim",
        value=pair.infidelity.value,
        stderr=pair.infidelity.stderr,
        ideal=None,
        shots=shots,
        shots_per_s=shots / (perf_counter() - started),
    )
