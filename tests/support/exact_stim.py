"""An exact simulator of small Stim circuits, written apart from the bridge.

Every measurement outcome and every herald is followed in a branch of its own: a branch is the
measurement record so far and the unnormalised density matrix that goes with it (qubit 0 is the
least significant, as in Qiskit). Pauli products are written out as matrices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import product

import numpy as np
import stim

Record = tuple[int, ...]
Branches = dict[Record, np.ndarray]

_LETTERS = {
    "I": np.eye(2, dtype=complex),
    "X": np.array([[0, 1], [1, 0]], dtype=complex),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1.0, -1.0]).astype(complex),
}


def stim_branches(circuit: stim.Circuit, qubits: int | None = None) -> Branches:
    """Every reachable record with its unnormalised density matrix; the traces sum to one."""
    n = circuit.num_qubits if qubits is None else qubits
    start = np.zeros((2**n, 2**n), dtype=complex)
    start[0, 0] = 1
    now: Branches = {(): start}
    chain_left: dict[Record, np.ndarray] = {}
    for instruction in circuit.flattened():
        if instruction.name == "ELSE_CORRELATED_ERROR":
            now, chain_left = _link(now, chain_left, instruction, n)
        elif instruction.name == "E":
            now, chain_left = _link({}, _sum(now, chain_left), instruction, n)
        else:
            now = _sum(now, chain_left)
            chain_left = {}
            now = _step(now, instruction, n)
    return {record: rho for record, rho in _sum(now, chain_left).items() if np.trace(rho).real > 1e-13}


def stim_distribution(
    circuit: stim.Circuit, parities: Iterable[tuple[tuple[int, ...], bool]] | None = None
) -> dict[tuple[int, ...], float]:
    """The probability of every record, or of every value of these parities of records."""
    total: dict[tuple[int, ...], float] = {}
    groups = None if parities is None else list(parities)
    for record, rho in stim_branches(circuit).items():
        key = record if groups is None else values(record, groups)
        total[key] = total.get(key, 0.0) + float(np.trace(rho).real)
    return total


def values(record: Record, parities: Iterable[tuple[tuple[int, ...], bool]]) -> tuple[int, ...]:
    """Parities of a record."""
    return tuple((sum(record[k] for k in indices) + constant) % 2 for indices, constant in parities)


def pauli(letters: Mapping[int, str], n: int) -> np.ndarray:
    """A Pauli string as a matrix."""
    return reduce(np.kron, [_LETTERS[letters.get(k, "I")] for k in reversed(range(n))])


def _step(now: Branches, instruction: stim.CircuitInstruction, n: int) -> Branches:
    name, arguments = instruction.name, instruction.gate_args_copy()
    if name in ("TICK", "DETECTOR", "OBSERVABLE_INCLUDE", "QUBIT_COORDS", "SHIFT_COORDS"):
        return now
    for group in instruction.target_groups():
        now = _group(now, name, group, arguments, n)
    return now


def _group(now: Branches, name: str, group: list, arguments: list[float], n: int) -> Branches:
    data = stim.gate_data(name)
    plain = [target.value for target in group]
    if name in ("SPP", "SPP_DAG"):
        phase = -1j if name == "SPP_DAG" else 1j
        whole = _product(group, n)
        return _conjugate(now, ((1 + phase) * np.eye(2**n) + (1 - phase) * whole) / 2)
    if name == "MPAD":
        return _noisy_record({(*record, plain[0]): rho for record, rho in now.items()}, arguments)
    if name.startswith("HERALDED"):
        weights = [arguments[0] / 4] * 4 if name == "HERALDED_ERASE" else arguments
        quiet = {(*record, 0): (1 - sum(weights)) * rho for record, rho in now.items()}
        loud: Branches = {}
        for letter, p in zip("IXYZ", weights, strict=True):
            errors = _conjugate(now, pauli({plain[0]: letter}, n))
            loud = _sum(loud, {(*record, 1): p * rho for record, rho in errors.items()})
        return quiet | loud
    if data.produces_measurements:
        return _measured(now, name, group, arguments, n)
    if data.is_reset:
        return _reset(now, plain[0], name[1:] or "Z", n)
    if data.is_unitary:
        return _unitary(now, name, group, n)
    return _channel(now, name, plain, arguments, n)


def _product(group: list, n: int) -> np.ndarray:
    whole = np.eye(2**n, dtype=complex)
    for target in group:
        if not target.is_combiner:
            sign = -1 if target.is_inverted_result_target else 1
            whole = sign * whole @ pauli({target.value: target.pauli_type}, n)
    return whole


def _measured(now: Branches, name: str, group: list, arguments: list[float], n: int) -> Branches:
    if name == "MPP":
        observable = _product(group, n)
    else:
        letter = name.replace("R", "")[1:2] or "Z"
        observable = pauli({target.value: letter for target in group}, n)
        for target in group:
            observable = -observable if target.is_inverted_result_target else observable
    split: Branches = {}
    for record, rho in now.items():
        for value in (0, 1):
            projector = (np.eye(2**n) + (-1) ** value * observable) / 2
            split[(*record, value)] = projector @ rho @ projector
    split = _noisy_record(split, arguments)
    return _reset(split, group[0].value, name[2:] or "Z", n) if name.startswith("MR") else split


def _noisy_record(now: Branches, arguments: list[float]) -> Branches:
    p = arguments[0] if arguments else 0.0
    flipped = {(*record[:-1], 1 - record[-1]): p * rho for record, rho in now.items()}
    return _sum({record: (1 - p) * rho for record, rho in now.items()}, flipped)


def _reset(now: Branches, qubit: int, letter: str, n: int) -> Branches:
    plus = (np.eye(2**n) + pauli({qubit: letter}, n)) / 2
    back = plus @ pauli({qubit: "X" if letter == "Z" else "Z"}, n)
    return {r: plus @ rho @ plus + back @ rho @ back.conj().T for r, rho in now.items()}


def _unitary(now: Branches, name: str, group: list, n: int) -> Branches:
    records = [target for target in group if target.is_measurement_record_target]
    if not records:
        return _conjugate(now, _embed(name, [target.value for target in group], n))
    qubits = [target.value for target in group if not target.is_measurement_record_target]
    if not qubits:
        return now
    letter = {"CX": "X", "CY": "Y", "CZ": "Z", "XCZ": "X", "YCZ": "Y"}[name]
    matrix = pauli({qubits[0]: letter}, n)
    return {record: matrix @ rho @ matrix if record[records[0].value] else rho for record, rho in now.items()}


def _embed(name: str, qubits: list[int], n: int) -> np.ndarray:
    """The gate on all qubits, by the Pauli expansion of its unitary matrix (Stim's is little-endian)."""
    matrix = np.asarray(stim.gate_data(name).unitary_matrix)
    whole = np.zeros((2**n, 2**n), dtype=complex)
    for letters in product("IXYZ", repeat=len(qubits)):
        small = reduce(np.kron, [_LETTERS[letter] for letter in reversed(letters)])
        weight = np.trace(small @ matrix) / len(matrix)
        whole += weight * pauli(dict(zip(qubits, letters, strict=True)), n)
    return whole


def _channel(now: Branches, name: str, qubits: list[int], arguments: list[float], n: int) -> Branches:
    order = ["".join(letters) for letters in product("IXYZ", repeat=len(qubits))][1:]
    if name.endswith("_ERROR"):
        weights = {} if name.startswith("I") else {name[0]: arguments[0]}
    elif name.startswith("DEPOLARIZE"):
        weights = dict.fromkeys(order, arguments[0] / len(order))
    else:
        weights = dict(zip(order, arguments, strict=True))
    total = {record: (1 - sum(weights.values())) * rho for record, rho in now.items()}
    for letters, p in weights.items():
        errors = _conjugate(now, pauli(dict(zip(qubits, letters, strict=True)), n))
        total = _sum(total, {record: p * rho for record, rho in errors.items()})
    return total


def _link(
    done: Branches, left: Branches, instruction: stim.CircuitInstruction, n: int
) -> tuple[Branches, Branches]:
    p = instruction.gate_args_copy()[0]
    errors = _conjugate(left, _product(instruction.targets_copy(), n))
    done = _sum(done, {record: p * rho for record, rho in errors.items()})
    return done, {record: (1 - p) * rho for record, rho in left.items()}


def _conjugate(now: Branches, matrix: np.ndarray) -> Branches:
    return {record: matrix @ rho @ matrix.conj().T for record, rho in now.items()}


def _sum(a: Branches, b: Branches) -> Branches:
    total = dict(a)
    for record, rho in b.items():
        total[record] = total[record] + rho if record in total else rho
    return total
