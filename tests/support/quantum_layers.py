"""Ends of a quantum layer, what they see of it, and what qubits would show, by density matrices."""

from __future__ import annotations

import itertools
from math import cos, pi, sin

import numpy as np

from qnet.qkd.photons import drawn_choices
from qnet.qkd.quantum import Alphabet, QuantumChannel

PAULIS = {
    "Z": np.array([[1, 0], [0, -1]], complex),
    "X": np.array([[0, 1], [1, 0]], complex),
    "Y": np.array([[0, -1j], [1j, 0]]),
}
ANGLES = {"alice": (0.0, pi / 4, pi / 2), "bob": (pi / 4, pi / 2, 3 * pi / 4)}


def end(bases, *, sends=False, chances=None, intensities=(), intensity_chances=None) -> Alphabet:
    """An end that chooses evenly unless told otherwise."""
    even = (1 / len(intensities),) * len(intensities) if intensities else ()
    return Alphabet(
        bases=tuple(bases),
        chances=tuple(chances or [1 / len(bases)] * len(bases)),
        sends=sends,
        intensities=tuple(intensities),
        intensity_chances=tuple(intensity_chances or even),
    )


def joint(channel: QuantumChannel, alice: Alphabet, bob: Alphabet, seed: int) -> np.ndarray:
    """Counts by Alice's basis and bit and Bob's basis and bit, of what both saw.

    Bits of an end that sends are its own; with a station there is a last axis of its announcements.
    """
    rng = np.random.default_rng(seed)
    station = alice.sends and bob.sends
    counts = np.zeros((len(alice.bases), 2, len(bob.bases), 2) + ((4,) if station else ()), np.int64)
    while (batch := channel.propose()) is not None:
        hers, his = drawn_choices(alice, batch, rng), drawn_choices(bob, batch, rng)
        told = channel.detect(batch, hers, his)
        both = told.bob.clicked.copy()
        if told.alice is not None:
            both &= told.alice.clicked
        columns = []
        for choices, seen in ((hers, told.alice), (his, told.bob)):
            columns.append(choices.bases[both])
            columns.append(choices.bits[both] if choices.bits is not None else seen.bits[both[seen.clicked]])
        if station:
            columns.append(told.bob.bits)
        np.add.at(counts, tuple(columns), 1)
    return counts


def projector(basis: str, bit: int, side: str = "bob") -> np.ndarray:
    """The projector on an outcome in a basis, or in a setting of E91."""
    if basis in PAULIS:
        pauli = PAULIS[basis]
    else:
        angle = ANGLES[side][int(basis)]
        pauli = cos(angle) * PAULIS["Z"] + sin(angle) * PAULIS["X"]
    return (np.eye(2) + (-1) ** bit * pauli) / 2


def intercepted(state: np.ndarray, bases, share: float) -> np.ndarray:
    """What leaves Eve's hands, acting on the last qubit of a state."""
    rest = np.eye(len(state) // 2)
    seen = np.zeros_like(state)
    for basis, bit in itertools.product(bases, (0, 1)):
        look = np.kron(rest, projector(basis, bit))
        seen += look @ state @ look / len(bases)
    return (1 - share) * state + (share * seen if bases else share * state)


def prepared(alice, bob, eve=(), share: float = 1.0) -> np.ndarray:
    """Chance of Bob's bit, by Alice's basis and bit and Bob's basis."""
    table = np.zeros((len(alice), 2, len(bob), 2))
    for (i, a), x, (j, b), y in itertools.product(enumerate(alice), (0, 1), enumerate(bob), (0, 1)):
        state = intercepted(projector(a, x), eve, share)
        table[i, x, j, y] = np.trace(state @ projector(b, y)).real
    return table


def shared(alice, bob, eve=(), share: float = 1.0) -> np.ndarray:
    """Chance of both bits of a pair, by both bases: Φ+, or Ψ− for the settings of E91."""
    vector = np.array([0, 1, -1, 0]) if alice[0] in "012" else np.array([1, 0, 0, 1])
    state = intercepted(np.outer(vector, vector).astype(complex) / 2, eve, share)
    table = np.zeros((len(alice), 2, len(bob), 2))
    for (i, a), x, (j, b), y in itertools.product(enumerate(alice), (0, 1), enumerate(bob), (0, 1)):
        table[i, x, j, y] = np.trace(state @ np.kron(projector(a, x, "alice"), projector(b, y))).real
    return table


def deviations(counts: np.ndarray, chances: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """By how many standard deviations counts lie off, given the totals over some axes."""
    chances = np.clip(chances, 0, 1)
    total = counts.sum(axis=axes, keepdims=True)
    spread = np.sqrt(total * chances * (1 - chances))
    off = counts - total * chances
    return np.where(spread > 1e-9, off / np.maximum(spread, 1e-9), np.where(abs(off) > 1e-6, np.inf, 0.0))
