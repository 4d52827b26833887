"""Circuits and models with which decoders are tried, and how they are asked."""

from __future__ import annotations

import numpy as np
import sinter
import stim

from circuits.codes import StabilizerCode

__all__ = ["code_capacity", "decode", "errors", "lossy_memory", "memory", "sample", "suited", "unpack"]

NEED_HERALDS = ("erasure", "erasure_exact", "peeling")


def memory(distance: int, p: float = 0.01, rounds: int | None = None) -> stim.Circuit:
    """Stim's rotated memory in the Z basis under uniform noise."""
    return stim.Circuit.generated(
        "surface_code:rotated_memory_z",
        distance=distance,
        rounds=rounds or distance,
        after_clifford_depolarization=p,
        before_round_data_depolarization=p,
        before_measure_flip_probability=p,
        after_reset_flip_probability=p,
    )


def lossy_memory(distance: int, *, loss: float, p: float, heralded: bool = True) -> stim.Circuit:
    """The same with an erasure of every data qubit before every round, with a herald or without."""
    data = distance**2
    found, places, measured, before = stim.Circuit(), [], 0, ""
    for step in memory(distance, p).flattened():
        if step.name in ("DETECTOR", "OBSERVABLE_INCLUDE"):
            records = [stim.target_rec(places[target.value] - measured) for target in step.targets_copy()]
            found.append(step.name, records, step.gate_args_copy())
            continue
        found.append(step)
        places += range(measured, measured + step.num_measurements)
        measured += step.num_measurements
        if step.name == "DEPOLARIZE1" and before == "TICK" and not heralded:
            found.append("DEPOLARIZE1", step.targets_copy(), 0.75 * loss)
        elif step.name == "DEPOLARIZE1" and before == "TICK":
            found.append("HERALDED_ERASE", step.targets_copy(), loss)
            measured += data
            for k in range(data):
                found.append("DETECTOR", [stim.target_rec(k - data)], tag="herald")
        before = step.name
    return found


def code_capacity(
    code: StabilizerCode,
    *,
    p: float = 0.0,
    loss: float = 0.0,
    erased: tuple[int, ...] = (),
    z_only: bool = False,
) -> stim.Circuit:
    """Noise on the qubits of a code between two rounds of perfect checks.

    Args:
        code: The code.
        p: Depolarising on each qubit.
        loss: Heralded erasure of each qubit; the heralds are the first detectors.
        erased: Qubits that are lost for certain, without a herald.
        z_only: Check Z checks and the logical Z alone, else everything through noiseless references.
    """
    n, k = code.n, code.k
    products = [dict(enumerate(check)) for check in code.checks if not (z_only and set(check) & set("XY"))]
    checks = len(products)
    for i in range(k):
        products += [] if z_only else [{**dict(enumerate(code.logical_x[i])), n + i: "X"}]
        products += [{**dict(enumerate(code.logical_z[i])), n + i: "Z"}]
    circuit = stim.Circuit()
    _measure(circuit, products)
    if loss:
        circuit.append("HERALDED_ERASE", range(n), loss)
        for q in range(n):
            circuit.append("DETECTOR", [stim.target_rec(q - n)], tag="herald")
    circuit.append("DEPOLARIZE1", range(n), p)
    circuit.append("DEPOLARIZE1", erased, 0.75)
    _measure(circuit, products)
    between = n if loss else 0
    for j in range(len(products)):
        late = j - len(products)
        targets = [stim.target_rec(late), stim.target_rec(late - len(products) - between)]
        if j < checks:
            circuit.append("DETECTOR", targets)
        else:
            circuit.append("OBSERVABLE_INCLUDE", targets, j - checks)
    return circuit


def _measure(circuit: stim.Circuit, products: list[dict[int, str]]) -> None:
    for product in products:
        targets: list[stim.GateTarget] = []
        for qubit, letter in product.items():
            if letter != "I":
                targets += [stim.target_pauli(qubit, letter), stim.target_combiner()]
        circuit.append("MPP", targets[:-1])


def unpack(rows: np.ndarray, bits: int) -> np.ndarray:
    return np.unpackbits(rows, axis=1, count=bits, bitorder="little")


def decode(decoder: sinter.Decoder, model: stim.DetectorErrorModel, events: np.ndarray) -> np.ndarray:
    """The flips, one column an observable, of events with one column a detector."""
    compiled = decoder.compile_decoder_for_dem(dem=model)
    flips = compiled.decode_shots_bit_packed(
        bit_packed_detection_event_data=np.packbits(events, axis=1, bitorder="little")
    )
    assert flips.dtype == np.uint8
    assert flips.shape == (len(events), (model.num_observables + 7) // 8)
    return unpack(flips, model.num_observables)


def sample(circuit: stim.Circuit, shots: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Bit-packed events and flips."""
    events, flips = circuit.compile_detector_sampler(seed=seed).sample(
        shots, separate_observables=True, bit_packed=True
    )
    return events, flips


def errors(
    decoder: sinter.Decoder, model: stim.DetectorErrorModel, events: np.ndarray, flips: np.ndarray
) -> np.ndarray:
    """For every shot whether the decoder errs."""
    found = decoder.compile_decoder_for_dem(dem=model).decode_shots_bit_packed(
        bit_packed_detection_event_data=events
    )
    return np.any(found != flips, axis=1)


def suited(
    name: str, model: stim.DetectorErrorModel, events: np.ndarray
) -> tuple[stim.DetectorErrorModel, np.ndarray]:
    """The same model with what the decoder of this name needs: heralds that all fire, or colours."""
    detectors = model.num_detectors
    if name == "chromobius":
        for k in range(detectors):
            model.append("detector", [k, 0, 0, 3 + k % 3], [stim.target_relative_detector_id(k)])
    if name not in NEED_HERALDS:
        return model, events
    heralded = stim.DetectorErrorModel()
    number = detectors
    for error in model.flattened():
        targets = error.targets_copy()
        if error.type == "error" and any(target.is_relative_detector_id() for target in targets):
            herald = stim.target_relative_detector_id(number)
            heralded.append("error", error.args_copy(), [herald])
            heralded.append("error", error.args_copy(), [*targets, stim.target_separator(), herald])
            heralded.append("detector", [], [herald], tag="herald")
            number += 1
        else:
            heralded.append(error)
    if number == detectors:
        heralded.append("error", 0.1, [stim.target_relative_detector_id(number)])
        heralded.append("detector", [], [stim.target_relative_detector_id(number)], tag="herald")
        number += 1
    return heralded, np.hstack([events, np.ones((len(events), number - detectors), dtype=np.uint8)])
