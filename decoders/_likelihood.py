"""The exact joint distribution of syndromes and logical classes, for models of few detectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decoders._jit import compiled
from decoders._mechanisms import Symptom

__all__ = ["Block", "Echelon", "blocks", "echelon", "table"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a model that shares no detector and no observable with the rest.

    Args:
        errors: Probability of each symptom.
        detectors: The detectors that the part flips, in order.
        observables: The observables that it flips, in order.
    """

    errors: Mapping[Symptom, float]
    detectors: tuple[int, ...]
    observables: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Echelon:
    """Coordinates in which every symptom of a block is a number below 2^rank.

    Args:
        pivots: Which columns are coordinates; column j < detectors is detector j, the rest observables.
        masks: For every column the coordinates whose parity it is, as bits of a number.
        classes: How many coordinates are observables; these come first.
    """

    pivots: tuple[int, ...]
    masks: tuple[int, ...]
    classes: int


def blocks(errors: Mapping[Symptom, float]) -> list[Block]:
    """The independent parts of a model."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for symptom in errors:
        nodes = _nodes(symptom)
        for node in nodes:
            parent[root(node)] = root(nodes[0])
    members: dict[tuple[str, int], dict[Symptom, float]] = {}
    for symptom, p in errors.items():
        members.setdefault(root(_nodes(symptom)[0]), {})[symptom] = p
    return [_block(found) for found in members.values()]


def _nodes(symptom: Symptom) -> list[tuple[str, int]]:
    return [*(("D", d) for d in symptom.detectors), *(("L", k) for k in symptom.observables)]


def _block(errors: Mapping[Symptom, float]) -> Block:
    return Block(
        errors=errors,
        detectors=tuple(sorted(frozenset().union(*(s.detectors for s in errors)))),
        observables=tuple(sorted(frozenset().union(*(s.observables for s in errors)))),
    )


def echelon(rows: Iterable[int], columns: int, detectors: int) -> Echelon:
    """Reduces the symptoms (bit j of a row is column j) to independent columns, the first that can be."""
    reduced: dict[int, int] = {}
    for row in rows:
        for pivot, other in reduced.items():
            if row >> pivot & 1:
                row ^= other
        if row:
            low = row & -row
            reduced = {pivot: other ^ row if other & low else other for pivot, other in reduced.items()}
            reduced[low.bit_length() - 1] = row
    return _coordinates(reduced, columns, detectors)


def _coordinates(reduced: Mapping[int, int], columns: int, detectors: int) -> Echelon:
    pivots = sorted(reduced, key=lambda pivot: (pivot < detectors, pivot))
    masks = [sum((reduced[p] >> c & 1) << j for j, p in enumerate(pivots)) for c in range(columns)]
    return Echelon(
        pivots=tuple(pivots), masks=tuple(masks), classes=sum(pivot >= detectors for pivot in pivots)
    )


def table(numbers: Sequence[int], probabilities: Sequence[float], rank: int) -> NDArray[np.float64]:
    """The distribution of the XOR of independent errors, each a number below 2^rank.

    All terms are positive, so that the rarest syndromes keep their relative precision. The table grows
    when an error needs a new bit.
    """
    found = np.ones(1)
    for number, p in sorted(zip(numbers, probabilities, strict=True)):
        if number >= found.size:
            found = np.concatenate([found, np.zeros(2 ** number.bit_length() - found.size)])
        _convolve(found, number, 1 << number.bit_length() - 1, p)
    return np.concatenate([found, np.zeros(2**rank - found.size)])


def _mix(found: NDArray[np.float64], number: int, high: int, p: float) -> None:
    for start in range(0, found.size, 2 * high):
        for x in range(start, start + high):
            y = x ^ number
            a, b = found[x], found[y]
            found[x] = (1 - p) * a + p * b
            found[y] = (1 - p) * b + p * a


_convolve = compiled(_mix)
