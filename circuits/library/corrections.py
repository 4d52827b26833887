"""One protocol, four forms: what becomes of corrections that depend on outcomes.

A protocol is written once in its feed-forward form: measurements and `if_test`s, on single bits or on
the equality of a register, whose bodies are Pauli gates. `with_corrections` makes the other forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from qiskit import QuantumCircuit

__all__ = ["FORMS", "PauliFrame", "pauli_frame", "with_corrections"]

FORMS = ("feedforward", "deferred", "frame", "postselect")
BitArray2D = npt.NDArray[np.uint8] | npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class PauliFrame:
    """The corrections that a circuit left to whoever reads its outcomes.

    All sets are sets of classical bits *as they were read* (indices into `circuit.clbits`), of which the
    parity is taken; qubits are indices into `circuit.qubits` of the circuit whose form was chosen.
    Transpiling leaves the classical bits where they are and moves qubits, as its `layout` says.

    Attributes:
        x: For a qubit, the bits whose parity says whether its state still needs an X.
        z: The same for Z.
        bits: For a classical bit, the other bits whose parity flips it.
        keep: Sets of bits whose parity has to be even for a shot to count.

    Example:
        >>> frame = PauliFrame(bits={2: (0, 1)}, keep=((0,),))
        >>> bits = np.array([[0, 1, 0], [1, 1, 0]], dtype=np.uint8)
        >>> frame.correct(bits)
        array([[0, 1, 1],
               [1, 1, 0]], dtype=uint8)
        >>> frame.kept(bits)
        array([ True, False])
    """

    x: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    z: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    bits: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    keep: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        for name in ("x", "z", "bits"):
            object.__setattr__(
                self, name, {int(k): _members(name, v) for k, v in getattr(self, name).items()}
            )
        object.__setattr__(self, "keep", tuple(_members("keep", parity) for parity in self.keep))

    def correct(self, bits: BitArray2D) -> BitArray2D:
        """The outcomes that the feed-forward circuit would have given.

        Args:
            bits: Outcomes as read, of shape (shots, classical bits); column j is `circuit.clbits[j]`.

        Returns:
            A new array of the same shape and type.

        Raises:
            ValueError: If `bits` has too few columns, or holds no bits.
        """
        read = self._checked(bits, [*self.bits, *(b for parity in self.bits.values() for b in parity)])
        corrected = read.copy()
        for bit, parity in self.bits.items():
            for other in parity:
                corrected[:, bit] ^= read[:, other]
        return corrected

    def kept(self, bits: BitArray2D) -> npt.NDArray[np.bool_]:
        """Which shots count.

        Args:
            bits: Outcomes as read (not corrected), of shape (shots, classical bits).

        Returns:
            One truth value per shot.

        Raises:
            ValueError: If `bits` has too few columns, or holds no bits.
        """
        read = self._checked(bits, [b for parity in self.keep for b in parity])
        kept = np.ones(read.shape[0], dtype=bool)
        for parity in self.keep:
            odd = np.zeros(read.shape[0], dtype=bool)
            for bit in parity:
                odd ^= read[:, bit].astype(bool)
            kept &= ~odd
        return kept

    def _checked(self, bits: BitArray2D, used: Iterable[int]) -> BitArray2D:
        needed = max(used, default=-1) + 1
        read: npt.NDArray[Any] = np.asarray(bits)
        if read.ndim != 2 or read.shape[1] < needed or read.dtype.kind not in "bui":
            raise ValueError(
                f"bits has the shape {read.shape} and the type {read.dtype}; give whole numbers or truth "
                f"values of shape (shots, classical bits) with at least {needed} columns"
            )
        return read


def with_corrections(circuit: QuantumCircuit, form: str) -> QuantumCircuit:
    """Another form of a circuit whose corrections depend on outcomes.

    - `"feedforward"`: measure, then `if_test`. The circuit as it is.
    - `"deferred"`: coherent. Conditionals become controlled gates from the measured qubits, which cross
      from one node to another: a check and a help for simulators, nothing that a network could run.
    - `"frame"`: no measurement before the end, no reset and no conditionals. What they would have done
      is kept as a Pauli frame, which `pauli_frame` reads and applies to the outcomes. The Pauli has to
      get past the rest of the circuit: a gate that makes something else of it is refused.
    - `"postselect"`: the same circuit, of which only the shots count that need no correction. Where a
      gate stops a Pauli, the shots without that Pauli are kept, so that nothing is refused for it.

    Compose first and choose the form last: what follows a protocol (gates, measurements) has to see its
    corrections, so that a circuit in another form than the first is not changed again.

    The frame is kept in `circuit.metadata`: `{"corrections": form, "frame": {"x": {qubit: [clbits]},
    "z": …, "bits": {clbit: [clbits]}}, "keep": [[clbits], …]}`, with indices into `circuit.qubits` and
    `circuit.clbits`, of bits as they are read. What stands under `"keep"` already is kept, too. QPY
    saves the metadata, OpenQASM 3 loses it.

    Args:
        circuit: Any circuit in feed-forward form: gates, noise, measurements, resets, barriers, and
            conditionals with Pauli bodies, also nested or with an `else`, on single bits or on the
            equality of a register. In the last three forms a measured qubit may afterwards be a control,
            meet diagonal gates, be swapped, and be measured into another bit (which `"frame"` and
            `"postselect"` fill in when the outcomes are read), nothing else; nor may a bit be written twice.
        form: One of `FORMS`.

    Returns:
        A new circuit on the same qubits and classical bits.

    Raises:
        ValueError: If `circuit` is no `QuantumCircuit`.
        ValueError: If `form` is not one of `FORMS`, or the circuit is in another form already.
        NotTranslatable: If the form does not exist: a condition that is no parity of outcomes, a body
            that is no Pauli, a qubit that is used again after its measurement.
        NotClifford: If a gate stops a Pauli of the frame.

    Example:
        >>> from circuits.library import teleportation
        >>> frame = pauli_frame(with_corrections(teleportation(), "frame"))
        >>> frame
        PauliFrame(x={2: (1,)}, z={2: (0,)}, bits={}, keep=())
    """
    if not isinstance(circuit, QuantumCircuit):
        raise ValueError(f"circuit is a {type(circuit).__name__}: with_corrections takes a QuantumCircuit")
    if form not in FORMS:
        raise ValueError(f"corrections={form!r} is no form of correction; choose one of {', '.join(FORMS)}")
    metadata = dict(circuit.metadata or {})
    present = metadata.get("corrections", "feedforward")
    if present != "feedforward" and (present != form or form != "deferred"):
        raise ValueError(
            f"the circuit is in the form {present!r} already; give its feedforward form to with_corrections"
        )
    keep = [list(parity) for parity in metadata.get("keep", ())]
    frame: dict[str, Any] = {"x": {}, "z": {}, "bits": {}}
    if form == "feedforward":
        changed = circuit.copy()
    elif form == "deferred":
        from circuits.library._deferred_form import deferred

        changed = deferred(circuit)
    else:
        from circuits.library._frame_form import FrameForm

        walk = FrameForm(circuit, select=form == "postselect")
        changed, keep = walk.out, walk.kept(keep)
        frame = walk.frame()
    changed.metadata = {**metadata, "corrections": form, "frame": frame, "keep": keep}
    return changed


def pauli_frame(circuit: QuantumCircuit) -> PauliFrame:
    """The Pauli frame and the selection that a circuit's metadata hold (trivial when they hold none).

    Raises:
        ValueError: If `circuit` is no `QuantumCircuit`.

    Example:
        >>> pauli_frame(QuantumCircuit(1, 1))
        PauliFrame(x={}, z={}, bits={}, keep=())
    """
    if not isinstance(circuit, QuantumCircuit):
        raise ValueError(f"circuit is a {type(circuit).__name__}: pauli_frame takes a QuantumCircuit")
    metadata = circuit.metadata or {}
    frame = metadata.get("frame", {})
    return PauliFrame(
        x={int(q): tuple(v) for q, v in frame.get("x", {}).items()},
        z={int(q): tuple(v) for q, v in frame.get("z", {}).items()},
        bits={int(c): tuple(v) for c, v in frame.get("bits", {}).items()},
        keep=tuple(tuple(parity) for parity in metadata.get("keep", ())),
    )


def _members(name: str, parity: Iterable[int]) -> tuple[int, ...]:
    members = tuple(int(bit) for bit in parity)
    if any(bit < 0 for bit in members):
        raise ValueError(f"{name} holds the negative index in {members}; give indices into circuit.clbits")
    return members
