"""A fake device as if it were far away: jobs lie in a folder beside the book, and run when asked for."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qnet.errors import UnknownJob, UnknownSampler
from qnet.execution.fitting import Fitted, Fitter
from qnet.execution.jobs._packing import (
    packed_circuits,
    packed_outcomes,
    unpacked_circuits,
    unpacked_outcomes,
)
from qnet.execution.jobs.remote import Remote
from qnet.execution.jobs.snapshot import calibrated_at

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.jobs.book import JobBook
    from qnet.execution.outcomes import Outcomes

__all__ = ["LocalTarget"]


class LocalTarget:
    """A fake device of `qiskit-ibm-runtime` as a `Target`.

    Args:
        backend: The fake device.
        folder: Where its jobs lie.
        seed: Seed of the transpiler, and of the simulation.
        optimization_level: Of the preset pass manager.
    """

    def __init__(self, backend: Any, folder: Path, *, seed: int, optimization_level: int = 2) -> None:
        self._backend, self._folder, self._seed = backend, folder, seed
        self._fitter = Fitter(backend, optimization_level=optimization_level, seed=seed % 2**31)

    @staticmethod
    def opened(name: str, book: JobBook, *, seed: int, options: dict[str, Any]) -> LocalTarget:
        """The target of a fake device's name.

        Raises:
            UnknownSampler: If there is no such fake device.
            ValueError: If there is no such option.
        """
        from qnet.execution.fake_devices import fake_device, fake_device_names

        if name not in fake_device_names():
            from qnet.execution.samplers import sampler

            sampler(name)
            raise UnknownSampler(f"there is no fake device {name!r}")
        for option in options:
            if option != "optimization_level":
                raise ValueError(
                    f"{name!r} has no option {option!r} in a submission; it has optimization_level"
                )
        return LocalTarget(fake_device(name), book.path.parent / "local", seed=seed, **options)

    @property
    def backend(self) -> Any:
        """The fake device."""
        return self._backend

    def fit(self, circuit: QuantumCircuit) -> Fitted:
        """The circuit in the device's instructions."""
        return self._fitter.fit(circuit)

    def send(self, circuits: Sequence[QuantumCircuit], shots: Sequence[int], *, tag: str) -> str:
        """Put the job into the folder."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"local-{uuid.uuid4().hex[:12]}"
        _write(self._folder / f"{name}.qpy", packed_circuits(circuits))
        created = datetime.now(UTC).isoformat()
        row = {"tags": [tag], "status": "queued", "created": created, "shots": [int(n) for n in shots]}
        self._note(name, row | {"seed": self._seed})
        return name

    def find(self, tag: str) -> list[Remote]:
        """The jobs in the folder with this tag."""
        found = [self.look(path.stem) for path in sorted(self._folder.glob("local-*.json"))]
        return [remote for remote in found if tag in remote.tags]

    def look(self, remote: str) -> Remote:
        """A job in the folder; one that is queued counts as done, as it runs when it is asked for."""
        row = self._row(remote)
        status = "done" if row["status"] == "queued" else row["status"]
        return Remote(id=remote, tags=tuple(row["tags"]), status=status, created=row["created"])

    def outcomes(self, remote: str, circuits: Sequence[QuantumCircuit]) -> list[Outcomes]:
        """Run the job now, once."""
        from qnet.execution.devices import DeviceSampler
        from qnet.execution.running import execute

        kept = self._folder / f"{remote}.npz"
        if kept.exists():
            return unpacked_outcomes(kept.read_bytes())
        row = self._row(remote)
        machine = DeviceSampler(self._backend, optimization_level=0, seed=row["seed"])
        sent = unpacked_circuits((self._folder / f"{remote}.qpy").read_bytes())
        made = execute(sent, machine, shots=row["shots"])
        _write(kept, packed_outcomes(made))
        return list(made)

    def cancel(self, remote: str) -> None:
        """Note that the job is not to be run."""
        self._note(remote, self._row(remote) | {"status": "cancelled"})

    def calibrated(self) -> str | None:
        """When the calibration of the fake device was taken."""
        return calibrated_at(self._backend)

    def _row(self, remote: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._folder / f"{remote}.json").read_text())
        except FileNotFoundError:
            raise UnknownJob(f"there is no job {remote!r} in {self._folder}") from None
        return found

    def _note(self, remote: str, row: dict[str, Any]) -> None:
        _write(self._folder / f"{remote}.json", json.dumps(row).encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.write_bytes(content)
    draft.replace(path)
