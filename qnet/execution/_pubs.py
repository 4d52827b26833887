"""PUBs: what they may be, and how the bits of their registers are packed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BitArray, DataBin, SamplerPubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qnet.execution._arguments import check_shots

Packed = dict[str, NDArray[np.uint8]]
_TAKEN = frozenset(dir(DataBin)) | {"self"}


def coerced(pubs: Iterable[Any], shots: int) -> list[SamplerPub]:
    """The PUBs as Qiskit's own class, checked.

    Raises:
        ValueError: If a number of shots is not positive, parameters are unbound or not finite, or a
            register has a name that Qiskit's results cannot hold.
    """
    check_shots(shots)
    made = []
    for k, pub in enumerate(pubs):
        _check_pub(k, pub)
        made.append(SamplerPub.coerce(pub, shots))
        _check_values(k, made[-1])
        _check_registers(made[-1].circuit)
    if any(not pub.circuit.cregs for pub in made):
        warnings.warn(
            "a circuit has no classical registers, so its result will be empty; add measurements",
            stacklevel=3,
        )
    return made


def packed_bits(bits: NDArray[np.uint8], circuit: QuantumCircuit) -> Packed:
    """Bits of shape (shots, clbits) as one array per register, packed as `BitArray` has it."""
    place = {bit: index for index, bit in enumerate(circuit.clbits)}
    return {
        register.name: np.ascontiguousarray(
            np.packbits(bits[:, [place[bit] for bit in register]], axis=1, bitorder="little")[:, ::-1]
        )
        for register in circuit.cregs
    }


def pub_result(
    pub: SamplerPub, arrays: Mapping[tuple[int, ...], Packed], **metadata: Any
) -> SamplerPubResult:
    """The result of a PUB, from the packed registers at each index of its parameter array."""
    data = {}
    for register in pub.circuit.cregs:
        whole = arrays[()][register.name] if pub.shape == () else _stacked(pub, arrays, register.name)
        data[register.name] = BitArray(whole, register.size)
    return SamplerPubResult(
        DataBin(**data, shape=pub.shape),
        metadata={"shots": pub.shots, "circuit_metadata": pub.circuit.metadata, **metadata},
    )


def _stacked(pub: SamplerPub, arrays: Mapping[tuple[int, ...], Packed], name: str) -> NDArray[np.uint8]:
    width = (next(r.size for r in pub.circuit.cregs if r.name == name) + 7) // 8
    whole = np.zeros((*pub.shape, pub.shots, width), dtype=np.uint8)
    for index in np.ndindex(pub.shape):
        whole[index] = arrays[index][name]
    return whole


def _check_pub(k: int, pub: Any) -> None:
    parts = (pub,) if isinstance(pub, QuantumCircuit) else pub if isinstance(pub, tuple | list) else ()
    if len(parts) > 2 and parts[2] is not None:
        check_shots(parts[2], f"shots of PUB {k}")
    bare = len(parts) == 1 or (len(parts) > 1 and parts[1] is None)
    if bare and isinstance(parts[0], QuantumCircuit) and parts[0].parameters:
        names = ", ".join(sorted(parameter.name for parameter in parts[0].parameters))
        raise ValueError(_unbound(k, names))


def _unbound(k: int, names: str) -> str:
    return (
        f"PUB {k} has unbound parameters: {names}; bind them with assign_parameters, "
        "or give their values in the PUB as (circuit, values)"
    )


def _check_values(k: int, pub: SamplerPub) -> None:
    given = {
        name: values[..., place]
        for names, values in pub.parameter_values.data.items()
        for place, name in enumerate(names)
    }
    missing = sorted(parameter.name for parameter in pub.circuit.parameters if parameter.name not in given)
    if missing:
        raise ValueError(_unbound(k, ", ".join(missing)))
    for name, values in given.items():
        if not np.isfinite(values).all():
            raise ValueError(f"PUB {k} gives the parameter {name} a value that is not finite; give numbers")


def _check_registers(circuit: QuantumCircuit) -> None:
    for register in circuit.cregs:
        if register.name in _TAKEN:
            raise ValueError(
                f"Qiskit's results cannot hold a register called {register.name!r}; "
                f"rename it, for example to '{register.name.strip('_')}_bits'"
            )
