"""The error-corrected memory of the tour: a surface code, decoded by our PyMatching decoder."""

from __future__ import annotations

from time import perf_counter

from qnet.cli.tour.measurement import Measurement

__all__ = ["DISTANCES", "ERROR_RATE", "logical_error"]

DISTANCES = (3, 5)
ERROR_RATE = 0.002
TITLE = "keep a logical qubit"


def logical_error(distance: int, *, shots: int, seed: int, p: float = ERROR_RATE) -> Measurement:
    """How often a surface-code memory fails: rotated, Z basis, as many rounds as its distance.

    Args:
        distance: Distance of the code.
        shots: Shots.
        seed: Of all shots.
        p: Probability of an error of each gate, measurement and reset.

    Returns:
        The logical error rate per shot.

    Example:
        >>> found = logical_error(3, shots=20_000, seed=5)
        >>> found.figure, 0.001 < found.value < 0.006
        ('errors, d = 3', True)
    """
    import sinter

    from circuits.codes import rotated_surface
    from circuits.codes.memory import memory
    from circuits.noise import CircuitNoise
    from decoders.collection import collect
    from qnet.studies.rates import error_figures

    started = perf_counter()
    noise = CircuitNoise.uniform_depolarizing(p)
    task = sinter.Task(circuit=memory(rotated_surface(distance), rounds=distance, noise=noise))
    (stats,) = collect([task], decoders="pymatching", max_shots=shots, seed=seed, progress=False)
    rate = error_figures(stats)["logical_error_rate"]
    return Measurement(
        stop=TITLE,
        figure=f"errors, d = {distance}",
        sampler="stim",
        value=rate.value,
        stderr=rate.stderr,
        ideal=None,
        shots=shots,
        shots_per_s=shots / (perf_counter() - started),
    )
