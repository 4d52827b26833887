"""What the stand-in of IBM's service does with a job: read its programme, run it, write the result.

The circuits must be in the device's own instructions, as for the true service. They are simulated with the
noise of the qubits that they use, as the service last published it.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

SEEDS = np.random.SeedSequence(20261124)


class Rejected(Exception):
    """A job that fails on the device's side, with its reason and IBM's number for it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def circuits_of(program_id: str, params: dict[str, Any]) -> list[Any]:
    """The circuits that a job holds."""
    if program_id == "executor":
        return [item.circuit for item in _quantum_program(params)[0].items]
    return [pub[0] for pub in _pubs(params)]


def run_program(program_id: str, params: dict[str, Any], backend: Any, engine: str) -> str:
    """The result of a job, as the service would write it."""
    if program_id == "executor":
        return _executor(params, backend, engine)
    if program_id == "sampler":
        return _old_sampler(params, backend, engine)
    raise Rejected(1000, f"there is no program {program_id}")


def _machine(backend: Any, engine: str) -> Any:
    from qnet.execution.devices import DeviceSampler

    (seed,) = SEEDS.spawn(1)
    return DeviceSampler(
        backend, engine=engine, optimization_level=0, seed=int(seed.generate_state(1)[0]), default_shots=1
    )


def _checked(circuit: Any, backend: Any) -> Any:
    from qiskit_ibm_runtime.utils.utils import is_isa_circuit

    wrong = is_isa_circuit(circuit, backend.target)
    if wrong:
        raise Rejected(1517, f"Instruction not supported: {wrong}")
    return circuit


# --- the executor, which the new sampler stands on ---------------------------------------------------------


def _quantum_program(params: dict[str, Any]) -> tuple[Any, Any]:
    from qiskit_ibm_runtime.quantum_program.params_converters import QUANTUM_PROGRAM_PARAMS_CONVERTERS

    converter = QUANTUM_PROGRAM_PARAMS_CONVERTERS[params["schema_version"]]
    model = converter.model.model_validate(params)
    return converter.decoder(model)[0], model


def _executor(params: dict[str, Any], backend: Any, engine: str) -> str:
    from ibm_quantum_schemas.common import CompressedTensorModel
    from ibm_quantum_schemas.executor import version_2_0 as schema

    program, model = _quantum_program(params)
    machine = _machine(backend, engine)
    items = []
    for item in program.items:
        _checked(item.circuit, backend)
        arrays, values = _bindings(item)
        data = machine.run([(item.circuit, values, program.shots)]).result()[0].data
        arrays |= {name: array.to_bool_array(order="little") for name, array in data.items()}
        items.append(
            schema.QuantumProgramResultItemModel(
                results={name: CompressedTensorModel.from_numpy(array) for name, array in arrays.items()},
                metadata=schema.ItemMetadataModel(),
            )
        )
    return schema.QuantumProgramResultModel(
        data=items,
        metadata=schema.MetadataModel(chunk_timing=[]),
        passthrough_data=model.quantum_program.passthrough_data,
        semantic_role=model.quantum_program.semantic_role,
    ).model_dump_json()


def _bindings(item: Any) -> tuple[dict[str, Any], Any]:
    """What twirling adds to the result, and the values of the circuit's parameters."""
    from qiskit.primitives.containers.bindings_array import BindingsArray

    extra: dict[str, Any] = {}
    if hasattr(item, "samplex"):
        from qiskit_ibm_runtime.fake_provider.executor.broadcast_sample import broadcast_sample

        (seed,) = SEEDS.spawn(1)
        rng = np.random.default_rng(seed)
        item.samplex.finalize()
        extra = broadcast_sample(item.samplex, item.samplex_arguments, item.shape, rng)
        values = extra.pop("parameter_values")
    else:
        values = item.circuit_arguments
    if values is None or not item.circuit.parameters:
        return extra, None
    quarters = np.round(values / (np.pi / 2), 10) * (np.pi / 2)
    return extra, BindingsArray({tuple(item.circuit.parameters): quarters})


# --- the old sampler --------------------------------------------------------------------------------------


def _pubs(params: dict[str, Any]) -> list[Any]:
    from qiskit_ibm_runtime import RuntimeDecoder

    return json.loads(json.dumps(params), cls=RuntimeDecoder)["pubs"]


def _old_sampler(params: dict[str, Any], backend: Any, engine: str) -> str:
    from qiskit_ibm_runtime import RuntimeEncoder

    pubs = [tuple(pub) for pub in _pubs(params)]
    for pub in pubs:
        _checked(pub[0], backend)
    result = _machine(backend, engine).run([_bound(*pub) for pub in pubs]).result()
    return json.dumps(result, cls=RuntimeEncoder)


def _bound(circuit: Any, values: Any = None, shots: Any = None) -> tuple[Any, Any, Any]:
    return circuit, values if circuit.parameters else None, shots
