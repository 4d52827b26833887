"""IBM's service as these tests reach it: the stand-in on the loopback interface."""

import pytest
from support.ibm_stand_in import StandIn


@pytest.fixture
def ibm(monkeypatch, tmp_path):
    """The stand-in, with its account in the environment and no account saved."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with StandIn(("fake_torino", "fake_miami", "fake_manila")) as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        yield service
