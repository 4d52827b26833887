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

__all__ = ["decoded", "detected", "detection_rows", "exported"]


def exported(circuit: stim.Circuit, name: str) -> QuantumCircuit:
    """The circuit for Qiskit, with its detectors in the metadata."""
    from circuits.bridge import to_qiskit

    made = to_qiskit(circuit)
    made.name = name
    return made


def decoded(
    circuit: QuantumCircuit, prior: stim.Circuit, outcomes: Outcomes, *, decoder: str = "pymatching"
) -> dict[str, Figure]:
    """The rates after decoding, by the error model of the same circuit with the noise that is supposed."""
    from circuits.bridge import detection_events
    from decoders.registry import sinter_decoders
    from qnet.studies import error_model

    events = detection_events(circuit, outcomes.bits)
    model = error_model(prior, decoder, what=circuit.name)
    compiled = sinter_decoders()[decoder].compile_decoder_for_dem(dem=model)
    packed = np.packbits(events.detectors, axis=1, bitorder="little")
    guesses = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=packed)
    count, kept = events.observables.shape[1], np.ones(len(packed), dtype=bool)
    if guesses.shape[1] > (count + 7) // 8:  # sinter's way to discard a shot: one more byte, not 0
        kept = guesses[:, -1] == 0
    found = np.unpackbits(guesses, axis=1, bitorder="little", count=count)
    wrong = np.asarray((found.astype(bool) ^ events.observables).any(axis=1))
    figures = {
        "logical_error_rate": _rate(wrong[kept], outcomes.weights[kept], ideal=0.0),
        "raw_error_rate": _rate(events.observables.any(axis=1), outcomes.weights, ideal=0.0),
        "detection_fraction": _detection_fraction(events.detectors, outcomes.weights),
    }
    if kept.all():
        return figures
    return {**figures, "accepted": _rate(kept, outcomes.weights, ideal=1.0)}


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
        "detection_fraction": _detection_fraction(events.detectors, outcomes.weights),
    }


def detection_rows(circuit: QuantumCircuit, outcomes: Outcomes) -> list[dict[str, Any]]:
    """The rate of every detector, named by its number, its tag and its coordinates."""
    from circuits.bridge import detection_events

    events = detection_events(circuit, outcomes.bits)
    metadata: dict[str, Any] = circuit.metadata or {}
    rows = []
    for k, (place, tag) in enumerate(
        zip(metadata["detector_coordinates"], metadata["detector_tags"], strict=True)
    ):
        at = ", ".join(f"{value:g}" for value in place)
        one = mean(events.detectors[:, k].astype(float), outcomes.weights, low=0, high=1)
        rows.append(one.row(f"D{k}{f' {tag}' if tag else ''} ({at})", ideal=0.0))
    return rows


def _detection_fraction(fired: Any, weights: Any) -> Figure:
    rates = fired.mean(axis=1) if fired.shape[1] else np.zeros(len(fired))
    return _rate(rates, weights, ideal=0.0)


def _rate(values: Any, weights: Any, *, ideal: float) -> Figure:
    return mean(np.asarray(values, dtype=float), weights, low=0, high=1).figure(ideal=ideal)
