"""One way to call the command line in a test."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from qnet.cli import main


@dataclass(frozen=True, kw_only=True)
class Called:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        assert self.out.isascii()
        assert self.out.count("\n") == 1
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.fixture
def qnet(capsys, monkeypatch, tmp_path):
    """Call the command line in an empty folder, 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> Called:
        capsys.readouterr()
        code = main(arguments)
        out, err = capsys.readouterr()
        return Called(code=code, out=out, err=err)

    return call
