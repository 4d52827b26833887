"""What the book keeps as bytes: circuits as QPY with their layout, outcomes as packed bits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.execution.jobs.errors import JobBookError
from qnet.execution.outcomes import Outcomes

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = ["packed_circuits", "packed_outcomes", "unpacked_circuits", "unpacked_outcomes"]


def packed_circuits(circuits: Sequence[QuantumCircuit]) -> bytes:
    """Circuits, with layout and metadata."""
    from qiskit import qpy

    stream = io.BytesIO()
    qpy.dump(list(circuits), stream)
    return zlib.compress(stream.getvalue())


def unpacked_circuits(content: bytes) -> list[QuantumCircuit]:
    """Circuits from the book.

    Raises:
        JobBookError: If this Qiskit cannot read them.
    """
    from qiskit import qpy
    from qiskit.exceptions import QiskitError

    try:
        return list(qpy.load(io.BytesIO(zlib.decompress(content))))
    except (QiskitError, ValueError, zlib.error) as error:
        words = " ".join(str(getattr(error, "message", error)).split())
        raise JobBookError(f"the circuits of the job cannot be read by this Qiskit: {words}") from None


def packed_outcomes(outcomes: Sequence[Outcomes]) -> bytes:
    """The bits of outcomes that all weigh one."""
    arrays: dict[str, np.ndarray] = {}
    for k, one in enumerate(outcomes):
        arrays[f"bits{k}"] = np.packbits(one.bits, axis=1, bitorder="little")
        arrays[f"size{k}"] = np.array(one.bits.shape)
        arrays[f"qubits{k}"] = np.array(one.qubits, dtype=np.int64)
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def unpacked_outcomes(content: bytes) -> list[Outcomes]:
    """Outcomes from the book.

    Raises:
        JobBookError: If they are damaged.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            count = sum(name.startswith("bits") for name in arrays.files)
            return [_outcomes(arrays, k) for k in range(count)]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        words = f"{type(error).__name__}: {error}"
        raise JobBookError(f"the outcomes of the job in the book are damaged ({words})") from None


def _outcomes(arrays: Any, k: int) -> Outcomes:
    width = int(arrays[f"size{k}"][1])
    bits = np.unpackbits(arrays[f"bits{k}"], axis=1, count=width, bitorder="little")
    return Outcomes(bits=bits, qubits=tuple(int(qubit) for qubit in arrays[f"qubits{k}"]))
