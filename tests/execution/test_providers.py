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

    def run(self, run_input: Any, **options: Any) -> Any:
        if set(options) != {"shots"}:
            raise TypeError(f"unknown options {options}")
        job = super().run(run_input, **options)
        made = job.result()
        made.results[0].data.counts = dict(made.get_counts())
        return SimpleNamespace(result=lambda: made)


def test_outcomes_written_as_bits() -> None:
    a, b = ClassicalRegister(2, "a"), ClassicalRegister(1, "b")
    circuit = QuantumCircuit(QuantumRegister(3), a, b)
    circuit.x(0)
    circuit.measure([0, 1, 2], [a[1], a[0], b[0]])
    (outcomes,) = execute([circuit], sampler(Bits(), seed=1), shots=7)
    assert outcomes.bits.tolist() == [[0, 1, 0]] * 7
