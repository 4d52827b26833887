"""An account at the stand-in of IBM's service, and a job book of its own, for a test."""

from __future__ import annotations

import pytest
from support.ibm_stand_in import StandIn

from qnet.execution import _ibm_connection
from qnet.execution.jobs import JobBook


def _served(devices, monkeypatch, folder):
    """The stand-in, found by this process and its children through the environment, without long pauses."""
    monkeypatch.setenv("HOME", str(folder))
    given = _ibm_connection.Patience.__init__.__kwdefaults__
    monkeypatch.setattr(_ibm_connection.Patience.__init__, "__kwdefaults__", {**given, "pause_s": 0.02})
    with StandIn(devices, engine="stim") as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        yield service


@pytest.fixture
def ibm(monkeypatch, tmp_path):
    """The service, with a machine of five qubits."""
    yield from _served(("fake_manila",), monkeypatch, tmp_path)


@pytest.fixture
def large_ibm(monkeypatch, tmp_path):
    """The service, with a machine of 133 qubits."""
    yield from _served(("fake_torino",), monkeypatch, tmp_path)


@pytest.fixture
def book(monkeypatch, tmp_path):
    """The user's job book, in an empty folder."""
    monkeypatch.setenv("QNET_DATA", str(tmp_path / "data"))
    return JobBook.at()
