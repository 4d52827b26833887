"""In which order the checks of a code touch their qubits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from circuits.codes.stabilizer import StabilizerCode

__all__ = ["Schedule", "in_turns", "parity_schedule", "sequential_schedule", "surface_schedule"]

Touch = tuple[int, int, str]


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The two-qubit gates of one round of syndrome extraction with one bare ancilla a check.

    Args:
        layers: Layers of gates that run at once. A gate (check, qubit, letter) is a controlled Pauli
            between the ancilla of a check and a data qubit.
        name: What the schedule is called.

    Raises:
        ValueError: Two gates of one layer on one qubit or one ancilla.
    """

    layers: tuple[tuple[Touch, ...], ...]
    name: str

    def __post_init__(self) -> None:
        for k, layer in enumerate(self.layers):
            checks, qubits = {check for check, _, _ in layer}, {qubit for _, qubit, _ in layer}
            if len(checks) != len(layer) or len(qubits) != len(layer):
                raise ValueError(f"layers[{k}] = {layer} uses an ancilla or a qubit twice")


def sequential_schedule(code: StabilizerCode) -> Schedule:
    """X checks, then Z checks, then mixed ones, each group as parallel as a greedy colouring makes it.

    Within a group all checks commute letter by letter only if they are of one kind, so mixed checks run
    one after the other. Right for every code; the distance under circuit noise is not promised.

    Args:
        code: Any stabilizer code.

    >>> from circuits.codes.named import steane
    >>> len(sequential_schedule(steane()).layers)
    8
    """
    return _in_groups(code, list, "sequential")


def parity_schedule(code: StabilizerCode) -> Schedule:
    """A sequential schedule in which the two halves of a check take turns.

    Hook errors of the X checks of a parity code (Shor's is one) then touch both of its blocks evenly,
    instead of one whole block, which would be a logical operator: these codes keep their distance.

    Args:
        code: Any stabilizer code.

    >>> from circuits.codes.named import parity
    >>> [layer[0][1] for layer in parity_schedule(parity(2, 2)).layers[:4]]
    [0, 2, 1, 3]
    """
    return _in_groups(code, in_turns, "parity")


def _in_groups(code: StabilizerCode, order: Callable[[list[int]], list[int]], name: str) -> Schedule:
    layers: list[tuple[Touch, ...]] = []
    mixed = []
    for letter in "XZ":
        pure = [k for k, check in enumerate(code.checks) if set(check) <= {letter, "I"}]
        layers += _coloured([(k, q, letter) for k in pure for q in order(_support(code.checks[k]))])
    for k, check in enumerate(code.checks):
        if len(set(check) - {"I"}) > 1:
            mixed += [((k, q, check[q]),) for q in order(_support(check))]
    return Schedule(layers=(*layers, *mixed), name=name)


def surface_schedule(code: StabilizerCode) -> Schedule:
    """The four-layer schedule of the rotated surface code, whose hook errors cross the logical operators.

    X checks go north-west, south-west, north-east, south-east; Z checks north-west, north-east,
    south-west, south-east: the last two qubits of a check lie across the logical operator of its kind.

    Args:
        code: A code from `rotated_surface`, or patches of one chessboard.

    Source: Tomita, Svore, PRA 90, 062320 (2014), arXiv:1404.3747.

    >>> from circuits.codes.surface import rotated_surface
    >>> [len(layer) for layer in surface_schedule(rotated_surface(3)).layers]
    [6, 6, 6, 6]
    """
    orders = {"X": ((0, 0), (0, 1), (1, 0), (1, 1)), "Z": ((0, 0), (1, 0), (0, 1), (1, 1))}
    place = {xy: q for q, xy in enumerate(code.coordinates)}
    layers: list[list[Touch]] = [[], [], [], []]
    for k, check in enumerate(code.checks):
        letter = next(c for c in check if c != "I")
        x, y = _corner(code, k)
        for step, (dx, dy) in enumerate(orders[letter]):
            qubit = place.get((x + dx, y + dy))
            if qubit is not None and check[qubit] == letter:
                layers[step].append((k, qubit, letter))
    return Schedule(layers=tuple(tuple(layer) for layer in layers), name="surface")


def _corner(code: StabilizerCode, check: int) -> tuple[int, int]:
    """The north-west corner (x, y) of a check's square.

    At an edge half of the square is missing; the colours of the chessboard (X where x + y is odd) say
    which half.
    """
    places = [code.coordinates[q] for q in _support(code.checks[check])]
    x, y = int(min(a for a, _ in places)), int(min(b for _, b in places))
    if len(places) == 2 and (x + y) % 2 != ("X" in code.checks[check]):
        vertical = places[0][0] == places[1][0]
        return (x - 1, y) if vertical else (x, y - 1)
    return x, y


def in_turns(qubits: Sequence[int]) -> list[int]:
    """One qubit of the first half and one of the second in turns.

    >>> in_turns([0, 1, 2, 3, 4, 5])
    [0, 3, 1, 4, 2, 5]
    """
    half = (len(qubits) + 1) // 2
    found = [q for pair in zip(qubits[:half], qubits[half:], strict=False) for q in pair]
    return [*found, *qubits[len(found) // 2 : half]]


def _support(check: str) -> list[int]:
    return [q for q, letter in enumerate(check) if letter != "I"]


def _coloured(touches: list[Touch]) -> list[tuple[Touch, ...]]:
    layers: list[list[Touch]] = []
    for check, qubit, letter in touches:
        for layer in layers:
            if all(check != c and qubit != q for c, q, _ in layer):
                layer.append((check, qubit, letter))
                break
        else:
            layers.append([(check, qubit, letter)])
    return [tuple(layer) for layer in layers]
