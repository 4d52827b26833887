"""How long a decoder lets one shot wait."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders.registry import sinter_decoders

__all__ = ["Latency", "latency"]

WARM_UP = 20


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Times from the detection events of one shot to its predicted flips.

    Args:
        p50_s: Half of the shots took at most this long, in seconds.
        p99_s: 99 % of the shots took at most this long, in seconds.
        shots: How many shots were timed, one by one.
    """

    p50_s: float
    p99_s: float
    shots: int


def latency(
    decoder: str | sinter.Decoder,
    source: stim.Circuit | stim.DetectorErrorModel,
    *,
    shots: int = 1000,
    seed: int | None = None,
) -> Latency:
    """Decodes shots one at a time and tells how long each took, Python's call included.

    Compiling the decoder is not counted, nor are a few shots before the first that is.

    Args:
        decoder: A decoder, or the name of one of `sinter_decoders()`.
        source: Where the shots come from: a circuit, whose error model the decoder gets (decomposed where
            Stim can), or an error model.
        shots: How many shots are timed.
        seed: Of Stim's sampler; None for a fresh one.

    Returns:
        The median and the 99th percentile.

    Raises:
        ValueError: If there is no decoder of that name, or `decoder` is none.
        ValueError: If `shots` is no positive number.
        ValueError: If `source` is neither a circuit nor an error model.
        DecodersError: If the decoder cannot take the error model.

    Example:
        >>> import stim
        >>> circuit = stim.Circuit.generated(
        ...     "repetition_code:memory", distance=3, rounds=3, before_round_data_depolarization=0.1
        ... )
        >>> found = latency("pymatching", circuit, shots=200, seed=1)
        >>> found.shots, 0 < found.p50_s <= found.p99_s < 0.1
        (200, True)
    """
    chosen = _chosen(decoder)
    if not isinstance(shots, int) or isinstance(shots, bool) or shots < 1:
        raise ValueError(f"shots={shots!r} is no number of shots; give a whole number of at least 1")
    model, events = _sampled(source, shots + WARM_UP, seed)
    compiled = chosen.compile_decoder_for_dem(dem=model)
    times = [_timed(compiled, events[k : k + 1]) for k in range(len(events))][WARM_UP:]
    p50, p99 = np.quantile(times, [0.5, 0.99], method="inverted_cdf")
    return Latency(p50_s=float(p50), p99_s=float(p99), shots=shots)


def _chosen(decoder: str | sinter.Decoder) -> sinter.Decoder:
    if isinstance(decoder, sinter.Decoder):
        return decoder
    known = sinter_decoders()
    if decoder not in known:
        raise ValueError(f"decoder={decoder!r} is unknown; choose one of {', '.join(known)}")
    return known[decoder]


def _sampled(
    source: stim.Circuit | stim.DetectorErrorModel, shots: int, seed: int | None
) -> tuple[stim.DetectorErrorModel, NDArray[np.uint8]]:
    if isinstance(source, stim.Circuit):
        events = source.compile_detector_sampler(seed=seed).sample(shots, bit_packed=True)
        return _model(source), events
    if isinstance(source, stim.DetectorErrorModel):
        events, _, _ = source.compile_sampler(seed=seed).sample(shots, bit_packed=True)
        return source, events
    raise ValueError(
        f"source={type(source).__name__} gives no shots; give a stim.Circuit or a stim.DetectorErrorModel"
    )


def _model(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    try:
        return circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)
    except ValueError:
        return circuit.detector_error_model(approximate_disjoint_errors=True)


def _timed(compiled: sinter.CompiledDecoder, shot: NDArray[np.uint8]) -> float:
    start = time.perf_counter()
    compiled.decode_shots_bit_packed(bit_packed_detection_event_data=shot)
    return time.perf_counter() - start
