"""B92: two states that are not orthogonal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from qiskit import QuantumCircuit

from circuits.library._bases import checked, checked_number
from circuits.library.key_distribution._photon import measured_photon, photon, sent
from circuits.library.key_distribution.bits import KeyBits, checked_outcomes

__all__ = ["B92_BASES", "B92_SETTINGS", "b92", "b92_key", "b92_measurement", "b92_preparation"]

B92_BASES = ("Z", "X")
B92_SETTINGS: tuple[tuple[int, str], ...] = tuple(product((0, 1), B92_BASES))


def b92(bit: int, measured: str) -> QuantumCircuit:
    """One signal of B92 from Alice to Bob.

    Args:
        bit: Alice's bit: she sends |0⟩ for 0 and |+⟩ for 1.
        measured: Bob's basis, `"Z"` or `"X"`.

    Returns:
        A Clifford circuit on the register `photon` (1 qubit) with the bit `bob_bit`; the barrier stands for
        the channel. The outcome 1 rules out one of the two states: |0⟩ in Z, |+⟩ in X.

    Raises:
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `measured` is neither `"Z"` nor `"X"`.

    Example:
        >>> print(b92(1, "Z").draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                   ┌───┐ ░ ┌─┐
           photon: ┤ H ├─░─┤M├
                   └───┘ ░ └╥┘
        bob_bit: 1/═════════╩═
                            0

    Source:
        C. H. Bennett, Phys. Rev. Lett. 68, 3121 (1992), DOI 10.1103/PhysRevLett.68.3121.
    """
    return sent("b92", b92_preparation(bit), b92_measurement(measured))


def b92_preparation(bit: int) -> QuantumCircuit:
    """Alice's part of B92: |0⟩ for the bit 0, |+⟩ for the bit 1.

    Args:
        bit: Alice's bit.

    Returns:
        A circuit on the register `photon`.

    Raises:
        ValueError: If `bit` is neither 0 nor 1.

    Example:
        >>> dict(b92_preparation(1).count_ops())
        {'h': 1}
    """
    return photon("b92_preparation", 0, B92_BASES[checked_number("bit", bit)])


def b92_measurement(measured: str) -> QuantumCircuit:
    """Bob's part of B92.

    Args:
        measured: His basis, `"Z"` or `"X"`.

    Returns:
        A circuit on the register `photon` with the bit `bob_bit`.

    Raises:
        ValueError: If `measured` is neither `"Z"` nor `"X"`.

    Example:
        >>> dict(b92_measurement("Z").count_ops())
        {'measure': 1}
    """
    checked("measured", measured, B92_BASES)
    return measured_photon("b92_measurement", measured)


def b92_key(bit: int, measured: str, outcomes: Sequence[int]) -> KeyBits | None:
    """The key bits of one signal: kept when Bob's outcome rules out one of the two states.

    Args:
        bit: Alice's bit.
        measured: Bob's basis.
        outcomes: The classical bits of the circuit in its order: `bob_bit`.

    Returns:
        Both sides' bits, or None when Bob's outcome is 0 (three quarters of the signals). The outcome 1
        means the bit 1 in Z and the bit 0 in X.

    Raises:
        ValueError: If `measured` is neither `"Z"` nor `"X"`.
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `outcomes` is not one bit.

    Example:
        >>> b92_key(1, "Z", [1])
        KeyBits(alice=1, bob=1)
        >>> print(b92_key(1, "Z", [0]))
        None
    """
    checked("measured", measured, B92_BASES)
    alice = checked_number("bit", bit)
    (conclusive,) = checked_outcomes(outcomes, 1)
    return KeyBits(alice=alice, bob=int(measured == "Z")) if conclusive else None
