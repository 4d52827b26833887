"""Hops of a one-way repeater as a Stim circuit."""

from __future__ import annotations

import stim

from circuits.codes.stabilizer import StabilizerCode
from qnet.repeaters._checks import probability, whole
from qnet.repeaters.one_way.hop import StationErrors

__all__ = ["hop_circuit"]


def hop_circuit(
    code: StabilizerCode, *, transmission: float, errors: StationErrors | None = None, hops: int = 1
) -> stim.Circuit:
    """An encoded qubit, half of a Bell pair with a noiseless reference, goes over some hops.

    After every hop a station measures each photon with its partner of a fresh block in the Bell basis (CX,
    then X of the photon and Z of the partner); the block's twin goes on. Losses are heralded, by detectors
    with the tag `herald`. Observable 0 is X⊗X of the reference and what arrives, observable 1 is Z⊗Z; the
    last block is read without noise.

    Args:
        code: A CSS code on n qubits that encodes one, with a logical X of X alone and a logical Z of Z alone.
        transmission: η of a photon in one hop.
        errors: What stations do wrong; nothing if not given.
        hops: How many hops, at least 1.

    Raises:
        ValueError: If the code is none like that, `transmission` is no probability, or `hops` is below 1.

    Source: Muralidharan, Kim, Lütkenhaus, Lukin, Jiang, PRL 112, 250501 (2014), arXiv:1310.5291.

    Example:
        >>> from circuits.codes.named import parity
        >>> circuit = hop_circuit(parity(2, 2), transmission=0.9)
        >>> circuit.num_detectors, circuit.num_observables
        (7, 2)
    """
    probability("transmission", transmission)
    whole("hops", hops)
    pure = (
        code.k == 1
        and code.is_css
        and set(code.logical_x[0]) <= set("XI")
        and set(code.logical_z[0]) <= set("ZI")
    )
    if not pure:
        raise ValueError(
            f"{code.name} is no CSS code for one qubit with logical operators of X or of Z alone"
        )
    written = _Hops(code, transmission, errors or StationErrors())
    for _ in range(hops):
        written.hop()
    return written.finished()


class _Hops:
    """The circuit while it is written; places in the record are absolute."""

    def __init__(self, code: StabilizerCode, transmission: float, errors: StationErrors) -> None:
        self.code, self.loss, self.errors = code, 1 - transmission, errors
        self.circuit, self.count = stim.Circuit(), 0
        self.here = list(range(1, code.n + 1))
        self.free = code.n + 1
        self.logicals = (code.logical_x[0], code.logical_z[0])
        self.checks = self._products([_on(check, self.here) for check in code.checks])
        with_reference = [
            [*_on(one, self.here), (0, letter)] for one, letter in zip(self.logicals, "XZ", strict=True)
        ]
        self.frame = [[place] for place in self._products(with_reference)]

    def hop(self) -> None:
        n, code = self.code.n, self.code
        near, far = (list(range(self.free + k * n, self.free + (k + 1) * n)) for k in (0, 1))
        self.free += 2 * n
        own = self._products([_on(check, near) for check in code.checks])
        other = self._products([_on(check, far) for check in code.checks])
        joint = self._products([[*_on(one, near), *_on(one, far)] for one in self.logicals])
        if self.errors.preparation:
            self.circuit.append("DEPOLARIZE1", [*self.here, *near], self.errors.preparation)
        if self.loss:
            self.circuit.append("HERALDED_ERASE", self.here, self.loss)
            for place in self._counted(n):
                self._detector([place], tag="herald")
        pairs = [q for pair in zip(self.here, near, strict=True) for q in pair]
        self.circuit.append("CX", pairs)
        if self.errors.gate:
            self.circuit.append("DEPOLARIZE2", pairs, self.errors.gate)
        read = {}
        for letter, name, qubits in (("X", "MX", self.here), ("Z", "M", near)):
            self.circuit.append(name, qubits, self.errors.measurement or ())
            read[letter] = self._counted(n)
        for k, check in enumerate(code.checks):
            letter = next(iter(set(check) - {"I"}))
            self._detector([*_places(check, read[letter]), self.checks[k], own[k]])
        for letter, one, frame, place in zip("XZ", self.logicals, self.frame, joint, strict=True):
            frame += [*_places(one, read[letter]), place]
        self.here, self.checks = far, other

    def finished(self) -> stim.Circuit:
        last = [[*_on(one, self.here), (0, letter)] for one, letter in zip(self.logicals, "XZ", strict=True)]
        for k, place in enumerate(self._products(last)):
            self.circuit.append("OBSERVABLE_INCLUDE", self._records([*self.frame[k], place]), k)
        return self.circuit

    def _products(self, products: list[list[tuple[int, str]]]) -> list[int]:
        for product in products:
            targets = [stim.target_pauli(qubit, letter) for qubit, letter in product]
            joined = [t for target in targets for t in (target, stim.target_combiner())][:-1]
            self.circuit.append("MPP", joined)
        return self._counted(len(products))

    def _counted(self, number: int) -> list[int]:
        self.count += number
        return list(range(self.count - number, self.count))

    def _records(self, places: list[int]) -> list[stim.GateTarget]:
        return [stim.target_rec(place - self.count) for place in places]

    def _detector(self, places: list[int], tag: str = "") -> None:
        self.circuit.append("DETECTOR", self._records(places), [], tag=tag)


def _on(pauli: str, qubits: list[int]) -> list[tuple[int, str]]:
    return [(qubit, letter) for qubit, letter in zip(qubits, pauli, strict=True) if letter not in "I_"]


def _places(pauli: str, read: list[int]) -> list[int]:
    return [place for place, letter in zip(read, pauli, strict=True) if letter not in "I_"]
