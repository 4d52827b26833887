"""Error instructions as Stim's Pauli channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from qiskit.circuit import Reset

from circuits.bridge._gates import from_matrix
from circuits.bridge._refusal import Refused
from circuits.errors import NotTranslatable

_ROUNDING = 1e-9
_LARGEST_CHI = 3


@dataclass(frozen=True)
class Noise:
    """Lines of a Stim circuit: a head with its numbers, and its Pauli letters (none: plain targets)."""

    parts: tuple[tuple[str, str | None], ...]
    resets: tuple[int, ...] = ()
    """The qubits that are reset first, in every case."""

    def lines(self, qubits: Sequence[int]) -> list[str]:
        return [f"{head} {_targets(letters, qubits)}" for head, letters in self.parts]


def noise_of(error: Any) -> Noise:
    """The Pauli channel of an Aer `QuantumError`, or of a Qiskit channel (Kraus, SuperOp …).

    Raises:
        Refused: the channel is not a mixture of Pauli strings.
    """
    if hasattr(error, "generators"):
        return _lindblad(error)
    if hasattr(error, "paulis"):
        labels = [letters[::-1] for letters in error.paulis.to_labels()]
        return from_probabilities(dict(zip(labels, map(float, error.probabilities), strict=True)))
    terms = getattr(error, "circuits", None)
    if terms is None:
        return from_probabilities(_by_chi(error))
    possible = [(term, float(p)) for term, p in zip(terms, error.probabilities, strict=True) if p > 0]
    resets = {_first_resets(term) for term, _ in possible}
    total: dict[str, float] = {}
    for term, p in possible:
        letters = _pauli_of(term) if len(resets) == 1 else None
        if letters is None:
            return from_probabilities(_by_chi(error))
        total[letters] = total.get(letters, 0.0) + p
    return replace(from_probabilities(total), resets=resets.pop())


def from_probabilities(probabilities: dict[str, float]) -> Noise:
    """The channel with these Pauli strings (first letter: first qubit) at these probabilities."""
    width = len(next(iter(probabilities)))
    errors = {letters: p for letters, p in probabilities.items() if p > 0 and letters.strip("I")}
    if not errors:
        return Noise(())
    if width > 2:
        return Noise(_chain(errors))
    if len(errors) == 1 and width == 1:
        ((letter, p),) = errors.items()
        return Noise(((f"{letter}_ERROR({p!r})", None),))
    order = ["".join(letters) for letters in product("IXYZ", repeat=width)][1:]
    values = [errors.get(letters, 0.0) for letters in order]
    total = sum(values)
    if max(values) - min(values) < _ROUNDING * total and total <= 1 - 0.25**width:
        return Noise(((f"DEPOLARIZE{width}({total!r})", None),))
    if total > 1:
        values = [value / total for value in values]
    return Noise(((f"PAULI_CHANNEL_{width}({','.join(map(repr, values))})", None),))


def _lindblad(error: Any) -> Noise:
    """Aer's Pauli–Lindblad error: each generator an independent error of its own."""
    parts: list[tuple[str, str | None]] = []
    for letters, rate in zip(error.generators.to_labels(), error.rates, strict=True):
        if rate < 0:
            raise _not_pauli(error)
        if rate and letters.strip("I"):
            p = float(-np.expm1(-2 * rate) / 2)
            parts.append((f"CORRELATED_ERROR({p!r})", letters[::-1]))
    return Noise(tuple(parts))


def _chain(errors: dict[str, float]) -> tuple[tuple[str, str], ...]:
    """Disjoint errors as a chain: each with its probability if none before it happened."""
    left, parts = 1.0, []
    for k, (letters, p) in enumerate(errors.items()):
        head = "ELSE_CORRELATED_ERROR" if k else "CORRELATED_ERROR"
        parts.append((f"{head}({min(1.0, p / left) if left > 0 else 0.0!r})", letters))
        left -= p
    return tuple(parts)


def _targets(letters: str | None, qubits: Sequence[int]) -> str:
    if letters is None:
        return " ".join(map(str, qubits))
    return " ".join(f"{letter}{q}" for letter, q in zip(letters, qubits, strict=True) if letter != "I")


def _first_resets(term: Any) -> tuple[int, ...]:
    """The qubits that a term of a mixture resets before anything else happens to them."""
    touched: set[int] = set()
    resets: list[int] = []
    for item in term.data:
        qubits = {term.find_bit(qubit).index for qubit in item.qubits}
        if isinstance(item.operation, Reset) and touched.isdisjoint(qubits):
            resets += qubits
        touched |= qubits
    return tuple(sorted(resets))


def _pauli_of(term: Any) -> str | None:
    """The Pauli string that a term of a mixture is after its first resets, else None."""
    letters = ["I"] * term.num_qubits
    left = set(_first_resets(term))
    for item in term.data:
        places = [term.find_bit(qubit).index for qubit in item.qubits]
        if isinstance(item.operation, Reset) and left.issuperset(places):
            left -= set(places)
            continue
        found = _pauli_step(item.operation)
        if found is None:
            return None
        for k, letter in zip(places, found, strict=True):
            letters[k] = _multiply(letters[k], letter)
    return "".join(letters)


def _pauli_step(operation: Any) -> str | None:
    from qiskit.circuit.library import PauliGate
    from qiskit.quantum_info import Operator

    if isinstance(operation, PauliGate):
        return str(operation.params[0])[::-1]
    if operation.name in ("kraus", "reset", "superop") or operation.num_qubits > _LARGEST_CHI:
        return None
    try:
        return from_matrix(Operator(operation).data).pauli
    except Refused:
        return None


def _multiply(a: str, b: str) -> str:
    code = "IXZY"
    return code[code.index(a) ^ code.index(b)]


def _by_chi(error: Any) -> dict[str, float]:
    """The mixture read from the chi matrix, which is diagonal exactly for Pauli channels."""
    from qiskit.quantum_info import Chi, SuperOp

    if error.num_qubits > _LARGEST_CHI:
        raise _not_pauli(error)
    chi = np.asarray(Chi(SuperOp(error)).data)
    chi = chi / np.trace(chi)
    diagonal = np.real(np.diag(chi))
    if np.abs(chi - np.diag(diagonal)).max() > _ROUNDING:
        raise _not_pauli(error)
    labels = product("IXYZ", repeat=error.num_qubits)
    return {
        "".join(reversed(label)): max(0.0, float(p))
        for label, p in zip(labels, diagonal, strict=True)
        if p > _ROUNDING or not any(letter != "I" for letter in label)
    }


def _not_pauli(error: Any) -> Refused:
    names = {item.name for term in getattr(error, "circuits", ()) for item in term.data}
    what = "resets with a probability" if "reset" in names else "is not a mixture of Pauli errors"
    return Refused(
        NotTranslatable,
        f"its error channel {what}, which Stim cannot express",
        "use its Pauli twirl (CircuitNoise.from_backend(…, twirl='pauli')), or run it on Aer",
    )
