"""An account at the stand-in of IBM's service, and a job book of its own, for a test."""

from __future__ import annotations

import pytest
from support.ibm_stand_in import StandIn

from qnet.execution.jobs import JobBook


@pytest.fixture
def ibm(monkeypatch, tmp_path):
    """The stand-in, found by this process and its children through the environment."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with StandIn(("fake_torino", "fake_manila"), engine="stim") as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        yield service


@pytest.fixture
def book(monkeypatch, tmp_path):
    """The user's job book, in an empty folder."""
    monkeypatch.setenv("QNET_DATA", str(tmp_path / "data"))
    return JobBook.at()
