"""Aer, given one circuit at a time: what it is told, and how its answer is read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import shorten
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ControlFlowOp, ParameterExpression

from qnet.errors import ExecutionError
from qnet.execution._channels import is_channel
from qnet.execution._compaction import compacted, used_qubits
from qnet.execution._lowering import aer_circuit

_LARGEST_DENSITY_MATRIX = 10
_SMALLEST_STABILIZER = 11
_TRAJECTORY_COST = 300
_SMALLEST_CHAIN = 11
_WIDEST_CHAIN = 3
_PARTIAL = ("stabilizer", "extended_stabilizer")
"""Methods into whose gates not all others can be opened: what they lack, Aer says itself."""
_OURS = {"shots": "default_shots=, or shots of the run", "seed_simulator": "seed="}


class AerEngine:
    """Runs single circuits without parameters on `AerSimulator`.

    Args:
        simulator: The simulator.
        choose: Whether the method is chosen for each circuit.
        noisy: Whether the simulator has a noise model of its own.
    """

    def __init__(self, simulator: Any, *, choose: bool, noisy: bool = False) -> None:
        self._simulator = simulator
        self._choose = choose
        self._noisy = noisy
        method = simulator.options.method
        self._names = _names_of("automatic" if method in _PARTIAL else method)

    @staticmethod
    def of(options: dict[str, Any]) -> AerEngine:
        """An engine with options of `AerSimulator`; without `method` it is chosen by circuit.

        Raises:
            ValueError: If Aer does not know an option, or it is one that the sampler sets.
        """
        from qiskit_aer import AerError, AerSimulator

        for name in options.keys() & _OURS:
            raise ValueError(f"options={options!r}: {name!r} is set by the sampler; give {_OURS[name]}")
        noisy = options.get("noise_model") is not None
        try:
            return AerEngine(AerSimulator(**options), choose="method" not in options, noisy=noisy)
        except AerError as error:
            raise ValueError(f"options={options!r} do not suit AerSimulator: {error.message}") from None

    def bits(
        self, circuit: QuantumCircuit, shots: int, seed: int, noise_model: Any = None
    ) -> NDArray[np.uint8]:
        """Outcomes of shape (shots, clbits); column j is `circuit.clbits[j]`.

        Raises:
            ExecutionError: If Aer cannot run the circuit; its own words, on one line.
        """
        used = used_qubits(circuit)
        if not used or not circuit.clbits:
            return np.zeros((shots, circuit.num_clbits), dtype=np.uint8)
        if noise_model is None:
            circuit = compacted(circuit, used) if len(used) < circuit.num_qubits else circuit
        lowered = aer_circuit(circuit, self._names)
        options: dict[str, Any] = {"enable_truncation": False}
        if noise_model is not None:
            options["noise_model"] = noise_model
        if self._choose:
            noisy = self._noisy or noise_model is not None
            options["method"] = method_for(lowered, shots, noisy=noisy)
        return self._answer(lowered, shots, seed, options)

    def _answer(
        self, circuit: QuantumCircuit, shots: int, seed: int, options: dict[str, Any]
    ) -> NDArray[np.uint8]:
        from qiskit_aer import AerError

        options |= {"shots": shots, "memory": True, "seed_simulator": seed % 2**62}
        try:
            with without_aers_log():
                result = self._simulator.run(circuit, **options).result()
        except (AerError, AttributeError, RuntimeError, TypeError) as error:
            raise ExecutionError(f"Aer could not run it: {_line(error)}") from None
        if not result.success:
            said = result.results[0].status if result.results else result.status
            raise ExecutionError(f"Aer could not run it: {_line(said)}")
        memory = getattr(result.results[0].data, "memory", None) or ["0x0"] * shots
        return bits_of(memory, circuit.num_clbits)


def _line(said: Any) -> str:
    """Aer's words on one line of moderate length."""
    return shorten(str(getattr(said, "message", said)), 300, placeholder=" …")


@contextmanager
def without_aers_log() -> Iterator[None]:
    """Aer logs why a run failed, on lines of its own; the error that is raised says it."""
    logger, mute = logging.getLogger("qiskit_aer.backends.aerbackend"), logging.Filter("nothing")
    logger.addFilter(mute)
    try:
        yield
    finally:
        logger.removeFilter(mute)


