"""The error model of a circuit that a decoder is to have."""

from __future__ import annotations

import re

import stim

from qnet.studies.errors import StudyError

__all__ = ["circuit_of_model", "error_model"]

HERALD_AWARE = ("erasure", "erasure_exact")


class RandomDetectors(StudyError, ValueError):
    """A circuit has detectors or observables that no measurement fixes, even without noise."""


def error_model(circuit: stim.Circuit, decoder: str, *, what: str = "the circuit") -> stim.DetectorErrorModel:
    r"""The model that a decoder of this name takes, as sinter would make it.

    Args:
        circuit: A circuit with detectors and observables.
        decoder: Name of the decoder; for `erasure` it is in edges even where nothing but
            erasures happens, and the decoder makes its herald-aware model from it.
        what: How messages name the circuit.

    Returns:
        The model, decomposed into edges where that is possible.

    Raises:
        RandomDetectors: If detectors or observables are random without noise; they are named.
        NotMatchable: If the decoder is `erasure` and the circuit's errors are no edges of a graph.

    Example:
        >>> circuit = stim.Circuit("X_ERROR(0.125) 0\nM 0\nDETECTOR rec[-1]")
        >>> print(error_model(circuit, "pymatching"))
        error(0.125) D0
    """
    if decoder in HERALD_AWARE:
        from decoders.heralds import decomposed_model

        _model(circuit, what)
        return decomposed_model(circuit)
    return _model(circuit, what)


def _model(circuit: stim.Circuit, what: str) -> stim.DetectorErrorModel:
    failed = ""
    for options in ({"decompose_errors": True}, {}, {"flatten_loops": True}):
        try:
            return circuit.detector_error_model(approximate_disjoint_errors=True, **options)
        except ValueError as error:
            failed = str(error)
    if "non-deterministic" not in failed:
        raise ValueError(f"{what} has no error model: {' '.join(failed.split())}")
    names = re.findall(r"^\s+([DL]\d+(?: \[coords [^\]]*\])?)$", failed, flags=re.MULTILINE)
    raise RandomDetectors(
        f"{what} has detectors or observables that are random without noise: "
        f"{', '.join(names) or ' '.join(failed.split())[:200]}; each must be a parity that the circuit fixes"
    )


def circuit_of_model(model: stim.DetectorErrorModel) -> stim.Circuit:
    """A circuit whose error model is the given one, so that a bare model can be sampled.

    Qubit k carries detector k, the qubits after them the observables; every error flips those that it names.

    Args:
        model: Any detector error model.

    Returns:
        The circuit; tags of detectors are kept.

    Example:
        >>> circuit_of_model(stim.DetectorErrorModel("error(0.125) D0 L0")).detector_error_model()
        stim.DetectorErrorModel('''
            error(0.125) D0 L0
        ''')
    """
    detectors, observables = model.num_detectors, model.num_observables
    circuit, declared = stim.Circuit(), {}
    for instruction in model.flattened():
        if instruction.type == "error":
            flipped = _flipped(instruction, detectors)
            if flipped:
                circuit.append(
                    "CORRELATED_ERROR",
                    [stim.target_x(q) for q in sorted(flipped)],
                    instruction.args_copy(),
                    tag=instruction.tag,
                )
        elif instruction.type == "detector":
            for target in instruction.targets_copy():
                declared[target.val] = instruction.args_copy(), instruction.tag
    total = detectors + observables
    if total:
        circuit.append("M", range(total))
    for k in range(detectors):
        coordinates, tag = declared.get(k, ([], ""))
        circuit.append("DETECTOR", [stim.target_rec(k - total)], coordinates, tag=tag)
    for k in range(observables):
        circuit.append("OBSERVABLE_INCLUDE", [stim.target_rec(k - observables)], k)
    return circuit


def _flipped(error: stim.DemInstruction, detectors: int) -> set[int]:
    flipped: set[int] = set()
    for target in error.targets_copy():
        if not target.is_separator():
            flipped ^= {target.val + (detectors if target.is_logical_observable_id() else 0)}
    return flipped
