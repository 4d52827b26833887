"""A client that is killed at every step of a submission, and what is found of it afterwards.

A program of its own, since it forks: `python killed_clients.py FOLDER` prints one JSON object a line, for a
client that was killed (SIGKILL) before its k-th step, k = 1, 2 … until one comes through. Steps are every
statement of SQLite, the beginning of the request, and its end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from qnet.execution.jobs import JobBook, refresh, send, settling, submission, submit
from qnet.execution.jobs import book as book_module
from qnet.execution.jobs._local_target import LocalTarget
from qnet.protocols import GHZ


class Steps:
    """Kills this process before its step of that number."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.taken = fatal, 0

    def step(self, *_: object) -> None:
        self.taken += 1
        if self.taken == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def client(book: JobBook, target: LocalTarget, steps: Steps) -> None:
    """Submit, counting steps."""
    plainly = book_module.opened

    def opened(path):
        connection = plainly(path)
        connection.set_trace_callback(steps.step)
        return connection

    book_module.opened = opened
    sending = target.send

    def watched(*args, **kwargs):
        steps.step()
        answer = sending(*args, **kwargs)
        steps.step()
        return answer

    target.send = watched
    submit(GHZ(n=2), "fake_manila", shots=10, seed=1, book=book, target=target)


def recovered(book: JobBook, target: LocalTarget) -> dict[str, object]:
    """Another process, later: it looks, and sends again what may be sent again."""
    jobs = book.jobs()
    if not jobs:
        return {"rows": 0, "after_kill": None, "at_service": count(target), "early": 0}
    (job,) = jobs
    after_kill = job.state
    early = 0
    if job.state in ("sending", "unknown"):
        job = refresh(job.id, book=book, target=target)
        early = sum(job.state == state for state in ("absent", "prepared"))
        begin = (job.sent_at or 0) + settling.REQUEST_S + 1
        for k in range(6):
            if job.state in ("sending", "unknown"):
                job = settling.looked_up(job, book=book, target=target, now=begin + 60.0 * k)
    if job.state in ("prepared", "absent"):
        job = send(job, book=book, target=target)
    return {
        "rows": 1,
        "after_kill": after_kill,
        "at_service": count(target),
        "early": early,
        "state": job.state,
    }


def count(target: LocalTarget) -> int:
    return len(list(target._folder.glob("local-*.json")))


def main(folder: Path) -> None:
    first = LocalTarget.opened("fake_manila", JobBook.at(folder / "0"), seed=1, options={})
    prepared = submission.prepare(GHZ(n=2), first, shots=10, seed=1)
    submission.prepare = lambda *_, **__: prepared
    for k in range(1, 500):
        book = JobBook.at(folder / str(k))
        book.count()  # the file is there: making it has a test of its own
        target = LocalTarget(first.backend, book.path.parent / "local", seed=1)
        child = os.fork()
        if child == 0:
            client(book, target, Steps(k))
            os._exit(0)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        print(json.dumps({"step": k, "killed": killed, **recovered(book, target)}), flush=True)
        if not killed:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
