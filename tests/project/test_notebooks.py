"""The notebooks as they are kept: goals, physics, pictures, exercises with solutions, and clean outputs."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOT_KEPT = re.compile(r"/tmp/|/home/|/root/|[A-Z]:\\|\d+%\||it/s|\d\d:\d\d:\d\d|elapsed|Traceback")


def named(path: Path) -> str:
    return path.stem


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def outputs(path: Path) -> list[Any]:
    return [output for cell in cells(path, "code") for output in cell.outputs]


def test_the_notebooks_are_numbered_in_the_order_of_reading() -> None:
    numbers = [path.name.partition("_")[0] for path in NOTEBOOKS]
    assert numbers == [f"{place:02}" for place in range(1, len(NOTEBOOKS) + 1)]
    assert [path.name for path in NOTEBOOKS[:3]] == [
        "01_teleportation.ipynb",
        "02_swapping_and_purification.ipynb",
        "03_hardware.ipynb",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_teaches(path: Path) -> None:
    prose = "\n".join(cell.source for cell in cells(path, "markdown"))
    assert "After this notebook you can" in prose
    assert "$$" in prose
    assert re.search(r"doi\.org|arxiv\.org", prose)
    exercises = prose.count("## Exercise")
    assert exercises >= 1
    assert prose.count("<details>") == prose.count("<summary>Solution</summary>") == exercises
    solutions = [cell for cell in cells(path, "code") if "solution" in cell.metadata.get("tags", [])]
    assert len(solutions) == exercises
    assert all(cell.metadata["jupyter"]["source_hidden"] for cell in solutions)
    assert any("image/png" in output.get("data", {}) for output in outputs(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_the_kept_outputs_are_of_one_run_and_hold_nothing_of_the_machine(path: Path) -> None:
    counts = [cell.execution_count for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))
    for output in outputs(path):
        assert output.output_type != "error"
        assert output.get("name") != "stderr"
        text = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        assert not NOT_KEPT.search(text), text
    whole = nbformat.read(path, as_version=4)
    assert set(whole.metadata) == {"kernelspec", "language_info"}
    assert not any("execution" in cell.metadata for cell in whole.cells)
