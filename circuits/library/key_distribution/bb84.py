"""BB84: four states in two bases."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from qiskit import QuantumCircuit

from circuits.library._bases import checked, checked_number
from circuits.library.key_distribution._photon import measured_photon, photon, sent
from circuits.library.key_distribution.bits import KeyBits, checked_outcomes

__all__ = ["BB84_BASES", "BB84_SETTINGS", "bb84", "bb84_key", "bb84_measurement", "bb84_preparation"]

BB84_BASES = ("Z", "X")
BB84_SETTINGS: tuple[tuple[int, str, str], ...] = tuple(product((0, 1), BB84_BASES, BB84_BASES))


def bb84(bit: int, basis: str, measured: str) -> QuantumCircuit:
    """One signal of BB84 from Alice to Bob.

    Args:
        bit: Alice's bit.
        basis: Her basis, `"Z"` for the states |0⟩ and |1⟩, `"X"` for |+⟩ and |−⟩.
        measured: Bob's basis, `"Z"` or `"X"`.

    Returns:
        A Clifford circuit on the register `photon` (1 qubit) with the bit `bob_bit`; the barrier stands for
        the channel. In equal bases Bob's bit is Alice's, in different ones it is random.

    Raises:
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `basis` or `measured` is neither `"Z"` nor `"X"`.

    Example:
        >>> print(bb84(1, "X", "Z").draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                   ┌───┐┌───┐ ░ ┌─┐
           photon: ┤ X ├┤ H ├─░─┤M├
                   └───┘└───┘ ░ └╥┘
        bob_bit: 1/══════════════╩═
                                 0

    Source:
        C. H. Bennett and G. Brassard, Theor. Comput. Sci. 560, 7 (2014), DOI 10.1016/j.tcs.2014.05.025
        (reprint of 1984).
    """
    return sent("bb84", bb84_preparation(bit, basis), bb84_measurement(measured))


def bb84_preparation(bit: int, basis: str) -> QuantumCircuit:
    """Alice's part of BB84: the state for her bit in her basis.

    Args:
        bit: Alice's bit.
        basis: `"Z"` or `"X"`.

    Returns:
        A circuit on the register `photon`.

    Raises:
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `basis` is neither `"Z"` nor `"X"`.

    Example:
        >>> dict(bb84_preparation(1, "X").count_ops())
        {'x': 1, 'h': 1}
    """
    checked("basis", basis, BB84_BASES)
    return photon("bb84_preparation", checked_number("bit", bit), basis)


def bb84_measurement(measured: str) -> QuantumCircuit:
    """Bob's part of BB84.

    Args:
        measured: His basis, `"Z"` or `"X"`.

    Returns:
        A circuit on the register `photon` with the bit `bob_bit`.

    Raises:
        ValueError: If `measured` is neither `"Z"` nor `"X"`.

    Example:
        >>> dict(bb84_measurement("X").count_ops())
        {'h': 1, 'measure': 1}
    """
    checked("measured", measured, BB84_BASES)
    return measured_photon("bb84_measurement", measured)


def bb84_key(bit: int, basis: str, measured: str, outcomes: Sequence[int]) -> KeyBits | None:
    """The key bits of one signal: kept when the bases agree.

    Args:
        bit: Alice's bit.
        basis: Her basis.
        measured: Bob's basis.
        outcomes: The classical bits of the circuit in its order: `bob_bit`.

    Returns:
        Both sides' bits, or None when the bases differ (half of the signals).

    Raises:
        ValueError: If `basis` or `measured` is neither `"Z"` nor `"X"`.
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `outcomes` is not one bit.

    Example:
        >>> bb84_key(1, "X", "X", [1])
        KeyBits(alice=1, bob=1)
        >>> print(bb84_key(1, "X", "Z", [0]))
        None
    """
    checked("basis", basis, BB84_BASES)
    checked("measured", measured, BB84_BASES)
    alice = checked_number("bit", bit)
    (bob,) = checked_outcomes(outcomes, 1)
    return KeyBits(alice=alice, bob=bob) if basis == measured else None
