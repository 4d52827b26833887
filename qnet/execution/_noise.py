"""Noise put on a circuit, last; the same on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiskit import QuantumCircuit

from qnet.execution._channels import is_channel
from qnet.execution._compaction import compacted
from qnet.execution._lowering import expanded

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

_BARE = ("measure", "reset", "barrier", "delay", "initialize")


def with_noise(circuit: QuantumCircuit, noise: CircuitNoise | None) -> QuantumCircuit:
    """The circuit in small gates, with noise on each of them.

    Gates on more than two qubits stay whole where the noise has an override by their name.
    """
    if noise is None:
        return circuit
    named = {override.gate for override in noise.overrides}
    opened = expanded(circuit, lambda operation: operation.name in named or _noisy_as_it_is(operation))
    return noise.apply(opened)


def with_device_noise(circuit: QuantumCircuit, noise: CircuitNoise | None) -> QuantumCircuit:
    """A circuit that was transpiled to a device, with noise by the device's own qubit numbers."""
    return circuit if noise is None else noise.apply(compacted(circuit, tuple(range(circuit.num_qubits))))


def _noisy_as_it_is(operation: Any) -> bool:
    """Gates of Qiskit's own on one or two qubits; whatever else is made of gates is opened."""
    if operation.name in _BARE or is_channel(operation):
        return True
    home = getattr(operation, "base_class", type(operation)).__module__
    small: bool = operation.num_qubits <= 2
    return small and home.startswith("qiskit.circuit.library.") and not operation.num_clbits
