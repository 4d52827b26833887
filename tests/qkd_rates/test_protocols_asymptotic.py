"""Twin-field, device-independent, B92 and SARG04 over links: orders between rates, known ends, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qnet.bounds import plob, repeater_capacity
from qnet.devices import Detector
from qnet.qkd.errors import NoFiniteKeyProof
from qnet.qkd.link import QkdLink
from qnet.qkd.rates.b92 import B92
from qnet.qkd.rates.device_independent import DeviceIndependent
from qnet.qkd.rates.sarg04 import SARG04
from qnet.qkd.rates.shape import Block
from qnet.qkd.rates.twin_field import TwinField

ALL = [
    TwinField(),
    DeviceIndependent(),
    DeviceIndependent(heralded=True),
    B92(),
    B92(source="single"),
    SARG04(),
    SARG04(source="single"),
]
IDEAL = Detector(efficiency=1.0)

detectors = st.builds(
    Detector,
    efficiency=st.floats(0.02, 1.0),
    dark_count_probability=st.sampled_from([0.0, 1e-9, 1e-6, 1e-4]),
    misalignment=st.sampled_from([0.0, 0.005, 0.03]),
    afterpulse_probability=st.sampled_from([0.0, 0.02]),
)


@given(detector=detectors, loss=st.floats(0.16, 0.3), number=st.integers(0, len(ALL) - 1))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_no_rate_passes_its_bound_or_rises_with_distance(detector, loss, number):
    protocol = ALL[number]
    link = QkdLink(length_km=np.linspace(1, 300, 24), loss_db_per_km=loss, detector=detector)
    rate = protocol.asymptotic_rate(link).rate
    eta = link.channel_transmittance
    bound = repeater_capacity(eta, 1) if protocol.name == "twin-field" else plob(eta)
    assert (rate <= bound).all()
    assert (np.diff(rate) <= 1e-3 * rate[:-1]).all()


def test_twin_field_passes_the_fibre_s_capacity_where_the_paper_says():
    detector = Detector(efficiency=0.5, dark_count_probability=1e-9, misalignment=0.03)
    link = QkdLink(length_km=[257.1, 257.3, 300.0], detector=detector)
    found = TwinField().asymptotic_rate(link)
    assert (found.rate > plob(link.channel_transmittance)).tolist() == [False, True, True]
    assert found.rate[2] == pytest.approx(3.8587e-6, rel=1e-4)
    assert set(found.figures) >= {"gain", "qber", "phase_error_rate", "single_photon_yield"}
    assert found.parameters["intensity"][2] == pytest.approx(0.4542, abs=2e-3)


def test_what_is_given_stays():
    link = QkdLink(length_km=100, detector=Detector(efficiency=0.5, misalignment=0.01))
    free, fixed = TwinField(), TwinField(intensity=0.1)
    assert fixed.asymptotic_rate(link).parameters["intensity"] == 0.1
    assert fixed.asymptotic_rate(link).rate < free.asymptotic_rate(link).rate
    both = TwinField(intensity=0.1, sending_probability=0.02).asymptotic_rate(link)
    assert both.parameters["sending_probability"] == 0.02


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: f"{one.name}-{getattr(one, 'source', '')}")
def test_a_fine_scan_finds_nothing_2_percent_better(protocol):
    detector = Detector(efficiency=0.6, dark_count_probability=1e-8, misalignment=0.002)
    link = QkdLink(length_km=5.0 if protocol.name == "b92" else 120.0, detector=detector)
    best = protocol.asymptotic_rate(link)
    sought = protocol.sought(finite=False)
    grids = np.meshgrid(*(span.at(np.linspace(0, 1, 300)) for span in sought.values()))
    tried = protocol._unchecked(dict(zip(sought, grids, strict=True)))
    scanned = np.max(tried._asymptotic(link).signed_rate)
    assert best.rate >= 0.98 * scanned
    assert best.rate == pytest.approx(max(float(scanned), 0), rel=0.02, abs=1e-12)


@pytest.mark.parametrize("protocol", [SARG04(), B92(), TwinField()], ids=lambda one: one.name)
def test_a_curve_is_its_points(protocol):
    detector = Detector(efficiency=0.7, dark_count_probability=1e-8, misalignment=0.001)
    lengths = np.array([1.0, 4.0, 60.0])
    curve = protocol.asymptotic_rate(QkdLink(length_km=lengths, detector=detector)).rate
    single = [protocol.asymptotic_rate(QkdLink(length_km=x, detector=detector)).rate for x in lengths]
    assert curve == pytest.approx(single, rel=1e-3, abs=1e-12)


def test_perfect_devices_without_loss():
    link = QkdLink(transmittance=1.0, detector=IDEAL)
    assert SARG04(source="single", f_ec=1.0).asymptotic_rate(link).rate == pytest.approx(0.25)
    assert DeviceIndependent(f_ec=1.0).asymptotic_rate(link).rate == pytest.approx(1.0)
    assert B92(source="single", f_ec=1.0, angle_deg=60).asymptotic_rate(link).rate == pytest.approx(0.375)


def test_pairs_of_photons_help_sarg04_against_bb84_s_enemy():
    """SARG04's weak pulses have a larger optimal intensity than single photons alone would allow."""
    link = QkdLink(length_km=50, detector=Detector(efficiency=0.5))
    found = SARG04(f_ec=1.0).asymptotic_rate(link)
    assert found.figures["two_photon_phase_error_rate"] == pytest.approx(np.sin(np.pi / 8) ** 2, abs=1e-6)
    assert found.parameters["intensity"] > 1.0


