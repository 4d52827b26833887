"""SARG04: the states of BB84, announced in pairs that are not orthogonal."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit

from circuits.library._bases import checked
from circuits.library.key_distribution._photon import measured_photon, photon, sent
from circuits.library.key_distribution.bits import KeyBits, checked_outcomes

__all__ = [
    "SARG04_BASES",
    "SARG04_SETTINGS",
    "SARG04_STATES",
    "sarg04",
    "sarg04_key",
    "sarg04_measurement",
    "sarg04_preparation",
]

SARG04_BASES = ("Z", "X")
SARG04_STATES = ("0", "1", "+", "-")

_BASIS = {"0": "Z", "1": "Z", "+": "X", "-": "X"}
_SIGN = {"0": 0, "1": 1, "+": 0, "-": 1}
_KEY_BIT = {"X": 0, "Z": 1}

SARG04_SETTINGS: tuple[tuple[str, str, str], ...] = tuple(
    (state, partner, measured)
    for state in SARG04_STATES
    for partner in SARG04_STATES
    if _BASIS[state] != _BASIS[partner]
    for measured in SARG04_BASES
)


def sarg04(state: str, partner: str, measured: str) -> QuantumCircuit:
    """One signal of SARG04 from Alice to Bob.

    Alice sends one of the four states of BB84. Afterwards she announces two: the one that she sent, and a
    partner from the other basis, in no particular order. The basis of the state is the key bit: 0 for |±⟩,
    1 for |0⟩ and |1⟩. What she announces changes nothing in the circuit; it is kept in its metadata.

    Args:
        state: The state that is sent: `"0"`, `"1"`, `"+"` or `"-"`.
        partner: The other state of the announced pair, from the other basis.
        measured: Bob's basis, `"Z"` or `"X"`.

    Returns:
        A Clifford circuit on the register `photon` (1 qubit) with the bit `bob_bit` and the metadata
        `announced`; the barrier stands for the channel.

    Raises:
        ValueError: If `state` or `partner` is none of the four states.
        ValueError: If `partner` belongs to the same basis as `state`.
        ValueError: If `measured` is neither `"Z"` nor `"X"`.

    Example:
        >>> sarg04("-", "0", "Z").metadata
        {'announced': ['-', '0']}
        >>> print(sarg04("-", "0", "Z").draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                   ┌───┐┌───┐ ░ ┌─┐
           photon: ┤ X ├┤ H ├─░─┤M├
                   └───┘└───┘ ░ └╥┘
        bob_bit: 1/══════════════╩═
                                 0

    Source:
        V. Scarani et al., Phys. Rev. Lett. 92, 057901 (2004), arXiv:quant-ph/0211131.
    """
    circuit = sent("sarg04", sarg04_preparation(state), sarg04_measurement(measured))
    circuit.metadata = {"announced": sorted(_announced(state, partner))}
    return circuit


def sarg04_preparation(state: str) -> QuantumCircuit:
    """Alice's part of SARG04: one of the four states of BB84.

    Args:
        state: `"0"`, `"1"`, `"+"` or `"-"`.

    Returns:
        A circuit on the register `photon`.

    Raises:
        ValueError: If `state` is none of the four states.

    Example:
        >>> dict(sarg04_preparation("-").count_ops())
        {'x': 1, 'h': 1}
    """
    checked("state", state, SARG04_STATES)
    return photon("sarg04_preparation", _SIGN[state], _BASIS[state])


def sarg04_measurement(measured: str) -> QuantumCircuit:
    """Bob's part of SARG04.

    Args:
        measured: His basis, `"Z"` or `"X"`.

    Returns:
        A circuit on the register `photon` with the bit `bob_bit`.

    Raises:
        ValueError: If `measured` is neither `"Z"` nor `"X"`.

    Example:
        >>> dict(sarg04_measurement("X").count_ops())
        {'h': 1, 'measure': 1}
    """
    checked("measured", measured, SARG04_BASES)
    return measured_photon("sarg04_measurement", measured)


def sarg04_key(state: str, partner: str, measured: str, outcomes: Sequence[int]) -> KeyBits | None:
    """The key bits of one signal: kept when Bob's outcome rules out one of the announced states.

    Args:
        state: The state that Alice sent.
        partner: The other state of the announced pair.
        measured: Bob's basis.
        outcomes: The classical bits of the circuit in its order: `bob_bit`.

    Returns:
        Both sides' bits, or None when Bob's outcome fits the announced state of his basis (three quarters of
        the signals). When it does not, the state was the one of the other basis.

    Raises:
        ValueError: If `measured` is neither `"Z"` nor `"X"`.
        ValueError: If `state` or `partner` is none of the four states, or both belong to one basis.
        ValueError: If `outcomes` is not one bit.

    Example:
        >>> sarg04_key("-", "0", "Z", [1])
        KeyBits(alice=0, bob=0)
        >>> print(sarg04_key("-", "0", "Z", [0]))
        None
    """
    checked("measured", measured, SARG04_BASES)
    announced = {_BASIS[name]: name for name in _announced(state, partner)}
    (outcome,) = checked_outcomes(outcomes, 1)
    if outcome == _SIGN[announced[measured]]:
        return None
    return KeyBits(alice=_KEY_BIT[_BASIS[state]], bob=1 - _KEY_BIT[measured])


def _announced(state: str, partner: str) -> tuple[str, str]:
    checked("state", state, SARG04_STATES)
    checked("partner", partner, SARG04_STATES)
    if _BASIS[state] == _BASIS[partner]:
        others = [name for name in SARG04_STATES if _BASIS[name] != _BASIS[state]]
        raise ValueError(f"partner={partner!r} is in the basis of state={state!r}; choose one of {others}")
    return state, partner
