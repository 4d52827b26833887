"""The job book: one file, several processes, and what is done when it cannot be read."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.book_rows import add

from qnet.execution.jobs import CorruptBook, JobBook, JobBookError, NewerBook, UnknownId, _schema

ADD = """
import sys
from qnet.execution.jobs import JobBook
from support.book_rows import add
book = JobBook.at(sys.argv[1])
for _ in range(25):
    add(book, backend=sys.argv[2])
"""


def test_a_job_comes_back_as_it_was_written(book):
    made = add(book, details={"parameters": {"n": 3}, "each": [5, 0]})
    assert book.job(made.id) == made
    assert book.jobs() == [made]
    assert book.circuits(made) == (b"written", b"sent")
    assert book.snapshot(made) == b"calibration"
    assert made.parameters == {"n": 3}


def test_ids_and_tags_differ_and_a_beginning_of_an_id_is_enough(book):
    made = [add(book) for _ in range(20)]
    assert len({job.id for job in made}) == len({job.tag for job in made}) == 20
    assert book.job(made[3].id[:-1]) == made[3]
    with pytest.raises(UnknownId, match="several jobs begin with 'q'"):
        book.job("q")
    with pytest.raises(UnknownId, match="there is no job 'nought'"):
        book.job("nought")
    with pytest.raises(UnknownId, match=r"there is no job ''|several jobs"):
        book.job("")


def test_jobs_are_listed_newest_first_by_state(book):
    made = [add(book) for _ in range(5)]
    assert book.change(made[2], only_from=("prepared",), state="failed", reason="broken")
    assert [job.id for job in book.jobs()] == [job.id for job in reversed(made)]
    assert [job.id for job in book.jobs(limit=2)] == [made[4].id, made[3].id]
    (failed,) = book.jobs(states=("failed", "done"))
    assert (failed.id, failed.reason) == (made[2].id, "broken")


def test_a_row_is_changed_only_from_the_state_that_was_seen(book):
    job = add(book)
    assert book.change(job, only_from=("prepared",), state="sending")
    assert not book.change(job, only_from=("prepared",), state="sending")
    assert book.change(job, only_from=("sending",), state="submitted", remote="d1")
    assert not book.change(job, only_from=("submitted",), state="done")  # its id there is another now
    assert book.job(job.id).state == "submitted"


def test_what_is_forgotten_is_gone_with_all_that_belongs_to_it(book):
    kept, gone = add(book), add(book, snapshot=("other", b"x"))
    book.keep_outcomes(gone, b"outcomes")
    book.forget(gone.id)
    assert book.jobs() == [kept]
    with sqlite3.connect(book.path) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("circuits", "outcomes", "snapshots")
        ]
    connection.close()
    assert counts == [1, 0, 1]


def test_two_processes_write_one_book_at_once(book, tmp_path):
    script = tmp_path / "adding.py"
    script.write_text(ADD)
    folder = str(book.path.parent)
    environment = {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    running = [
        subprocess.Popen([sys.executable, script, folder, name], env={**os.environ, **environment})
        for name in ("first", "second")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert book.count() == 50
    assert {job.backend for job in book.jobs()} == {"first", "second"}


def test_the_file_is_for_its_owner_alone_and_has_a_write_ahead_log(book):
    add(book)
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    with sqlite3.connect(book.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(_schema.MIGRATIONS),)
    connection.close()


@pytest.mark.parametrize("where", [0, 4096 + 100])
def test_a_damaged_book_is_kept_aside_and_a_new_one_begun(book, where):
    jobs = [add(book) for _ in range(30)]
    content = bytearray(book.path.read_bytes())
    content[where : where + 4096] = b"\x5a" * 4096
    book.path.write_bytes(content)
    with pytest.raises(CorruptBook, match=r"is damaged .* kept as jobs\.sqlite\.damaged-") as caught:
        book.jobs()
    assert "\n" not in str(caught.value)
    (aside,) = book.path.parent.glob("jobs.sqlite.damaged-*")
    assert aside.read_bytes() == bytes(content)
    assert book.jobs() == []
    assert add(book).id not in {job.id for job in jobs}


def test_a_newer_book_is_left_as_it_is(book):
    add(book)
    with sqlite3.connect(book.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = book.path.read_bytes()
    with pytest.raises(NewerBook, match=r"newer qnet \(version 99, this one knows 1\)") as caught:
        book.jobs()
    assert "\n" not in str(caught.value)
    assert book.path.read_bytes() == before
    assert [file.name for file in book.path.parent.iterdir() if "damaged" in file.name] == []


def test_an_older_book_is_brought_up_to_date_with_all_that_is_in_it(book, monkeypatch):
    job = add(book)
    later = (*_schema.MIGRATIONS, ("CREATE TABLE more (id TEXT)", "INSERT INTO more SELECT id FROM jobs"))
    monkeypatch.setattr(_schema, "MIGRATIONS", later)
    assert book.jobs() == [job]
    with sqlite3.connect(book.path) as connection:
        assert connection.execute("SELECT id FROM more").fetchall() == [(job.id,)]
    connection.close()


def test_a_migration_that_fails_leaves_the_book_as_it_was(book, monkeypatch):
    job, before = add(book), _schema.MIGRATIONS
    monkeypatch.setattr(_schema, "MIGRATIONS", (*before, ("CREATE TABLE more (id TEXT)", "NONSENSE")))
    with pytest.raises(JobBookError, match=r"cannot be used: .*NONSENSE"):
        book.jobs()
    monkeypatch.setattr(_schema, "MIGRATIONS", before)
    assert book.jobs() == [job]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JobBookError, match=r"folder .* cannot be made"):
        JobBook.at(tmp_path / "file" / "below").jobs()


def test_a_new_book_is_not_put_aside_for_the_damage_of_the_one_before(book):
    """As when two processes find the damage at once, and the other has begun a new book already."""
    job = add(book)
    said = "cannot be used: database disk image is malformed"
    with pytest.raises(JobBookError, match=said), _schema.guarded(book.path):
        raise _malformed()
    assert book.jobs() == [job]
    assert [path.name for path in book.path.parent.glob("*damaged*")] == []


def _malformed():
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def test_a_table_has_the_columns_that_are_asked_for_newest_first(book):
    rows = [add(book, shots=n, experiment=name) for n, name in ((5, "ghz"), (6, "chsh"), (7, "ghz"))]
    book.change(rows[1], only_from=("prepared",), state="failed")
    assert book.table(("id", "shots")) == [(job.id, job.shots) for job in reversed(rows)]
    assert book.table(("experiment", "state"), states=("failed",)) == [("chsh", "failed")]
    assert book.table(("shots",), limit=2) == [(7,), (6,)]
