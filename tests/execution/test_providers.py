"""Backends of providers that nobody has heard of, by object and on the command line."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.providers import Options
from support.command_line import qnet  # noqa: F401
from support.third_party import LineBackend

from qnet.errors import UnknownSampler
from qnet.execution import execute, run, sampler
from qnet.protocols import protocol
from qnet.studies.file import BadStudy, read_study

NAME = "backend:support.third_party:line_of_seven"


@pytest.mark.parametrize("counts_only", [False, True])
def test_by_object(counts_only: bool) -> None:
    machine = sampler(LineBackend(counts_only=counts_only), seed=1)
    result = run(protocol("entanglement_swapping")(stations=2), machine, shots=200)
    assert result.figures["fidelity"].value == pytest.approx(1.0)
    assert result.sampler == "line_of_seven"
    assert all(len(set(each)) == 6 for each in result.qubits)


def test_on_the_command_line(qnet: Any) -> None:  # noqa: F811
    called = qnet("run", "teleportation", "--sampler", NAME, "--shots", "50", "--seed", "1", "--json")
    assert called.code == 0
    assert called.json["figures"]["fidelity"]["value"] == pytest.approx(1.0)
    assert called.json["sampler"] == "line_of_seven"
    assert len(called.json["qubits"][0]) == 3
    shown = qnet("run", "teleportation", "--sampler", NAME, "--shots", "50")
    assert "on qubits " in shown.out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("backend:support.third_party", "names no function; give backend:package.module:function"),
        ("backend:a b:c", "names no function"),
        ("backend:nobodys.lab:machine", "gave no backend: ModuleNotFoundError"),
        ("backend:support.third_party:nothing", "gave no backend: AttributeError"),
        ("backend:support.third_party:no_backend", "gave a int and no BackendV2"),
    ],
)
def test_what_is_wrong_is_one_line(qnet: Any, name: str, words: str) -> None:  # noqa: F811
    called = qnet("run", "ghz", "--sampler", name)
    assert called.code == 2
    assert words in called.err
    assert called.err.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        f'codes = "steane"\nnoises = {{uniform = [0.001]}}\nsampler = "{NAME}"',
        f'codes = "steane"\nnoises = ["{NAME}"]',
        f'codes = "steane"\nnoises = {{uniform = ["{NAME}"]}}',
    ],
)
def test_a_study_file_never_names_code(tmp_path: Any, text: str) -> None:
    path = tmp_path / "study.toml"
    path.write_text(text)
    with pytest.raises(
        BadStudy, match="would run code that a file names; give it on the command line"
    ) as told:
        read_study(path)
    assert "\n" not in str(told.value)


def test_the_library_takes_the_object_itself() -> None:
    with pytest.raises(UnknownSampler, match="is for the command line; in Python give the BackendV2 object"):
        sampler(NAME)


class Bits(LineBackend):
    """A provider that knows no memory and writes outcomes as bits, with spaces between registers."""

    @classmethod
    def _default_options(cls) -> Options:
        return Options(shots=100)

    def __init__(self, most: int | None = None) -> None:
        super().__init__()
        self.most, self.requests = most, []

    @property
    def max_circuits(self) -> int | None:
        return self.most

    def run(self, run_input: Any, **options: Any) -> Any:
        if set(options) != {"shots"}:
            raise TypeError(f"unknown options {options}")
        asked = run_input if isinstance(run_input, list) else [run_input]
        self.requests.append((len(asked), options["shots"]))
        made = super().run(run_input, **options).result()
        counted = made.get_counts()
        for one, counts in zip(made.results, counted if len(asked) > 1 else [counted], strict=True):
            one.data.counts = dict(counts)
        return SimpleNamespace(result=lambda: made)


@pytest.mark.parametrize(
    ("most", "requests"),
    [(None, [(3, 40), (2, 9)]), (2, [(2, 40), (1, 40), (2, 9)]), (1, [(1, 40)] * 3 + [(1, 9)] * 2)],
)
def test_circuits_of_equal_shots_go_in_as_few_requests_as_the_provider_takes(
    most: int | None, requests: list[tuple[int, int]]
) -> None:
    circuits = []
    for k in range(5):
        circuit = QuantumCircuit(3, 3)
        for qubit in (q for q in range(3) if k >> q & 1):
            circuit.x(qubit)
        circuit.measure(range(3), range(3))
        circuits.append(circuit)
    backend = Bits(most)
    found = execute(circuits, sampler(backend, seed=1), shots=[40, 9, 40, 40, 9])
    assert backend.requests == requests
    for k, outcomes in enumerate(found):
        assert outcomes.bits.tolist() == [[k & 1, k >> 1 & 1, k >> 2 & 1]] * (40, 9, 40, 40, 9)[k]


def test_outcomes_written_as_bits() -> None:
    a, b = ClassicalRegister(2, "a"), ClassicalRegister(1, "b")
    circuit = QuantumCircuit(QuantumRegister(3), a, b)
    circuit.x(0)
    circuit.measure([0, 1, 2], [a[1], a[0], b[0]])
    (outcomes,) = execute([circuit], sampler(Bits(), seed=1), shots=7)
    assert outcomes.bits.tolist() == [[0, 1, 0]] * 7
