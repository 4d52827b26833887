"""The six-state protocol: BB84 with a third basis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from qiskit import QuantumCircuit

from circuits.library._bases import checked, checked_number
from circuits.library.key_distribution._photon import measured_photon, photon, sent
from circuits.library.key_distribution.bits import KeyBits, checked_outcomes

__all__ = [
    "SIX_STATE_BASES",
    "SIX_STATE_SETTINGS",
    "six_state",
    "six_state_key",
    "six_state_measurement",
    "six_state_preparation",
]

SIX_STATE_BASES = ("Z", "X", "Y")
SIX_STATE_SETTINGS: tuple[tuple[int, str, str], ...] = tuple(
    product((0, 1), SIX_STATE_BASES, SIX_STATE_BASES)
)


def six_state(bit: int, basis: str, measured: str) -> QuantumCircuit:
    """One signal of the six-state protocol from Alice to Bob.

    Args:
        bit: Alice's bit.
        basis: Her basis, `"Z"`, `"X"` or `"Y"`; bit 0 is the eigenvalue +1.
        measured: Bob's basis, `"Z"`, `"X"` or `"Y"`.

    Returns:
        A Clifford circuit on the register `photon` (1 qubit) with the bit `bob_bit`; the barrier stands for
        the channel. In equal bases Bob's bit is Alice's, in different ones it is random.

    Raises:
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `basis` or `measured` is none of `"Z"`, `"X"` and `"Y"`.

    Example:
        >>> print(six_state(1, "Y", "Z").draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                   ┌───┐┌───┐┌───┐ ░ ┌─┐
           photon: ┤ X ├┤ H ├┤ S ├─░─┤M├
                   └───┘└───┘└───┘ ░ └╥┘
        bob_bit: 1/═══════════════════╩═
                                      0

    Source:
        D. Bruß, Phys. Rev. Lett. 81, 3018 (1998), arXiv:quant-ph/9805019.
    """
    return sent("six_state", six_state_preparation(bit, basis), six_state_measurement(measured))


def six_state_preparation(bit: int, basis: str) -> QuantumCircuit:
    """Alice's part of the six-state protocol: the state for her bit in her basis.

    Args:
        bit: Alice's bit.
        basis: `"Z"`, `"X"` or `"Y"`.

    Returns:
        A circuit on the register `photon`.

    Raises:
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `basis` is none of `"Z"`, `"X"` and `"Y"`.

    Example:
        >>> dict(six_state_preparation(1, "Y").count_ops())
        {'x': 1, 'h': 1, 's': 1}
    """
    checked("basis", basis, SIX_STATE_BASES)
    return photon("six_state_preparation", checked_number("bit", bit), basis)


def six_state_measurement(measured: str) -> QuantumCircuit:
    """Bob's part of the six-state protocol.

    Args:
        measured: His basis, `"Z"`, `"X"` or `"Y"`.

    Returns:
        A circuit on the register `photon` with the bit `bob_bit`.

    Raises:
        ValueError: If `measured` is none of `"Z"`, `"X"` and `"Y"`.

    Example:
        >>> dict(six_state_measurement("Y").count_ops())
        {'sdg': 1, 'h': 1, 'measure': 1}
    """
    checked("measured", measured, SIX_STATE_BASES)
    return measured_photon("six_state_measurement", measured)


def six_state_key(bit: int, basis: str, measured: str, outcomes: Sequence[int]) -> KeyBits | None:
    """The key bits of one signal: kept when the bases agree.

    Args:
        bit: Alice's bit.
        basis: Her basis.
        measured: Bob's basis.
        outcomes: The classical bits of the circuit in its order: `bob_bit`.

    Returns:
        Both sides' bits, or None when the bases differ (two thirds of the signals).

    Raises:
        ValueError: If `basis` or `measured` is none of `"Z"`, `"X"` and `"Y"`.
        ValueError: If `bit` is neither 0 nor 1.
        ValueError: If `outcomes` is not one bit.

    Example:
        >>> six_state_key(1, "X", "X", [1])
        KeyBits(alice=1, bob=1)
        >>> print(six_state_key(1, "X", "Z", [0]))
        None
    """
    checked("basis", basis, SIX_STATE_BASES)
    checked("measured", measured, SIX_STATE_BASES)
    alice = checked_number("bit", bit)
    (bob,) = checked_outcomes(outcomes, 1)
    return KeyBits(alice=alice, bob=bob) if basis == measured else None
