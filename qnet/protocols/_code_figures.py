"""Figures of code experiments that came back from Qiskit: through detectors to a decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.protocols._estimates import mean
from qnet.results import Figure

if TYPE_CHECKING:
    import stim
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["decoded", "detected", "exported"]


def exported(circuit: stim.Circuit, name: str) -> QuantumCircuit:
    """The circuit for Qiskit, with its detectors in the metadata."""
    from circuits.bridge import to_qiskit

    made = to_qiskit(circuit)
    made.name = name
    return made


def decoded(circuit: QuantumCircuit, prior: stim.Circuit, outcomes: Outcomes) -> dict[str, Figure]:
    """The rates after matching, whose model is that of the same circuit with the noise that is supposed."""
    from circuits.bridge import detection_events
    from decoders.registry import sinter_decoders

    events = detection_events(circuit, outcomes.bits)
    model = prior.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)
    decoder = sinter_decoders()["pymatching"].compile_decoder_for_dem(dem=model)
    packed = np.packbits(events.detectors, axis=1, bitorder="little")
    guesses = decoder.decode_shots_bit_packed(bit_packed_detection_event_data=packed)
    found = np.unpackbits(guesses, axis=1, bitorder="little", count=events.observables.shape[1])
    wrong = (found.astype(bool) ^ events.observables).any(axis=1)
    return {
        "logical_error_rate": _rate(wrong, outcomes.weights, ideal=0.0),
        "raw_error_rate": _rate(events.observables.any(axis=1), outcomes.weights, ideal=0.0),
        "detection_fraction": _rate(events.detectors.mean(axis=1), outcomes.weights, ideal=0.0),
    }


def detected(circuit: QuantumCircuit, outcomes: Outcomes) -> dict[str, Figure]:
    """The rates among the shots in which no detector fired, and how many these are."""
    from circuits.bridge import detection_events

    events = detection_events(circuit, outcomes.bits)
    fired = np.asarray(events.detectors.any(axis=1))
    kept, wrong = ~fired, np.asarray(events.observables.any(axis=1))
    return {
        "logical_error_rate": _rate(wrong[kept], outcomes.weights[kept], ideal=0.0),
        "accepted": _rate(kept, outcomes.weights, ideal=1.0),
        "raw_error_rate": _rate(wrong, outcomes.weights, ideal=0.0),
        "detection_fraction": _rate(events.detectors.mean(axis=1), outcomes.weights, ideal=0.0),
    }


def _rate(values: Any, weights: Any, *, ideal: float) -> Figure:
    return mean(np.asarray(values, dtype=float), weights, low=0, high=1).figure(ideal=ideal)
