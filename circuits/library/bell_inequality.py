"""The CHSH test: four measurements of a pair, two on each side."""

from __future__ import annotations

from math import pi

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._bases import checked_number
from circuits.library._pairs import pair_or_default

__all__ = ["CHSH_SIGNS", "chsh", "chsh_alice", "chsh_bob"]

CHSH_SIGNS = ((1, 1), (1, -1))


def chsh(alice_setting: int, bob_setting: int, *, pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """One of the four measurements of a CHSH test on a pair.

    With E(i, j) the mean of (−1)^(alice_bit + bob_bit) at Alice's setting i and Bob's j,

        S = E(0, 0) + E(0, 1) + E(1, 0) − E(1, 1),

    whose signs are `CHSH_SIGNS[i][j]`. Local hidden variables keep |S| ≤ 2. On Φ+ the four correlators
    are 1/√2, 1/√2, 1/√2 and −1/√2, so that S = 2√2; on a Werner pair of visibility w it is 2√2·w.
    Bob's settings are not Clifford: the circuit runs on Aer and on hardware, not on Stim.

    Args:
        alice_setting: 0 to measure Z, 1 to measure X.
        bob_setting: 0 to measure (Z + X)/√2, 1 to measure (Z − X)/√2.
        pair: Circuit that prepares the pair; a perfect Φ+ if not given.

    Returns:
        A circuit on the registers `alice` and `bob` (1 qubit each) with the bits `alice_bit` and
        `bob_bit`, 0 for the outcome +1.

    Raises:
        ValueError: If a setting is neither 0 nor 1.
        ValueError: If `pair` is no two-qubit preparation.

    Example:
        >>> print(chsh(1, 0).draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                     ┌───┐        ┌───┐    ┌─┐
              alice: ┤ H ├──■─────┤ H ├────┤M├───
                     └───┘┌─┴─┐┌──┴───┴───┐└╥┘┌─┐
                bob: ─────┤ X ├┤ Ry(-π/4) ├─╫─┤M├
                          └───┘└──────────┘ ║ └╥┘
        alice_bit: 1/═══════════════════════╩══╬═
                                            0  ║
          bob_bit: 1/══════════════════════════╩═
                                               0

    Source:
        J. F. Clauser et al., Phys. Rev. Lett. 23, 880 (1969), DOI 10.1103/PhysRevLett.23.880; the value
        2√2: B. S. Cirel'son, Lett. Math. Phys. 4, 93 (1980), DOI 10.1007/BF00417500.
    """
    checked_number("alice_setting", alice_setting)
    checked_number("bob_setting", bob_setting)
    for_alice, for_bob = chsh_alice(alice_setting), chsh_bob(bob_setting)
    alice, bob = QuantumRegister(1, "alice"), QuantumRegister(1, "bob")
    bits = ClassicalRegister(1, "alice_bit"), ClassicalRegister(1, "bob_bit")
    circuit = QuantumCircuit(alice, bob, *bits, name="chsh")
    circuit.compose(pair_or_default(pair), [0, 1], inplace=True)
    circuit.compose(for_alice, [0], [0], inplace=True)
    circuit.compose(for_bob, [1], [1], inplace=True)
    return circuit


def chsh_alice(setting: int) -> QuantumCircuit:
    """Alice's measurement in a CHSH test.

    Args:
        setting: 0 to measure Z, 1 to measure X.

    Returns:
        A circuit on the register `alice` with the bit `alice_bit`.

    Raises:
        ValueError: If `setting` is neither 0 nor 1.

    Example:
        >>> dict(chsh_alice(1).count_ops())
        {'h': 1, 'measure': 1}
    """
    checked_number("setting", setting)
    circuit = QuantumCircuit(
        QuantumRegister(1, "alice"), ClassicalRegister(1, "alice_bit"), name="chsh_alice"
    )
    if setting:
        circuit.h(0)
    circuit.measure(0, 0)
    return circuit


def chsh_bob(setting: int) -> QuantumCircuit:
    """Bob's measurement in a CHSH test.

    Args:
        setting: 0 to measure (Z + X)/√2, 1 to measure (Z − X)/√2.

    Returns:
        A circuit on the register `bob` with the bit `bob_bit`.

    Raises:
        ValueError: If `setting` is neither 0 nor 1.

    Example:
        >>> chsh_bob(1).data[0].operation.params
        [0.7853981633974483]
    """
    checked_number("setting", setting)
    circuit = QuantumCircuit(QuantumRegister(1, "bob"), ClassicalRegister(1, "bob_bit"), name="chsh_bob")
    circuit.ry(pi / 4 if setting else -pi / 4, 0)
    circuit.measure(0, 0)
    return circuit
