"""E91: key and CHSH test from the same singlets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import pi
from types import MappingProxyType

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._bases import checked, checked_number
from circuits.library._pairs import pair_or_default
from circuits.library.bell import bell_pair
from circuits.library.key_distribution._shared_pair import measured_pair
from circuits.library.key_distribution.bits import KeyBits, checked_outcomes

__all__ = [
    "E91_ALICE_ANGLES",
    "E91_BOB_ANGLES",
    "E91_CHSH_SIGNS",
    "E91_SETTINGS",
    "e91",
    "e91_key",
    "e91_measurement",
    "e91_preparation",
]

E91_ALICE_ANGLES = (0.0, pi / 4, pi / 2)
E91_BOB_ANGLES = (pi / 4, pi / 2, 3 * pi / 4)
E91_SETTINGS: tuple[tuple[int, int], ...] = tuple(product(range(3), range(3)))
E91_CHSH_SIGNS: Mapping[tuple[int, int], int] = MappingProxyType(
    {(0, 0): -1, (0, 2): 1, (2, 0): -1, (2, 2): -1}
)

_ANGLES = {"alice": E91_ALICE_ANGLES, "bob": E91_BOB_ANGLES}


def e91(i: int, j: int, *, pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """One pair of E91, measured by both sides.

    Setting k measures cos(θ)Z + sin(θ)X at the angle θ on the Bloch sphere: Alice's are 0, π/4, π/2
    (`E91_ALICE_ANGLES`), Bob's π/4, π/2, 3π/4 (`E91_BOB_ANGLES`). On the singlet E(i, j) = −cos(a_i − b_j):

    - equal angles, (1, 0) and (2, 1), give the key: opposite bits, of which Bob flips his;
    - the settings 0 and 2 of each side give the CHSH test, S = Σ `E91_CHSH_SIGNS[i, j]`·E(i, j) = 2√2
      (the signs are the negatives of Ekert's, whose S is −2√2);
    - (0, 1), (1, 1), (1, 2) serve neither.

    The settings at π/4 and 3π/4 are not Clifford: Stim cannot run them.

    Args:
        i: Alice's setting: 0, 1 or 2.
        j: Bob's setting: 0, 1 or 2.
        pair: Circuit that prepares the pair; a perfect singlet Ψ− if not given.

    Returns:
        A circuit on the registers `alice` and `bob` (1 qubit each) with the bits `alice_bit` and `bob_bit`,
        0 for the outcome +1; the barrier stands for the channel.

    Raises:
        ValueError: If a setting is none of 0, 1 and 2.
        ValueError: If `pair` is no two-qubit preparation.

    Example:
        >>> print(e91(1, 0).draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                     ┌───┐                ░ ┌──────────┐┌─┐
              alice: ┤ H ├──■─────────────░─┤ Ry(-π/4) ├┤M├───
                     └───┘┌─┴─┐┌───┐┌───┐ ░ ├──────────┤└╥┘┌─┐
                bob: ─────┤ X ├┤ X ├┤ Z ├─░─┤ Ry(-π/4) ├─╫─┤M├
                          └───┘└───┘└───┘ ░ └──────────┘ ║ └╥┘
        alice_bit: 1/════════════════════════════════════╩══╬═
                                                         0  ║
          bob_bit: 1/═══════════════════════════════════════╩═
                                                            0

    Source:
        A. K. Ekert, Phys. Rev. Lett. 67, 661 (1991), DOI 10.1103/PhysRevLett.67.661.
    """
    checked_number("i", i, 3)
    checked_number("j", j, 3)
    measurements = (e91_measurement(i, side="alice"), e91_measurement(j, side="bob"))
    return measured_pair("e91", e91_preparation(pair=pair), *measurements)


def e91_preparation(*, pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """The source's part of E91: a singlet.

    Args:
        pair: Circuit that prepares the pair; a perfect singlet Ψ− if not given.

    Returns:
        A circuit on two qubits, Alice's and Bob's.

    Raises:
        ValueError: If `pair` is no two-qubit preparation.

    Example:
        >>> dict(e91_preparation().count_ops())
        {'h': 1, 'cx': 1, 'x': 1, 'z': 1}
    """
    return pair_or_default(bell_pair("psi-") if pair is None else pair)


def e91_measurement(setting: int, *, side: str = "bob") -> QuantumCircuit:
    """One side's part of E91.

    Args:
        setting: 0, 1 or 2.
        side: `"alice"` or `"bob"`, which have different angles.

    Returns:
        A circuit on the register `alice` or `bob` with the bit `alice_bit` or `bob_bit`.

    Raises:
        ValueError: If `setting` is none of 0, 1 and 2.
        ValueError: If `side` is neither `"alice"` nor `"bob"`.

    Example:
        >>> e91_measurement(0, side="bob").data[0].operation.params
        [-0.7853981633974483]
    """
    number = checked_number("setting", setting, 3)
    checked("side", side, ("alice", "bob"))
    angle = _ANGLES[side][number]
    circuit = QuantumCircuit(
        QuantumRegister(1, side), ClassicalRegister(1, f"{side}_bit"), name=f"e91_{side}"
    )
    if angle == pi / 2:
        circuit.h(0)
    elif angle:
        circuit.ry(-angle, 0)
    circuit.measure(0, 0)
    return circuit


def e91_key(i: int, j: int, outcomes: Sequence[int]) -> KeyBits | None:
    """The key bits of one pair: kept when the two angles are equal; Bob flips his bit.

    Args:
        i: Alice's setting.
        j: Bob's setting.
        outcomes: The classical bits of the circuit in its order: `alice_bit`, `bob_bit`.

    Returns:
        Both sides' bits, or None when the angles differ (seven of the nine settings).

    Raises:
        ValueError: If a setting is none of 0, 1 and 2.
        ValueError: If `outcomes` are not two bits.

    Example:
        >>> e91_key(1, 0, [1, 0])
        KeyBits(alice=1, bob=1)
        >>> print(e91_key(0, 0, [1, 0]))
        None
    """
    same = E91_ALICE_ANGLES[checked_number("i", i, 3)] == E91_BOB_ANGLES[checked_number("j", j, 3)]
    alice, bob = checked_outcomes(outcomes, 2)
    return KeyBits(alice=alice, bob=1 - bob) if same else None
