"""The job book: jobs on real hardware, written down before they are sent, fetched days later.

>>> import tempfile
>>> from qnet.execution.jobs import JobBook, fetch, submit
>>> from qnet.protocols import GHZ
>>> book = JobBook.at(tempfile.mkdtemp())
>>> job = submit(GHZ(n=3), "fake_manila", shots=500, seed=7, book=book)
>>> job.state
'submitted'
>>> fetch(job.id, book=book).figures["fidelity"].value > 0.7
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.execution.jobs.book import JobBook, data_folder
    from qnet.execution.jobs.errors import CorruptBook, JobBookError, NewerBook, NotReady, UnknownId
    from qnet.execution.jobs.fetching import cancel, fetch, refresh
    from qnet.execution.jobs.job import Job
    from qnet.execution.jobs.mitigation import mitigated
    from qnet.execution.jobs.reporting import Report, report
    from qnet.execution.jobs.submission import send, submit

__all__ = [
    "submit",
    "fetch",
    "report",
    "Report",
    "refresh",
    "cancel",
    "send",
    "Job",
    "JobBook",
    "data_folder",
    "mitigated",
    "JobBookError",
    "CorruptBook",
    "NewerBook",
    "NotReady",
    "UnknownId",
]

_HOME = {
    "submit": "submission",
    "send": "submission",
    "fetch": "fetching",
    "refresh": "fetching",
    "cancel": "fetching",
    "report": "reporting",
    "Report": "reporting",
    "Job": "job",
    "JobBook": "book",
    "data_folder": "book",
    "mitigated": "mitigation",
    "JobBookError": "errors",
    "CorruptBook": "errors",
    "NewerBook": "errors",
    "NotReady": "errors",
    "UnknownId": "errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qnet.execution.jobs' has no attribute {name!r}")
    return getattr(import_module(f"qnet.execution.jobs.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
