"""Encoders of logical |0⟩ and |+⟩, and how well copies of the state verify each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from circuits.codes._gf2 import reduced
from circuits.codes.stabilizer import StabilizerCode

__all__ = ["Encoder", "encoder", "residual_faults", "residual_weights", "verified_variants"]

LARGEST = 14
_MANY = 99
Counts = NDArray[np.int64]
Layers = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """A circuit of CX gates that encodes logical |0⟩ (letter X) or |+⟩ (letter Z) in all logical qubits.

    Args:
        letter: The letter of the errors that spread in it.
        pivots: The qubits that begin in |+⟩ (for Z in |0⟩); all others begin in |0⟩ (|+⟩).
        layers: Layers of gates (pivot, other): CX with the pivot as control (for Z as target).
    """

    letter: str
    pivots: tuple[int, ...]
    layers: Layers


@cache
def encoder(code: StabilizerCode, letter: str, variant: int) -> Encoder:
    """An encoder from the reduced check matrix of a letter, its pivots looked for from a qubit on.

    Variants differ in the qubit where the search for pivots begins, going round: for a cyclic code they
    are one encoder shifted.
    """
    n = code.n
    pure = [[c == letter for c in check] for check in code.checks if letter in check]
    order = [(variant + q) % n for q in range(n)]
    rows, columns = reduced(np.array(pure, dtype=np.uint8).reshape(-1, n)[:, order])
    gates = [
        (order[column], order[q])
        for row, column in zip(rows, columns, strict=True)
        for q in np.flatnonzero(row)
        if q != column
    ]
    layers: list[list[tuple[int, int]]] = []
    for gate in gates:
        free = (layer for layer in layers if all(not {*gate} & {*other} for other in layer))
        chosen = next(free, None)
        if chosen is None:
            layers.append([gate])
        else:
            chosen.append(gate)
    pivots = tuple(order[column] for column in columns)
    return Encoder(letter=letter, pivots=pivots, layers=tuple(tuple(layer) for layer in layers))


@cache
def verified_variants(code: StabilizerCode, letter: str) -> tuple[int, ...]:
    """The fewest copies of the state, and their encoders, that verify each other up to the distance.

    The first is used, the others verify it one after the other and are read. It is enough where no set of
    faults that all verifiers miss leaves an error of a weight above the number of faults; weights from
    the code's distance on count as the distance.

    Raises:
        ValueError: More than 2^14 classes of errors, or no such three copies among these encoders.
    """
    goal = np.minimum(residual_weights(code, letter), code.distance or 1)
    for verifiers in range(3):
        for others in combinations(range(1, code.n), verifiers):
            if (residual_faults(code, letter, (0, *others)) >= goal).all():
                return 0, *others
    raise ValueError(
        f"extraction = 'steane': no three encoders of {code.name} verify each other up to its distance"
    )


def residual_faults(code: StabilizerCode, letter: str, variants: tuple[int, ...]) -> Counts:
    """The least number of faults that leave each class of errors on the first copy and that nothing sees.

    A class is an error's syndrome with its effect on the logical operators. A fault is any Pauli error
    after a gate, a preparation, a wait or a verifying gate, or a wrong outcome.
    """
    single = _singles(code, letter)
    faults = _relaxed(_least_faults(code, letter, variants[0]), single)
    for variant in variants[1:]:
        faults = _relaxed(faults + _relaxed(_least_faults(code, letter, variant), single), single)
    return faults


def residual_weights(code: StabilizerCode, letter: str) -> Counts:
    """The least weight of an error in each class."""
    return _reached(_singles(code, letter), code)


@cache
def _singles(code: StabilizerCode, letter: str) -> tuple[int, ...]:
    """The class of an error on each qubit."""
    other = "Z" if letter == "X" else "X"
    seen = [check for check in code.checks if other in check]
    seen += code.logical_z if letter == "X" else code.logical_x
    if len(seen) > LARGEST:
        raise ValueError(
            f"extraction = 'steane': {code.name} has {len(seen)} checks and logical operators of one letter, "
            f"its verification is worked out for at most {LARGEST}"
        )
    return tuple(sum((string[q] != "I") << k for k, string in enumerate(seen)) for q in range(code.n))


@cache
def _least_faults(code: StabilizerCode, letter: str, variant: int) -> Counts:
    """The least number of faults in an encoder for each class of errors at its end."""
    image = list(_singles(code, letter))
    found = set(image)
    for layer in reversed(encoder(code, letter, variant).layers):
        for pivot, other in layer:
            found |= {image[pivot], image[other], image[pivot] ^ image[other]}
            image[pivot] ^= image[other]
    return _reached(tuple(sorted(found | set(image))), code)


def _reached(steps: tuple[int, ...], code: StabilizerCode) -> Counts:
    """How many of the steps, added modulo 2, are needed to reach each class."""
    width = max(steps).bit_length()
    counts = np.full(1 << width, _MANY, dtype=np.int64)
    counts[0] = 0
    new, number = np.array([0]), 0
    while new.size:
        number += 1
        reached = np.unique((new[:, None] ^ np.array(steps)).ravel())
        new = reached[counts[reached] == _MANY]
        counts[new] = number
    return counts


def _relaxed(counts: Counts, single: tuple[int, ...]) -> Counts:
    """The counts where errors on single qubits may be added, one fault each."""
    everywhere = np.arange(len(counts))
    while True:
        better = np.min([counts, *(counts[everywhere ^ step] + 1 for step in single)], axis=0)
        if (better == counts).all():
            return counts
        counts = better
