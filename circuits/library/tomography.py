"""Measurements that give the fidelity of a pair and of a GHZ state, and how to read them."""

from __future__ import annotations

from itertools import product
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._arguments import shown, whole_number
from circuits.library._bases import append_measurement, checked

__all__ = [
    "GHZ_SETTINGS",
    "PAIR_CORRELATORS",
    "bell_tomography",
    "bell_weights",
    "ghz_fidelity",
    "ghz_fidelity_estimate",
    "ghz_parity_weights",
]

PAIR_CORRELATORS = ("XX", "YY", "ZZ")
GHZ_SETTINGS = ("angles", "paulis")


def bell_tomography() -> tuple[QuantumCircuit, QuantumCircuit, QuantumCircuit]:
    """The three measurements of two qubits that give their fidelity with any Bell state.

    The mean of (−1)^(sum of the two bits) is the correlator XX, YY or ZZ, whatever the state; the fidelity
    with Φ+ is (1 + XX − YY + ZZ)/4, and `bell_weights` gives all four. Compose them after the circuit whose
    pair is in question.

    Returns:
        Three circuits, which measure X⊗X, Y⊗Y and Z⊗Z, on the register `pair` (2 qubits) with the register
        `outcome` (2 bits); bit k is the outcome of qubit k, 0 for +1.

    Example:
        >>> print(bell_tomography()[0].draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                   ┌───┐┌─┐
           pair_0: ┤ H ├┤M├───
                   ├───┤└╥┘┌─┐
           pair_1: ┤ H ├─╫─┤M├
                   └───┘ ║ └╥┘
        outcome: 2/══════╩══╩═
                         0  1
    """
    xx, yy, zz = (_pair_measurement(basis) for basis in "XYZ")
    return xx, yy, zz


def bell_weights(xx: ArrayLike, yy: ArrayLike, zz: ArrayLike) -> NDArray[np.float64]:
    """The fidelities with the four Bell states, from the three correlators.

    Args:
        xx: Mean of X⊗X, shape (...).
        yy: Mean of Y⊗Y, shape (...).
        zz: Mean of Z⊗Z, shape (...).

    Returns:
        Shape (..., 4), in the order Φ+, Ψ+, Ψ−, Φ−. They sum to one. Estimates may leave [0, 1].

    Example:
        >>> bell_weights(0.8, -0.8, 0.8).round(6)
        array([0.85, 0.05, 0.05, 0.05])
    """
    x, y, z = (np.asarray(value, dtype=float) for value in (xx, yy, zz))
    return np.stack([1 + x - y + z, 1 + x + y - z, 1 - x - y - z, 1 - x + y + z], axis=-1) / 4


def ghz_fidelity(n: int, *, settings: str = "angles") -> tuple[QuantumCircuit, ...]:
    """Local measurements that give the fidelity with (|0…0⟩ + |1…1⟩)/√2, exactly, for any state.

    The first circuit measures the populations: Z on all qubits. The others measure parities, means of
    (−1)^(sum of the bits), which give the coherence between |0…0⟩ and |1…1⟩, Re ρ(0…0, 1…1):

    - `"angles"`: n + 1 circuits, number k = 0 … n of which measures cos(φ)X + sin(φ)Y at φ = kπ/(n + 1) on
      every qubit. A coherence between two strings oscillates in φ with the difference of their numbers of
      ones; only the wanted one does so n times, and n + 1 angles separate it from all others:
      Re ρ = Σ_k (−1)^k cos(kπ/(n + 1)) M(k)/(n + 1). These angles are not Clifford: Stim cannot run them.
    - `"paulis"`: 2^(n − 1) circuits, one for each string of X and Y with an even number of Y:
      Re ρ = Σ (−1)^(number of Y/2) M/2^n. They are Clifford and run on Stim, but there are many of them.

    The fidelity is (P(0…0) + P(1…1))/2 + Re ρ(0…0, 1…1), which `ghz_fidelity_estimate` computes.

    Args:
        n: Number of qubits, at least 2.
        settings: `"angles"` or `"paulis"`.

    Returns:
        The circuits on the register `party` (n qubits) with the register `outcome` (n bits); bit k is the
        outcome of qubit k, 0 for +1. A string of Paulis names its circuit, qubit 0 first.

    Raises:
        ValueError: If `n` is no whole number of at least 2.
        ValueError: If `settings` is neither of the two.

    Example:
        >>> [circuit.name for circuit in ghz_fidelity(3)]
        ['populations', 'parity_0', 'parity_1', 'parity_2', 'parity_3']
        >>> [circuit.name for circuit in ghz_fidelity(3, settings="paulis")]
        ['populations', 'XXX', 'XYY', 'YXY', 'YYX']

    Source:
        C. A. Sackett et al., Nature 404, 256 (2000), DOI 10.1038/35005011 (parity oscillations); n angles
        kπ/n, which do for the real part as well: O. Gühne et al., Phys. Rev. A 76, 030305(R) (2007),
        arXiv:0706.2432. The filter for n + 1 angles is the discrete Fourier transform over them.
    """
    count = _checked_size(n, settings)
    populations = _ghz_measurement(count, "populations")
    if settings == "paulis":
        return (populations, *(_pauli_measurement(string) for string in _even_strings(count)))
    angles = (k * pi / (count + 1) for k in range(count + 1))
    return (populations, *(_ghz_measurement(count, f"parity_{k}", a) for k, a in enumerate(angles)))


