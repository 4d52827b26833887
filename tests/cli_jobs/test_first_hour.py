"""The first hour on hardware as the README tells it, one command after the other."""

import re
import shlex
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_commands_of_the_readme_run_in_their_order(qnet, book, tmp_path):
    section = README.read_text(encoding="utf-8").partition("## First hour on IBM hardware")[2]
    block = re.search(r"^```bash\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL).group(1)
    commands = [line.partition("  #")[0].strip() for line in block.splitlines()]
    assert [shlex.split(command)[1] for command in commands] == [
        "hardware",
        "submit",
        "submit",
        *["jobs"] * 3,
    ]
    for command in commands:
        called = qnet(*shlex.split(command)[1:])
        assert (called.code, called.err) == (0, ""), command
    assert {path.name for path in tmp_path.glob("*.png")} == {"fidelity.png", "report.png"}
    assert [job.state for job in book.jobs()] == ["fetched"]