def bits_of(memory: list[str], width: int) -> NDArray[np.uint8]:
    """Hexadecimal outcomes as bits of shape (shots, width), bit 0 first."""
    rows: dict[str, int] = {text: row for row, text in enumerate(dict.fromkeys(memory))}
    nbytes = (width + 7) // 8
    raw = b"".join(int(text, 16).to_bytes(nbytes, "little") for text in rows)
    table = np.frombuffer(raw, dtype=np.uint8).reshape(len(rows), nbytes)
    bits = np.unpackbits(table, axis=1, count=width, bitorder="little")
    index = np.fromiter(map(rows.__getitem__, memory), dtype=np.intp, count=len(memory))
    return np.asarray(bits[index])


def method_for(circuit: QuantumCircuit, shots: int, *, noisy: bool = False) -> str:
    """The method of Aer that takes least time for a circuit in its own instructions.

    A noisy or dynamic circuit takes a trajectory per shot, or one density matrix: the matrix is worth it
    for few qubits and many shots, if all measurements come last. Otherwise Clifford circuits go to the
    stabilizer method, and long ones whose gates stay near their qubits to matrix product states, which are
    exact and small there.

    Args:
        circuit: The circuit.
        shots: Number of shots.
        noisy: Whether a noise model comes with it, beside the error instructions that it holds.
    """
    operations = list(_operations(circuit))
    n, sampled = circuit.num_qubits, noisy or any(_branches(op) for op in operations)
    small = n <= _LARGEST_DENSITY_MATRIX and shots * _TRAJECTORY_COST >= 4**n
    if sampled and small and _measures_last(circuit):
        return "density_matrix" if {op.name for op in operations} <= _density_names() else "automatic"
    clifford = not noisy and all(_stabilizer(op) for op in operations)
    if clifford and (sampled or n >= _SMALLEST_STABILIZER):
        return "stabilizer"
    if sampled and n >= _SMALLEST_CHAIN and _chain(circuit, operations):
        return "matrix_product_state"
    return "statevector" if sampled else "automatic"


def _chain(circuit: QuantumCircuit, operations: list[Any]) -> bool:
    """Whether few gates cross any cut through the row of qubits: the bond is at most 2 to their number."""
    if not {op.name for op in operations} <= _names_of("matrix_product_state") | {"barrier"}:
        return False
    crossings, place = [0] * circuit.num_qubits, {bit: k for k, bit in enumerate(circuit.qubits)}
    for item in circuit.data:
        if len(item.qubits) > 1 and item.operation.name != "barrier" and not is_channel(item.operation):
            ends = [place[bit] for bit in item.qubits]
            for cut in range(min(ends), max(ends)):
                crossings[cut] += 1
    return max(crossings, default=0) <= _WIDEST_CHAIN


def _operations(circuit: QuantumCircuit) -> Any:
    for item in circuit.data:
        yield item.operation
        if isinstance(item.operation, ControlFlowOp):
            for block in item.operation.blocks:
                yield from _operations(block)


def _branches(operation: Any) -> bool:
    return is_channel(operation) or isinstance(operation, ControlFlowOp) or operation.name == "reset"


def _measures_last(circuit: QuantumCircuit) -> bool:
    """Whether nothing is done with a qubit after its measurement."""
    measured: set[Any] = set()
    for item in circuit.data:
        if item.operation.name == "barrier":
            continue
        if isinstance(item.operation, ControlFlowOp) or not measured.isdisjoint(item.qubits):
            return False
        if item.operation.name == "measure":
            measured |= set(item.qubits)
    return True


def _density_names() -> frozenset[str]:
    return _names_of("density_matrix") | {"barrier"}


def _names_of(method: str) -> frozenset[str]:
    if method not in _NAMES:
        from qiskit_aer import AerSimulator

        _NAMES[method] = frozenset(AerSimulator(method=method).operation_names)
    return _NAMES[method]


_NAMES: dict[str, frozenset[str]] = {}


def _stabilizer(operation: Any) -> bool:
    if operation.name == "rz":
        (angle,) = operation.params
        if isinstance(angle, ParameterExpression):  # of a loop
            return False
        quarter = float(angle) / (np.pi / 2)
        return abs(quarter - round(quarter)) < 1e-9
    if operation.name == "quantum_channel":
        error = getattr(operation, "_quantum_error", None)
        return error is not None and all(
            _stabilizer(item.operation) for term in error.circuits for item in term.data
        )
    return operation.name in _names_of("stabilizer") | {"barrier"}