def ghz_parity_weights(n: int, *, settings: str = "angles") -> NDArray[np.float64]:
    """The weights with which the parities enter the fidelity with a GHZ state.

    Args:
        n: Number of qubits, at least 2.
        settings: `"angles"` or `"paulis"`.

    Returns:
        One weight for each parity circuit of `ghz_fidelity`, in their order: shape (n + 1,) or (2^(n − 1),).

    Raises:
        ValueError: If `n` is no whole number of at least 2.
        ValueError: If `settings` is neither of the two.

    Example:
        >>> ghz_parity_weights(2).round(6)
        array([ 0.333333, -0.166667, -0.166667])
        >>> ghz_parity_weights(2, settings="paulis")
        array([ 0.25, -0.25])
    """
    count = _checked_size(n, settings)
    if settings == "paulis":
        signs = [-1 if string.count("Y") % 4 else 1 for string in _even_strings(count)]
        return np.asarray(signs, dtype=float) / (2 * len(signs))
    k = np.arange(count + 1)
    return np.asarray((-1.0) ** k * np.cos(k * pi / (count + 1)) / (count + 1))


def ghz_fidelity_estimate(
    population: ArrayLike, parities: ArrayLike, *, settings: str = "angles"
) -> NDArray[np.float64]:
    """The fidelity with a GHZ state from what the circuits of `ghz_fidelity` measured.

    It is linear, so that variances add: var F = var P/4 + Σ w² var M with w = `ghz_parity_weights(n)`.

    Args:
        population: P(0…0) + P(1…1), shape (...).
        parities: The parities in the order of the circuits, shape (..., number of parity circuits).
        settings: `"angles"` or `"paulis"`, as in `ghz_fidelity`.

    Returns:
        The fidelity, shape (...).

    Raises:
        ValueError: If `parities` does not hold as many values as there are parity circuits for some n.
        ValueError: If `settings` is neither of the two.

    Example:
        >>> print(ghz_fidelity_estimate(1.0, [1, -0.5, -0.5]).round(6))
        1.0
        >>> print(ghz_fidelity_estimate(1.0, [1, -1], settings="paulis"))
        1.0
    """
    values = np.asarray(parities, dtype=float)
    count = values.shape[-1] if values.ndim else 0
    checked("settings", settings, GHZ_SETTINGS)
    n = count - 1 if settings == "angles" else count.bit_length()
    if n < 2 or (settings == "paulis" and count != 2 ** (n - 1)):
        raise ValueError(
            f"parities={shown(parities)} fit no number of qubits; give one value for each parity circuit"
        )
    coherence = values @ ghz_parity_weights(n, settings=settings)
    return np.asarray(np.asarray(population, dtype=float) / 2 + coherence)


def _checked_size(n: int, settings: str) -> int:
    checked("settings", settings, GHZ_SETTINGS)
    return whole_number("n", n, 2, "a GHZ state has at least two qubits")


def _even_strings(n: int) -> list[str]:
    """The strings of X and Y with an even number of Y."""
    return [s for s in map("".join, product("XY", repeat=n)) if s.count("Y") % 2 == 0]


def _pair_measurement(basis: str) -> QuantumCircuit:
    circuit = QuantumCircuit(QuantumRegister(2, "pair"), ClassicalRegister(2, "outcome"), name=basis * 2)
    for k in range(2):
        append_measurement(circuit, k, k, basis)
    return circuit


def _ghz_measurement(n: int, name: str, angle: float | None = None) -> QuantumCircuit:
    circuit = QuantumCircuit(QuantumRegister(n, "party"), ClassicalRegister(n, "outcome"), name=name)
    if angle:
        circuit.rz(-angle, range(n))
    if angle is not None:
        circuit.h(range(n))
    circuit.measure(range(n), range(n))
    return circuit


def _pauli_measurement(string: str) -> QuantumCircuit:
    n = len(string)
    circuit = QuantumCircuit(QuantumRegister(n, "party"), ClassicalRegister(n, "outcome"), name=string)
    for k, basis in enumerate(string):
        append_measurement(circuit, k, k, basis)
    return circuit
