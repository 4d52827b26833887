"""Executes the notebooks: copies of them (`make notebooks`), or the notebooks themselves (`--save`).

The outputs that are kept hold no times and no metadata of the machine, so that a second run changes nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).parents[1] / "notebooks"
LIMIT_S = 300


def execute(path: Path, workplace: str) -> nbformat.NotebookNode:
    """The notebook with fresh outputs, executed in an empty folder."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=LIMIT_S,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": workplace}},
    )
    client.execute()
    return notebook


def tidied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without what differs from one machine to the next."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("execution", None)
    return notebook


def main() -> int:
    """Execute all notebooks; return 1 when a cell of one fails."""
    parser = argparse.ArgumentParser(description="Execute the notebooks.")
    parser.add_argument("--save", action="store_true", help="keep the new outputs in the notebooks")
    save = parser.parse_args().save
    failed = False
    for path in sorted(FOLDER.glob("*.ipynb")):
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as workplace:
            try:
                notebook = execute(path, workplace)
            except CellExecutionError as error:
                print(f"{path.name}: a cell failed\n{error}", file=sys.stderr)
                failed = True
                continue
        if save:
            nbformat.write(tidied(notebook), path)
        done = "saved" if save else "executed a copy"
        print(f"{path.name}: {done} in {time.perf_counter() - started:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
