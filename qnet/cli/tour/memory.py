"""The error-corrected memory of the tour: Stim's surface code, decoded by our PyMatching decoder."""

from __future__ import annotations

from math import sqrt
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
        seed: Seed of Stim's sampler.
        p: Probability of an error of each gate, measurement, reset, and of data qubits before each round.

    Returns:
        The logical error rate per shot.

    Example:
        >>> found = logical_error(3, shots=20_000, seed=5)
        >>> found.figure, 0.001 < found.value < 0.006
        ('errors, d = 3', True)
    """
    import numpy as np
    import stim

    from decoders.registry import sinter_decoders

    started = perf_counter()
    circuit = stim.Circuit.generated(
        "surface_code:rotated_memory_z",
        distance=distance,
        rounds=distance,
        after_clifford_depolarization=p,
        before_round_data_depolarization=p,
        before_measure_flip_probability=p,
        after_reset_flip_probability=p,
    )
    model = circuit.detector_error_model(decompose_errors=True)
    decoder = sinter_decoders()["pymatching"].compile_decoder_for_dem(dem=model)
    events, flips = circuit.compile_detector_sampler(seed=seed).sample(
        shots, separate_observables=True, bit_packed=True
    )
    guesses = decoder.decode_shots_bit_packed(bit_packed_detection_event_data=events)
    rate = float(np.mean(np.any(guesses != flips, axis=1)))
    return Measurement(
        stop=TITLE,
        figure=f"errors, d = {distance}",
        sampler="stim",
        value=rate,
        stderr=sqrt(max(rate * (1 - rate), 1 / shots) / shots),
        ideal=None,
        shots=shots,
        shots_per_s=shots / (perf_counter() - started),
    )
