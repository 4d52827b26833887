"""Measurement-device-independent key distribution: two senders, and a Bell measurement between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._bases import checked, checked_number
from circuits.library.bell import BELL_STATES, bell_measurement
from circuits.library.key_distribution._photon import photon
from circuits.library.key_distribution.bits import KeyBits, checked_outcomes

__all__ = [
    "MDI_BASES",
    "MDI_SETTINGS",
    "mdi",
    "mdi_announcement",
    "mdi_key",
    "mdi_measurement",
    "mdi_preparation",
]

MDI_BASES = ("Z", "X")
MDI_SETTINGS: tuple[tuple[int, str, int, str], ...] = tuple(product((0, 1), MDI_BASES, (0, 1), MDI_BASES))

_ANNOUNCED = {(0, 0): "phi+", (0, 1): "psi+", (1, 1): "psi-", (1, 0): "phi-"}


def mdi(alice_bit: int, alice_basis: str, bob_bit: int, bob_basis: str) -> QuantumCircuit:
    """One signal of measurement-device-independent key distribution: Alice and Bob send, Charlie measures.

    Args:
        alice_bit: Alice's bit.
        alice_basis: Her basis, `"Z"` or `"X"`.
        bob_bit: Bob's bit.
        bob_basis: His basis, `"Z"` or `"X"`.

    Returns:
        A Clifford circuit on the registers `alice` and `bob` (1 photon each) with Charlie's bits `phase` and
        `parity`, as in `bell_measurement`; the barrier stands for the two channels.

    Raises:
        ValueError: If a basis is neither `"Z"` nor `"X"`.
        ValueError: If a bit is neither 0 nor 1.

    Example:
        >>> print(mdi(1, "Z", 0, "X").draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                  ┌───┐ ░      ┌───┐┌─┐
           alice: ┤ X ├─░───■──┤ H ├┤M├
                  ├───┤ ░ ┌─┴─┐└┬─┬┘└╥┘
             bob: ┤ H ├─░─┤ X ├─┤M├──╫─
                  └───┘ ░ └───┘ └╥┘  ║
         phase: 1/═══════════════╬═══╩═
                                 ║   0
        parity: 1/═══════════════╩═════
                                 0

    Source:
        H.-K. Lo, M. Curty and B. Qi, Phys. Rev. Lett. 108, 130503 (2012), arXiv:1109.1473, table I.
    """
    _check_settings(alice_bit, alice_basis, bob_bit, bob_basis)
    for_alice = mdi_preparation(alice_bit, alice_basis, side="alice")
    for_bob = mdi_preparation(bob_bit, bob_basis, side="bob")
    alice, bob = QuantumRegister(1, "alice"), QuantumRegister(1, "bob")
    circuit = QuantumCircuit(
        alice, bob, ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity"), name="mdi"
    )
    circuit.compose(for_alice, alice, inplace=True)
    circuit.compose(for_bob, bob, inplace=True)
    circuit.barrier()
    circuit.compose(mdi_measurement(), circuit.qubits, circuit.clbits, inplace=True)
    return circuit


def mdi_preparation(bit: int, basis: str, *, side: str = "alice") -> QuantumCircuit:
    """One sender's part: the state for a bit in a basis.

    Args:
        bit: The sender's bit.
        basis: `"Z"` or `"X"`.
        side: `"alice"` or `"bob"`.

    Returns:
        A circuit on the register `alice` or `bob`.

    Raises:
        ValueError: If `basis` is neither `"Z"` nor `"X"`.
        ValueError: If `side` is neither `"alice"` nor `"bob"`.
        ValueError: If `bit` is neither 0 nor 1.

    Example:
        >>> dict(mdi_preparation(1, "X", side="bob").count_ops())
        {'x': 1, 'h': 1}
    """
    checked("basis", basis, MDI_BASES)
    checked("side", side, ("alice", "bob"))
    return photon(f"mdi_{side}", checked_number("bit", bit), basis, register=side)


def mdi_measurement() -> QuantumCircuit:
    """Charlie's part: the Bell measurement of the two photons.

    Returns:
        `bell_measurement()`, whose qubits are Alice's photon and Bob's.

    Example:
        >>> dict(mdi_measurement().count_ops())
        {'measure': 2, 'cx': 1, 'h': 1}
    """
    return bell_measurement()


def mdi_announcement(outcomes: Sequence[int]) -> str:
    """The Bell state that Charlie announces.

    Args:
        outcomes: The classical bits of the circuit in its order: `phase`, `parity`.

    Returns:
        `"phi+"`, `"psi+"`, `"psi-"` or `"phi-"`.

    Raises:
        ValueError: If `outcomes` are not two bits.

    Example:
        >>> mdi_announcement([1, 1])
        'psi-'
    """
    phase, parity = checked_outcomes(outcomes, 2)
    return _ANNOUNCED[phase, parity]


def mdi_key(
    alice_bit: int,
    alice_basis: str,
    bob_bit: int,
    bob_basis: str,
    outcomes: Sequence[int],
    *,
    accepted: Sequence[str] = BELL_STATES,
) -> KeyBits | None:
    """The key bits of one signal: kept when the bases agree; Bob flips his bit as the announcement asks.

    Bob flips in Z when the two bits must differ, which is at Ψ+ and Ψ−, and in X at Φ− and Ψ−.

    Args:
        alice_bit: Alice's bit.
        alice_basis: Her basis.
        bob_bit: Bob's bit.
        bob_basis: His basis.
        outcomes: The classical bits of the circuit in its order: `phase`, `parity`.
        accepted: The announcements that are used: all four, or `("psi+", "psi-")` for linear optics, which
            cannot tell Φ+ from Φ−.

    Returns:
        Both sides' bits, or None when the bases differ or the announcement is not used.

    Raises:
        ValueError: If a basis is neither `"Z"` nor `"X"`.
        ValueError: If a bit is neither 0 nor 1.
        ValueError: If `outcomes` are not two bits.
        ValueError: If `accepted` names something that is no Bell state.

    Example:
        >>> mdi_key(1, "Z", 0, "Z", [0, 1])
        KeyBits(alice=1, bob=1)
        >>> print(mdi_key(1, "Z", 1, "Z", [0, 0], accepted=("psi+", "psi-")))
        None
    """
    _check_settings(alice_bit, alice_basis, bob_bit, bob_basis)
    announced = mdi_announcement(outcomes)
    for state in accepted:
        checked("accepted", state, BELL_STATES)
    if alice_basis != bob_basis or announced not in accepted:
        return None
    phase, parity = checked_outcomes(outcomes, 2)
    return KeyBits(alice=int(alice_bit), bob=int(bob_bit) ^ (parity if alice_basis == "Z" else phase))


def _check_settings(alice_bit: int, alice_basis: str, bob_bit: int, bob_basis: str) -> None:
    checked("alice_basis", alice_basis, MDI_BASES)
    checked("bob_basis", bob_basis, MDI_BASES)
    checked_number("alice_bit", alice_bit)
    checked_number("bob_bit", bob_bit)
