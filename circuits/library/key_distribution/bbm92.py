"""BBM92: BB84 on shared pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from qiskit import QuantumCircuit

from circuits.library._bases import checked
from circuits.library._pairs import pair_or_default
from circuits.library.key_distribution._photon import measured_photon
from circuits.library.key_distribution._shared_pair import measured_pair
from circuits.library.key_distribution.bits import KeyBits, checked_outcomes

__all__ = ["BBM92_BASES", "BBM92_SETTINGS", "bbm92", "bbm92_key", "bbm92_measurement", "bbm92_preparation"]

BBM92_BASES = ("Z", "X")
BBM92_SETTINGS: tuple[tuple[str, str], ...] = tuple(product(BBM92_BASES, BBM92_BASES))


def bbm92(alice_basis: str, bob_basis: str, *, pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """One pair of BBM92, measured by both sides.

    Args:
        alice_basis: Alice's basis, `"Z"` or `"X"`.
        bob_basis: Bob's basis, `"Z"` or `"X"`.
        pair: Circuit that prepares the pair; a perfect Φ+ if not given.

    Returns:
        A Clifford circuit on the registers `alice` and `bob` (1 qubit each) with the bits `alice_bit` and
        `bob_bit`; the barrier stands for the channel. On Φ+ the bits are equal in equal bases and
        independent in different ones.

    Raises:
        ValueError: If a basis is neither `"Z"` nor `"X"`.
        ValueError: If `pair` is no two-qubit preparation.

    Example:
        >>> print(bbm92("X", "Z").draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                     ┌───┐      ░ ┌───┐┌─┐
              alice: ┤ H ├──■───░─┤ H ├┤M├
                     └───┘┌─┴─┐ ░ └┬─┬┘└╥┘
                bob: ─────┤ X ├─░──┤M├──╫─
                          └───┘ ░  └╥┘  ║
        alice_bit: 1/═══════════════╬═══╩═
                                    ║   0
          bob_bit: 1/═══════════════╩═════
                                    0

    Source:
        C. H. Bennett, G. Brassard and N. D. Mermin, Phys. Rev. Lett. 68, 557 (1992),
        DOI 10.1103/PhysRevLett.68.557.
    """
    checked("alice_basis", alice_basis, BBM92_BASES)
    checked("bob_basis", bob_basis, BBM92_BASES)
    measurements = (bbm92_measurement(alice_basis, side="alice"), bbm92_measurement(bob_basis, side="bob"))
    return measured_pair("bbm92", bbm92_preparation(pair=pair), *measurements)


def bbm92_preparation(*, pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """The source's part of BBM92: a pair.

    Args:
        pair: Circuit that prepares the pair; a perfect Φ+ if not given.

    Returns:
        A circuit on two qubits, Alice's and Bob's.

    Raises:
        ValueError: If `pair` is no two-qubit preparation.

    Example:
        >>> dict(bbm92_preparation().count_ops())
        {'h': 1, 'cx': 1}
    """
    return pair_or_default(pair)


def bbm92_measurement(basis: str, *, side: str = "bob") -> QuantumCircuit:
    """One side's part of BBM92.

    Args:
        basis: `"Z"` or `"X"`.
        side: `"alice"` or `"bob"`.

    Returns:
        A circuit on the register `alice` or `bob` with the bit `alice_bit` or `bob_bit`.

    Raises:
        ValueError: If `basis` is neither `"Z"` nor `"X"`.
        ValueError: If `side` is neither `"alice"` nor `"bob"`.

    Example:
        >>> dict(bbm92_measurement("X", side="alice").count_ops())
        {'h': 1, 'measure': 1}
    """
    checked("basis", basis, BBM92_BASES)
    checked("side", side, ("alice", "bob"))
    return measured_photon(f"bbm92_{side}", basis, register=side, bit=f"{side}_bit")


def bbm92_key(alice_basis: str, bob_basis: str, outcomes: Sequence[int]) -> KeyBits | None:
    """The key bits of one pair: kept when the bases agree.

    Args:
        alice_basis: Alice's basis.
        bob_basis: Bob's basis.
        outcomes: The classical bits of the circuit in its order: `alice_bit`, `bob_bit`.

    Returns:
        Both sides' bits, or None when the bases differ (half of the pairs).

    Raises:
        ValueError: If a basis is neither `"Z"` nor `"X"`.
        ValueError: If `outcomes` are not two bits.

    Example:
        >>> bbm92_key("Z", "Z", [1, 1])
        KeyBits(alice=1, bob=1)
        >>> print(bbm92_key("X", "Z", [1, 1]))
        None
    """
    checked("alice_basis", alice_basis, BBM92_BASES)
    checked("bob_basis", bob_basis, BBM92_BASES)
    alice, bob = checked_outcomes(outcomes, 2)
    return KeyBits(alice=alice, bob=bob) if alice_basis == bob_basis else None
