"""Where translated instructions go: the program itself, or one branch of a conditional."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import stim

from circuits.bridge._boolean import ONE, ZERO, Poly, affine_part
from circuits.bridge._channels import Noise
from circuits.bridge._frame import Frame, letters_when, multiply, push
from circuits.bridge._gates import CliffordGate
from circuits.bridge._refusal import Refused
from circuits.errors import NotTranslatable


class Program:
    """The lines of the Stim circuit, and the conditional Paulis that wait for their partners.

    A conditional's Pauli that is no affine function of the outcomes waits on its qubit until the
    following conditionals have made it one; an instruction that would feel it before ends the wait.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.measurements = 0
        self._waiting: Frame = {}
        self._origin: dict[int, str] = {}

    def gate(self, gate: CliffordGate, qubits: Sequence[int]) -> None:
        if self._waiting:
            self._carry(gate, qubits)
        self.lines += gate.lines(qubits)

    @property
    def waits(self) -> bool:
        return bool(self._waiting)

    def measure(self, qubit: int) -> int:
        """Measure in the Z basis and give the index of the record."""
        if self._waiting and self._waiting.get(qubit, (ZERO, ZERO))[0]:
            raise self._unresolved(qubit)
        self.lines.append(f"M {qubit}")
        self.measurements += 1
        return self.measurements - 1

    def reset(self, qubit: int) -> None:
        self._waiting.pop(qubit, None)
        self.lines.append(f"R {qubit}")

    def noise(self, noise: Noise, qubits: Sequence[int]) -> None:
        self.lines += noise.lines(qubits)

    def annotate(self, line: str) -> None:
        self.lines.append(line)

    def pauli(self, frame: Frame, place: Callable[[], str]) -> None:
        """Put a conditional Pauli on, or let its part that is not affine wait."""
        for qubit, (x, z) in frame.items():
            now_x, now_z = affine_part(x), affine_part(z)
            self._emit(qubit, now_x, now_z)
            if len(now_x) < len(x) or len(now_z) < len(z):
                if qubit not in self._waiting:
                    self._origin[qubit] = place()
                multiply(self._waiting, qubit, x ^ now_x, z ^ now_z)

    def finish(self) -> None:
        for qubit in self._waiting:
            raise self._unresolved(qubit)

    def _carry(self, gate: CliffordGate, qubits: Sequence[int]) -> None:
        felt = [q for q in qubits if q in self._waiting]
        push(self._waiting, gate, qubits)
        for q in qubits if felt else ():
            if q not in felt:
                self._origin[q] = self._origin[felt[0]]

    def _emit(self, qubit: int, x: Poly, z: Poly) -> None:
        both = x & z
        for letter, when in (("X", x - both), ("Y", both), ("Z", z - both)):
            for monomial in sorted(when, key=sorted):
                if monomial:
                    (record,) = monomial
                    self.lines.append(f"C{letter} rec[{record - self.measurements}] {qubit}")
                else:
                    self.lines.append(f"{letter} {qubit}")

    def _unresolved(self, qubit: int) -> Refused:
        return Refused(
            NotTranslatable,
            f"the Pauli it puts on qubit {qubit} is not an affine function of the measurement outcomes",
            "condition on single bits or their parities, complete the chain of cases, or run it on Aer",
            place=self._origin[qubit],
        )


class Branch:
    """The unitary of one branch: a Clifford circuit, then a Pauli frame."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.clifford: list[tuple[CliffordGate, tuple[int, ...]]] = []
        self.frame: Frame = {}

    def gate(self, gate: CliffordGate, qubits: Sequence[int]) -> None:
        if gate.pauli is None:
            push(self.frame, gate, qubits)
            self.clifford.append((gate, tuple(qubits)))
            return
        for qubit, letter in zip(qubits, gate.pauli, strict=True):
            if letter != "I":
                multiply(self.frame, qubit, *letters_when(ONE, letter))

    @property
    def waits(self) -> bool:
        return True

    def measure(self, qubit: int) -> int:
        raise _conditional("a measurement", "measure before or after the block")

    def reset(self, qubit: int) -> None:
        raise _conditional("a reset", "reset after the block, or correct the qubit with a conditional X")

    def noise(self, noise: Noise, qubits: Sequence[int]) -> None:
        raise _conditional("noise", "put the noise after the block, unconditionally")

    def annotate(self, line: str) -> None:
        """Nothing: a barrier in a branch marks no layer."""

    def pauli(self, frame: Frame, place: Callable[[], str]) -> None:
        for qubit, (x, z) in frame.items():
            multiply(self.frame, qubit, x, z)


Sink = Program | Branch


def difference(branch: Branch, reference: Branch) -> Frame:
    """The Pauli Q with branch = Q · reference, frames apart.

    Raises:
        Refused: the two differ by more than a Pauli.
    """
    if branch.clifford == reference.clifford:
        return {}
    used = sorted({q for b in (branch, reference) for _, qubits in b.clifford for q in qubits})
    place = {q: k for k, q in enumerate(used)}
    whole = stim.Tableau(len(used))
    for gate, qubits in reversed(reference.clifford):
        whole.append(gate.tableau.inverse(), [place[q] for q in qubits])
    for gate, qubits in branch.clifford:
        whole.append(gate.tableau, [place[q] for q in qubits])
    frame: Frame = {}
    for k, qubit in enumerate(used):
        flips = []
        for image, letter in ((whole.x_output(k), 1), (whole.z_output(k), 3)):
            if image.weight != 1 or image[k] != letter:
                raise Refused(
                    NotTranslatable,
                    "its branches differ by more than Pauli gates",
                    "let the condition decide on X, Y and Z only, or run it on Aer",
                )
            flips.append(image.sign == -1)
        if any(flips):
            frame[qubit] = (ONE if flips[1] else ZERO, ONE if flips[0] else ZERO)
    return frame


def _conditional(what: str, mend: str) -> Refused:
    return Refused(NotTranslatable, f"{what} in a conditional body has no counterpart in Stim", mend)


__all__ = ["Branch", "Program", "Sink", "difference"]
