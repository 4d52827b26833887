"""A run that goes on where another one ended, however that one ended."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sinter
from support.collecting import Pausing, repetition, task, totals

from decoders import collect

OPTIONS: dict[str, Any] = {"decoders": "pymatching", "seed": 6}
SCRIPT = """
import signal
import sys
from support.collecting import Pausing, task
from decoders import collect, process_pool

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background
    folder, workers = sys.argv[1], int(sys.argv[2])
    decoder = Pausing(seconds=0.03, folder=folder + "/workers")
    with process_pool(workers) as pool:
        collect([task()], decoders={"pausing": decoder}, executor=pool if workers > 1 else None,
                max_shots=20_000_000, seed=9, save_resume=folder + "/shots.csv")
"""


def some_tasks() -> list[sinter.Task]:
    return [task(repetition(p), json_metadata={"p": p}) for p in (0.05, 0.1)]


@pytest.mark.parametrize(
    "steps", [[100, 3_000, 3_500, 7_000], [1024, 3072, 3073, 7_000], [7_000, 7_000], [0, 7_000]]
)
def test_limits_that_grow_draw_no_shot_twice(steps: list[int], tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    for shots in steps:
        stats = collect(some_tasks(), max_shots=shots, save_resume=file, **OPTIONS)
        assert [s.shots for s in stats] == [shots, shots]
    at_once = collect(some_tasks(), max_shots=steps[-1], **OPTIONS)
    assert totals(stats) == totals(at_once)
    assert totals(sinter.read_stats_from_csv_files(file)) == totals(at_once)


def test_the_chunks_in_the_file_say_where_to_go_on(tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    (first,) = collect([task()], max_shots=3072, save_resume=file, **OPTIONS)
    (both,) = collect([task()], max_errors=first.errors + 1, save_resume=file, **OPTIONS)
    assert (first.custom_counts["chunks"], both.custom_counts["chunks"]) == (2, 3)
    (unseeded,) = collect([task()], max_shots=9000, save_resume=file, decoders="pymatching")
    assert (unseeded.shots, unseeded.custom_counts["chunks"]) == (9000, 4)


def test_shots_of_sinter_count_and_ours_are_for_sinter(tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    tasks = [task(decoder="vacuous")]
    theirs = sinter.collect(num_workers=1, tasks=tasks, max_shots=1000, save_resume_filepath=file)
    (ours,) = collect(tasks, max_shots=1500, save_resume=file, seed=1)
    assert ours.strong_id == theirs[0].strong_id
    assert (ours.shots, ours.custom_counts["chunks"]) == (1500, 1)
    assert ours.errors >= theirs[0].errors
    again = sinter.collect(num_workers=1, tasks=tasks, max_shots=1500, save_resume_filepath=file)
    assert totals(again) == totals([ours])


def test_other_tasks_in_the_file_stay(tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    collect(some_tasks(), max_shots=500, save_resume=file, **OPTIONS)
    collect(some_tasks()[:1], max_shots=900, save_resume=file, **OPTIONS)
    assert [s.shots for s in sinter.read_stats_from_csv_files(file)] == [900, 500]


@pytest.mark.parametrize("cut", [1, 40, 150])
def test_half_a_line_is_dropped(cut: int, tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    collect([task()], max_shots=700, save_resume=file, **OPTIONS)
    collect([task()], max_shots=5_000, save_resume=file, **OPTIONS)
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.warns(UserWarning, match=r"shots.csv' ended in half a line, which was dropped: b'"):
        stats = collect([task()], max_shots=5_000, save_resume=file, **OPTIONS)
    assert totals(stats) == totals(collect([task()], max_shots=5_000, **OPTIONS))
    assert totals(sinter.read_stats_from_csv_files(file)) == totals(stats)


@pytest.mark.parametrize("content", ["", sinter.CSV_HEADER[:20]])
@pytest.mark.filterwarnings("ignore:.*half a line")
def test_a_file_without_a_header_gets_one(content: str, tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    file.write_text(content)
    stats = collect([task()], max_shots=700, save_resume=file, **OPTIONS)
    assert file.read_text().startswith(sinter.CSV_HEADER + "\n")
    assert totals(sinter.read_stats_from_csv_files(file)) == totals(stats)


@pytest.mark.parametrize("metadata", [{"d": 3}, None])
def test_a_file_of_another_circuit_is_refused(metadata: object, tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    collect([task(repetition(0.1), json_metadata=metadata)], max_shots=300, save_resume=file, **OPTIONS)
    before = file.read_bytes()
    expected = (
        r"^save_resume='.*shots.csv' holds shots of another circuit, error model or mask under decoder "
        r"'pymatching' and metadata .*; name another file, or tell the two apart by json_metadata$"
    )
    with pytest.raises(ValueError, match=expected):
        collect([task(repetition(0.2), json_metadata=metadata)], max_shots=300, save_resume=file, **OPTIONS)
    assert file.read_bytes() == before
    other = task(repetition(0.2), json_metadata={"p": 0.2})
    assert collect([other], max_shots=300, save_resume=file, **OPTIONS)[0].shots == 300


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("a,b\n1,2\n", r"Bad CSV data\. Got columns \['a', 'b'\]"),
        (sinter.CSV_HEADER + "\n1,x,0,0.1,pymatching,00,null,\n", r"invalid literal for int"),
        (sinter.CSV_HEADER + '\n1,0,0,0.1,pymatching,00,null,"{""chunks"":\n', r""),
        ("\x00\x00\n", r""),
    ],
)
def test_a_file_that_is_no_csv_is_refused(content: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    file.write_text(content)
    with pytest.raises(
        ValueError, match=rf"^save_resume='.*' is no CSV of sinter's \({reason}.*name another"
    ):
        collect([task()], max_shots=300, save_resume=file, **OPTIONS)
    assert file.read_text() == content


def test_one_collection_uses_a_file_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"

    def again(progress: object) -> None:
        collect([task()], max_shots=300, save_resume=file, **OPTIONS)

    with pytest.raises(ValueError, match=r"is in use by another collection; wait for it, or name another"):
        collect([task()], max_shots=300, save_resume=file, progress=again, **OPTIONS)


def wait_for(condition: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_was_killed_goes_on(workers: int, tmp_path: Path) -> None:
    (tmp_path / "workers").mkdir()
    (tmp_path / "script.py").write_text(SCRIPT)
    file = tmp_path / "shots.csv"
    run = subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py"), str(tmp_path), str(workers)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    wait_for(lambda: file.exists() and file.read_bytes().count(b"\n") > 2)
    run.send_signal(signal.SIGKILL)
    run.wait()
    (saved,) = sinter.read_stats_from_csv_files(io.StringIO(file.read_text()))
    chunks = saved.custom_counts["chunks"]
    options: dict[str, Any] = {"decoders": {"pausing": Pausing(seconds=0)}, "seed": 9}
    stats = collect([task()], max_shots=saved.shots + 100_000, save_resume=file, **options)
    assert chunks > 3
    assert totals(stats) == totals(collect([task()], max_shots=saved.shots + 100_000, **options))
    drew = [int(path.name) for path in (tmp_path / "workers").iterdir()]
    assert len(drew) == workers
    wait_for(lambda: not any(alive(pid) for pid in drew))


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_what_was_drawn(workers: int, tmp_path: Path) -> None:
    (tmp_path / "workers").mkdir()
    (tmp_path / "script.py").write_text(SCRIPT)
    file = tmp_path / "shots.csv"
    run = subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py"), str(tmp_path), str(workers)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: file.exists() and file.read_bytes().count(b"\n") > 1)
    before = sinter.read_stats_from_csv_files(file)[0]
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == -signal.SIGINT
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert "Process" not in errors
    (saved,) = sinter.read_stats_from_csv_files(file)
    assert saved.shots >= before.shots
    options: dict[str, Any] = {"decoders": {"pausing": Pausing(seconds=0)}, "seed": 9}
    assert totals([saved]) == totals(collect([task()], max_shots=saved.shots, **options))
