"""A planted token appears nowhere: not in the book, in logs, errors, representations or tracebacks."""

import logging
import traceback

import pytest

from qnet.errors import QnetError
from qnet.execution.jobs import fetch, refresh, submit
from qnet.protocols import GHZ


def test_no_token_in_any_place_that_is_written_or_told(ibm, book, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    told = []

    def attempt(action, *arguments, **named):
        try:
            told.append(repr(action(*arguments, **named)))
        except (QnetError, ValueError) as error:
            told.append("".join(traceback.format_exception(error)))
            told.append(repr(error) + str(error))

    (key,) = ibm.tokens
    for status in (401, 403, 500):
        ibm.answer("POST /jobs", status, message=f"the token {key} is bad, Bearer {key}")
        attempt(submit, GHZ(n=2), "ibm_manila", shots=20, seed=1)
    ibm.lose_answer("POST /jobs")
    attempt(submit, GHZ(n=2), "ibm_manila", shots=20, seed=1)
    ibm.wait()
    job = book.jobs()[0]
    for route, status in (("GET /jobs/*", 403), ("GET /jobs/*/results", 404)):
        ibm.answer(route, status, message=f"Authorization: apikey {key}")
        attempt(fetch, job.id)
    ibm.fail_next(f"it failed with {key}")
    attempt(submit, GHZ(n=2), "ibm_manila", shots=20, seed=1)
    ibm.wait()
    attempt(refresh, book.jobs()[0].id)
    attempt(fetch, job.id)
    told += [repr(one) for one in book.jobs()]
    told += [record.getMessage() for record in caplog.records if record.name.startswith("qnet")]
    told += list(capfd.readouterr())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert book.path in files
    content = b"".join(path.read_bytes() for path in files) + "\n".join(told).encode()
    assert len(ibm.tokens) > 1
    for token in ibm.tokens:
        assert token.encode() not in content


def test_the_write_ahead_log_holds_no_token_either(ibm, book):
    """With another connection open the log is not emptied, and is searched as it is."""
    import sqlite3

    submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    reader = sqlite3.connect(book.path)
    reader.execute("SELECT count(*) FROM jobs").fetchone()
    ibm.answer("POST /jobs", 403, message=f"no: {ibm.tokens[0]}")
    with pytest.raises(QnetError, match="403"):
        submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    log = book.path.with_name("jobs.sqlite-wal")
    content = log.read_bytes() + book.path.read_bytes()
    reader.close()
    assert b"qnet-" in content
    assert all(token.encode() not in content for token in ibm.tokens)
