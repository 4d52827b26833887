"""Entanglement swapping over any number of stations."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._arguments import whole_number
from circuits.library._pairs import pairs_or_default
from circuits.library.bell import bell_measurement
from circuits.library.corrections import with_corrections

__all__ = ["entanglement_swapping", "swapping_end", "swapping_station"]


def entanglement_swapping(
    stations: int = 1,
    *,
    corrections: str = "feedforward",
    pair: QuantumCircuit | Sequence[QuantumCircuit] | None = None,
) -> QuantumCircuit:
    """Entanglement of the two ends of a chain, by a Bell measurement at every station between them.

    Żukowski et al., Phys. Rev. Lett. 71, 4287 (1993). The n stations join n + 1 links; all corrections
    are made at the right end, which applies X for every odd parity and Z for every odd phase. Links of
    Werner pairs of visibility w = (4F − 1)/3 leave F = 1/4 + 3/4·wⁿ⁺¹.

    Args:
        stations: Number of stations between the ends, at least one.
        corrections: `"feedforward"`, `"deferred"` (its gates cross from the stations to the end: for
            simulators), `"frame"` or `"postselect"`; see `with_corrections`.
        pair: The circuit that prepares a link (its first qubit is the left one), or one for each link;
            `bell_pair()` by default.

    Returns:
        A circuit on `left` (1), `station` (2n) and `right` (1), in the order of the chain: link i joins
        the qubits 2i and 2i + 1. Bits: `phase` (n) and `parity` (n), of station i at index i.

    Raises:
        ValueError: If `stations` is not a whole number of at least one.
        ValueError: If `corrections` is not one of the four forms.
        ValueError: If `pair` holds something else than two-qubit circuits, or not one for each link.

    Example:
        >>> circuit = entanglement_swapping(5)
        >>> circuit.num_qubits, dict(circuit.count_ops())
        (12, {'h': 11, 'cx': 11, 'measure': 10, 'if_else': 10})
    """
    stations = whole_number("stations", stations, 1, "a chain has stations between its ends")
    left, station, right = (
        QuantumRegister(size, name) for name, size in (("left", 1), ("station", 2 * stations), ("right", 1))
    )
    phase, parity = ClassicalRegister(stations, "phase"), ClassicalRegister(stations, "parity")
    circuit = QuantumCircuit(left, station, right, phase, parity, name="entanglement_swapping")
    for link, prepare in enumerate(pairs_or_default(pair, stations + 1)):
        circuit.compose(prepare, [2 * link, 2 * link + 1], inplace=True)
    for k in range(stations):
        circuit.compose(swapping_station(), [2 * k + 1, 2 * k + 2], [phase[k], parity[k]], inplace=True)
    circuit.compose(swapping_end(stations), [right[0]], [*phase, *parity], inplace=True)
    return with_corrections(circuit, corrections)


def swapping_station() -> QuantumCircuit:
    """What a station runs: the Bell measurement of its two qubits.

    Returns:
        A circuit on `station` (2 qubits: of the left and of the right link) with `phase` and `parity`.

    Example:
        >>> dict(swapping_station().count_ops())
        {'measure': 2, 'cx': 1, 'h': 1}
    """
    station = QuantumRegister(2, "station")
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(station, phase, parity, name="swapping_station")
    return circuit.compose(bell_measurement(), [0, 1], [0, 1])


def swapping_end(stations: int = 1) -> QuantumCircuit:
    """What the right end runs: X for every odd parity, then Z for every odd phase, of all stations.

    Args:
        stations: Number of stations that report, at least one.

    Returns:
        A circuit on `right` with the bits `phase` (n) and `parity` (n), which come from the stations.

    Raises:
        ValueError: If `stations` is not a whole number of at least one.

    Example:
        >>> dict(swapping_end(3).count_ops())
        {'if_else': 6}
    """
    stations = whole_number("stations", stations, 1, "a chain has stations between its ends")
    phase, parity = ClassicalRegister(stations, "phase"), ClassicalRegister(stations, "parity")
    circuit = QuantumCircuit(QuantumRegister(1, "right"), phase, parity, name="swapping_end")
    for bit in parity:
        with circuit.if_test((bit, 1)):
            circuit.x(0)
    for bit in phase:
        with circuit.if_test((bit, 1)):
            circuit.z(0)
    return circuit
