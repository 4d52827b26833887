"""The noise model of a few qubits of a device, so that a large one costs no more than a small one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qiskit.transpiler import Target

__all__ = ["device_noise_model"]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """As much of a backend as Aer's noise model asks for."""

    name: str
    target: Any
    operation_names: tuple[str, ...]
    dt: float | None
    version: int = 2


def device_noise_model(backend: Any, used: tuple[int, ...]) -> Any:
    """Aer's noise model of a device on some of its qubits, which are numbered anew in this order."""
    from qiskit_aer.noise import NoiseModel

    target = _part_of(backend.target, used)
    names = tuple(target.operation_names)
    return NoiseModel.from_backend(
        _Part(name=f"part of {backend.name}", target=target, operation_names=names, dt=target.dt)
    )


def _part_of(target: Target, used: tuple[int, ...]) -> Target:
    from qiskit.transpiler import Target

    place = {qubit: k for k, qubit in enumerate(used)}
    given = target.qubit_properties
    made = Target(
        num_qubits=len(used),
        dt=target.dt,
        qubit_properties=[given[qubit] for qubit in used] if given else None,
    )
    for name in target.operation_names:
        operation, properties = target.operation_from_name(name), target[name]
        if isinstance(operation, type) or properties is None or None in properties:
            continue
        inside = {
            tuple(place[qubit] for qubit in qubits): value
            for qubits, value in properties.items()
            if all(qubit in place for qubit in qubits)
        }
        if inside:
            made.add_instruction(operation, inside, name=name)
    return made