def test_b92_falls_with_the_square_of_the_transmittance():
    link = QkdLink(transmittance=[1e-2, 1e-3], detector=IDEAL)
    rate = B92(source="single", f_ec=1.0).asymptotic_rate(link).rate
    assert rate[0] / rate[1] == pytest.approx(100, rel=0.05)


def test_b92_loses_everything_where_the_states_can_be_told_apart():
    link = QkdLink(transmittance=0.29, detector=IDEAL)
    assert B92(source="single", angle_deg=45).asymptotic_rate(link).rate == pytest.approx(0, abs=1e-9)
    near = QkdLink(transmittance=0.31, detector=IDEAL)
    assert B92(source="single", angle_deg=45).asymptotic_rate(near).rate > 1e-5


def test_device_independent_keys_end_where_too_many_photons_are_lost():
    link = QkdLink(transmittance=[0.9232**2, 0.9230**2], detector=IDEAL)
    assert (DeviceIndependent(f_ec=1.0).asymptotic_rate(link).rate > 0).tolist() == [True, False]
    heralded = DeviceIndependent(f_ec=1.0, heralded=True)
    far = heralded.asymptotic_rate(QkdLink(transmittance=0.01, detector=IDEAL))
    assert far.rate == pytest.approx(0.01)


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: one.name)
def test_no_proof_no_finite_key(protocol):
    link = QkdLink(length_km=10, detector=IDEAL)
    with pytest.raises(NoFiniteKeyProof, match=f"{protocol.name} has no finite-key proof here"):
        protocol.finite_rate(link, Block(bits=1e7))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TwinField(intensity=0), r"intensity=0.0 is out of range; it must be above 0"),
        (lambda: TwinField(sending_probability=1.2), r"sending_probability=1.2 is out of range"),
        (lambda: TwinField(f_ec=0.9), r"f_ec=0.9 is out of range; it must be at least 1"),
        (
            lambda: DeviceIndependent(visibility=1.1),
            r"visibility=1.1 is out of range; it must be from 0 to 1",
        ),
        (lambda: DeviceIndependent(f_ec=0), r"f_ec=0.* is out of range"),
        (lambda: B92(angle_deg=90), r"angle_deg=90.0 is out of range"),
        (lambda: B92(f_ec=0.5), r"f_ec=0.5 is out of range"),
        (lambda: B92(source="lamp"), r"source='lamp' is unknown; give one of weak, single"),
        (lambda: SARG04(source="single", intensity=0.2), r"does not go with source='single'"),
        (lambda: SARG04(intensity=-0.2), r"intensity=-0.2 is out of range; it must be above 0"),
        (lambda: SARG04(f_ec=float("nan")), r"f_ec=nan is out of range"),
    ],
)
def test_bad_parameters_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
