"""Measurements that give the fidelity of a pair and of a GHZ state, and how to read them."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._arguments import whole_number
from circuits.library._bases import append_measurement

__all__ = [
    "PAIR_CORRELATORS",
    "bell_tomography",
    "bell_weights",
    "ghz_fidelity",
    "ghz_fidelity_estimate",
    "ghz_parity_weights",
]

PAIR_CORRELATORS = ("XX", "YY", "ZZ")


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


def ghz_fidelity(n: int) -> tuple[QuantumCircuit, ...]:
    """The n + 2 local measurements that give the fidelity with (|0…0⟩ + |1…1⟩)/√2, exactly, for any state.

    The first circuit measures the populations: Z on all qubits. Circuit 1 + k, k = 0 … n, measures
    cos(φ)X + sin(φ)Y at φ = kπ/(n + 1) on all qubits: the mean of (−1)^(sum of the bits) is the parity
    M(k). A coherence between two strings oscillates in φ with the difference of their numbers of ones; only
    that of |0…0⟩ and |1…1⟩ does so n times, and the n + 1 angles separate it from all others. So

        F = (P(0…0) + P(1…1))/2 + Σ_k (−1)^k cos(kπ/(n + 1)) M(k)/(n + 1),

    which `ghz_fidelity_estimate` computes. The angles are not Clifford: Stim cannot run them.

    Args:
        n: Number of qubits, at least 2.

    Returns:
        n + 2 circuits on the register `party` (n qubits) with the register `outcome` (n bits); bit k is the
        outcome of qubit k, 0 for +1.

    Raises:
        ValueError: If `n` is no whole number of at least 2.

    Example:
        >>> [circuit.name for circuit in ghz_fidelity(3)]
        ['populations', 'parity_0', 'parity_1', 'parity_2', 'parity_3']
        >>> ghz_fidelity(3)[2].data[0].operation.params
        [-0.7853981633974483]

    Source:
        C. A. Sackett et al., Nature 404, 256 (2000), DOI 10.1038/35005011 (parity oscillations); n angles
        kπ/n, which give the real part alone: O. Gühne et al., Phys. Rev. A 76, 030305(R) (2007),
        arXiv:0706.2432. The filter for n + 1 angles is the discrete Fourier transform over them.
    """
    count = whole_number("n", n, 2, "a GHZ state has at least two qubits")
    parities = (_ghz_measurement(count, f"parity_{k}", k * pi / (count + 1)) for k in range(count + 1))
    return (_ghz_measurement(count, "populations", None), *parities)


def ghz_parity_weights(n: int) -> NDArray[np.float64]:
    """The weights with which the n + 1 parities enter the fidelity with a GHZ state.

    Args:
        n: Number of qubits, at least 2.

    Returns:
        Shape (n + 1,): (−1)^k cos(kπ/(n + 1))/(n + 1).

    Raises:
        ValueError: If `n` is no whole number of at least 2.

    Example:
        >>> ghz_parity_weights(2).round(6)
        array([ 0.333333, -0.166667, -0.166667])
    """
    count = whole_number("n", n, 2, "a GHZ state has at least two qubits")
    k = np.arange(count + 1)
    return (-1.0) ** k * np.cos(k * pi / (count + 1)) / (count + 1)


def ghz_fidelity_estimate(population: ArrayLike, parities: ArrayLike) -> NDArray[np.float64]:
    """The fidelity with a GHZ state from what the circuits of `ghz_fidelity` measured.

    It is linear, so that standard errors add: σ² = σ_P²/4 + Σ_k w_k² σ_k², w = `ghz_parity_weights(n)`.

    Args:
        population: P(0…0) + P(1…1), shape (...).
        parities: The n + 1 parities in the order of the circuits, shape (..., n + 1).

    Returns:
        The fidelity, shape (...).

    Raises:
        ValueError: If `parities` holds fewer than three parities.

    Example:
        >>> print(ghz_fidelity_estimate(1.0, [1, -0.5, -0.5]).round(6))
        1.0
    """
    values = np.asarray(parities, dtype=float)
    if values.ndim == 0 or values.shape[-1] < 3:
        raise ValueError(f"parities={parities!r} hold too few values; give n + 1 parities of n ≥ 2 qubits")
    coherence = values @ ghz_parity_weights(values.shape[-1] - 1)
    return np.asarray(np.asarray(population, dtype=float) / 2 + coherence)


def _pair_measurement(basis: str) -> QuantumCircuit:
    circuit = QuantumCircuit(QuantumRegister(2, "pair"), ClassicalRegister(2, "outcome"), name=basis * 2)
    for k in range(2):
        append_measurement(circuit, k, k, basis)
    return circuit


def _ghz_measurement(n: int, name: str, angle: float | None) -> QuantumCircuit:
    circuit = QuantumCircuit(QuantumRegister(n, "party"), ClassicalRegister(n, "outcome"), name=name)
    if angle:
        circuit.rz(-angle, range(n))
    if angle is not None:
        circuit.h(range(n))
    circuit.measure(range(n), range(n))
    return circuit
