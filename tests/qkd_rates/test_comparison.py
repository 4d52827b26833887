"""Results and pictures of key rates, and the table of what ends in a finite key."""

from dataclasses import replace

import numpy as np
import pytest

import qnet.qkd
import qnet.qkd.rates
from qnet.bounds import plob, repeater_capacity
from qnet.devices import Detector
from qnet.plotting import plot_key_rates
from qnet.qkd import (
    RATES,
    Block,
    FiniteKeyError,
    NoFiniteKeyProof,
    QkdLink,
    compare,
    key_rates,
    rate_protocol,
    rate_table,
)
from qnet.qkd._shortest_block import shortest_block

DETECTOR = Detector(efficiency=0.9, dark_count_probability=1e-8, misalignment=0.001)


@pytest.mark.parametrize("package", [qnet.qkd, qnet.qkd.rates], ids=lambda one: one.__name__)
def test_every_exported_name_resolves(package):
    assert len(set(package.__all__)) == len(package.__all__)
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def test_every_protocol_is_exported_and_registered():
    exported = {getattr(qnet.qkd.rates, name) for name in qnet.qkd.rates.__all__}
    assert exported == set(RATES.values())
    issue = [
        "bb84",
        "six-state",
        "bb84-decoy",
        "bb84-one-decoy",
        "bbm92",
        "mdi",
        "twin-field",
        "di",
        "b92",
        "sarg04",
    ]
    assert [name for name in RATES if name in issue] == issue


@pytest.mark.parametrize("row", rate_table(), ids=lambda row: row["name"])
def test_the_table_tells_what_ends_in_a_finite_key(row):
    protocol = rate_protocol(row["name"])()
    link = QkdLink(length_km=3.0, detector=DETECTOR)
    if not row["finite"]:
        with pytest.raises(NoFiniteKeyProof, match=f"{row['name']} has no finite-key proof here"):
            key_rates(protocol, link, Block(bits=1e8))
        return
    finite = key_rates(protocol, link, Block(bits=1e8))
    endless = key_rates(protocol, link)
    assert 0 < finite.figures["rate"].value <= endless.figures["rate"].value
    assert endless.figures["rate"].value <= float(plob(link.channel_transmittance))
    assert finite.parameters["block"]["proof"] == row["proof"]
    assert finite.parameters["block"]["bound"] == row["bound"]


def test_bounds_are_the_capacities():
    lengths = np.array([50.0, 150.0])
    made = compare(
        [rate_protocol("twin-field")()], QkdLink(length_km=lengths, detector=DETECTOR), repeaters=[0, 1]
    )
    eta = 10 ** (-lengths / 50)
    rates = {
        name: [r["rate"] for r in made.rows if r["curve"] == name] for name in {r["curve"] for r in made.rows}
    }
    assert rates["PLOB bound"] == pytest.approx(-np.log2(1 - eta))
    assert rates["bound with 1 repeater"] == pytest.approx(repeater_capacity(eta, 1))
    alone = key_rates(rate_protocol("twin-field")(), QkdLink(length_km=50.0, detector=DETECTOR))
    assert alone.figures["rate"].bound == pytest.approx(rates["bound with 1 repeater"][0])
    with pytest.raises(ValueError, match="link has one length only; give an array of lengths"):
        compare([rate_protocol("bb84")()], QkdLink(length_km=1.0, detector=DETECTOR))


def test_the_shortest_block_works_and_a_shorter_one_does_not():
    link = QkdLink(length_km=50.0, detector=DETECTOR)
    protocol = rate_protocol("bb84")()
    found = shortest_block(protocol, link, Block(pulses=100))
    assert key_rates(protocol, link, found).figures["length"].value >= 1
    with pytest.raises(FiniteKeyError, match=rf"the shortest that does has {found.pulses:.0f} pulses$"):
        key_rates(protocol, link, Block(pulses=found.pulses - 1))
    noisy = QkdLink(length_km=50.0, detector=Detector(efficiency=0.5, misalignment=0.2))
    assert shortest_block(protocol, noisy, Block(bits=1e17)) is None
    with pytest.raises(FiniteKeyError, match="nor does any longer one; lower the loss or the errors"):
        key_rates(protocol, noisy, Block(bits=1e17))


def test_a_curve_falls_to_the_edge_where_its_key_ends():
    link = QkdLink(length_km=np.arange(0.0, 500.0, 50.0), detector=DETECTOR)
    made = compare([rate_protocol("sarg04")()], link)
    axes = plot_key_rates(made)
    bound, curve = axes.get_lines()
    assert (bound.get_label(), curve.get_label()) == ("PLOB bound", "sarg04")
    assert bound.get_linestyle() != curve.get_linestyle()
    x, y = curve.get_data()
    reach = made.figures["reach_km of sarg04"].value
    assert list(x)[-2:] == [reach, reach + 50]
    assert y[-1] < axes.get_ylim()[0] < y[-2]
    assert axes.get_yscale() == "log"


def test_a_protocol_without_a_key_is_named_so_and_nothing_cannot_be_drawn():
    link = QkdLink(transmittance=[0.1, 0.01], detector=DETECTOR)
    made = compare([rate_protocol("di")()], link, repeaters=[])
    axes = plot_key_rates(made)
    assert [line.get_label() for line in axes.get_lines()] == ["di: no key"]
    assert axes.get_xlabel() == "loss of the channel (dB)"
    with pytest.raises(ValueError, match="has no rows with rates; draw a curve of them"):
        plot_key_rates(replace(made, rows=[]))
