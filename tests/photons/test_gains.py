"""Counts of the pulse-level model against the closed forms of gains and error rates."""

import math

import numpy as np
import pytest
from support.quantum_layers import end, joint

from qnet.devices import Detector, PairSource, SinglePhotonSource
from qnet.qkd._detector_memory import detector_memory, pair_memory
from qnet.qkd.gains import coherent, detection, mixture, pair_detection
from qnet.qkd.link import QkdLink
from qnet.qkd.photons import Counted, count_clicks, photon_channel
from qnet.qkd.presets import PRESETS, preset
from qnet.qkd.rates._mdi_formulas import pair_check, pair_key, pulse_check, pulse_key

INTENSITIES, CHANCES = (0.6, 0.15, 0.0), (0.5, 0.3, 0.2)
HARD = {
    "efficiency": 0.6,
    "dark_count_probability": 2e-3,
    "misalignment": 0.04,
    "afterpulse_probability": 0.12,
    "dead_time_pulses": 4,
}


def near(count: float, mean: float, *, memory: bool = False) -> bool:
    """Within five standard deviations; clicks that remember each other scatter a little more."""
    return abs(count - mean) <= 5 * math.sqrt(mean * (1.3 if memory else 1)) + 1e-9


def agrees(counted: Counted, lights, chances, link: QkdLink, share: float) -> None:
    """All gains and errors in both bases."""
    passive = link.detector.count == 4
    memory = detector_memory(
        list(zip(chances, lights, strict=True)),
        link.efficiency,
        link.detector,
        matched=share**2 + (1 - share) ** 2,
        basis_share=share,
    )
    for basis, (part, kept) in enumerate(
        [(share, memory), (1 - share, memory.turned() if passive else memory)]
    ):
        for kind, light in enumerate(lights):
            seen = detection(light, link.efficiency, link.detector, memory=kept, basis_share=part)
            sent = counted.pulses * counted.chances[kind, basis, basis]
            remembers = link.detector.afterpulse_probability > 0 or link.detector.dead_time_pulses > 0
            for counts, value in ((counted.clicks, seen.gain), (counted.errors, seen.errors)):
                assert near(counts[kind, basis, basis], sent * value, memory=remembers), (basis, kind)


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("name", sorted(PRESETS))
def test_presets(name: str, share: float) -> None:
    link = preset(name).link(500 if name.startswith("micius") else 15)
    alice = end(
        "ZX", sends=True, chances=(share, 1 - share), intensities=INTENSITIES, intensity_chances=CHANCES
    )
    bob = end("ZX", chances=(share, 1 - share))
    channel = photon_channel(alice, bob, pulses=int(2e6 / link.efficiency), link=link, seed=11)
    counted = count_clicks(channel, alice, bob, seed=12)
    assert counted.clicks.sum() > 30_000
    agrees(counted, [coherent(m) for m in INTENSITIES], CHANCES, link, share)


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("left_out", ["", "afterpulse_probability", "dead_time_pulses"])
@pytest.mark.parametrize("transmittance", [1.0, 0.02])
def test_detectors_that_remember(count: int, left_out: str, transmittance: float) -> None:
    detector = Detector(**{k: v for k, v in HARD.items() if k != left_out}, count=count)
    link = QkdLink(transmittance=transmittance, detector=detector)
    alice = end("ZX", sends=True, chances=(0.7, 0.3), intensities=INTENSITIES, intensity_chances=CHANCES)
    bob = end("ZX", chances=(0.7, 0.3))
    channel = photon_channel(alice, bob, pulses=int(3e6 / transmittance**0.5), link=link, seed=5)
    counted = count_clicks(channel, alice, bob, seed=6)
    agrees(counted, [coherent(m) for m in INTENSITIES], CHANCES, link, 0.7)


@pytest.mark.parametrize("g2", [0.0, 0.3])
def test_single_photons(g2: float) -> None:
    source = SinglePhotonSource(mean_photon_number=0.8, g2=g2)
    link = QkdLink(length_km=20, detector=Detector(**HARD))
    alice, bob = end("ZX", sends=True), end("ZX")
    channel = photon_channel(alice, bob, pulses=2_000_000, link=link, source=source, seed=1)
    agrees(count_clicks(channel, alice, bob, seed=2), [mixture(source.photon_numbers)], (1.0,), link, 0.5)


def test_afterpulses_in_the_same_pulse_behind_a_beam_splitter() -> None:
    detector = Detector(
        efficiency=0.5, misalignment=0.03, afterpulse_probability=0.2, afterpulse_law="same pulse", count=4
    )
    link = QkdLink(transmittance=0.3, detector=detector)
    alice = end("ZX", sends=True, chances=(0.6, 0.4), intensities=(0.5,))
    bob = end("ZX", chances=(0.6, 0.4))
    counted = count_clicks(
        photon_channel(alice, bob, pulses=3_000_000, link=link, seed=1), alice, bob, seed=2
    )
    agrees(counted, [coherent(0.5)], (1.0,), link, 0.6)


@pytest.mark.parametrize(("count", "remembers"), [(2, False), (4, False), (2, True)])
def test_pairs(count: int, remembers: bool) -> None:
    """Closed forms take the two ends' dead times as independent; they nearly are where clicks are few."""
    memory = {"afterpulse_probability": 0.04, "dead_time_pulses": 3} if remembers else {}
    detector = Detector(efficiency=0.4, dark_count_probability=1e-4, misalignment=0.02, count=count, **memory)
    link = QkdLink(length_km=20, detector=detector)
    both, share, mean, place = end("ZX", chances=(0.65, 0.35)), 0.65, 0.04, 0.3
    source = PairSource(mean_pairs=mean)
    channel = photon_channel(
        both, both, pulses=20_000_000, link=link, source=source, source_position=place, seed=3
    )
    counted = count_clicks(channel, both, both, seed=4)
    arms = tuple(detector.efficiency * link.channel_transmittance**part for part in (place, 1 - place))
    memories = [pair_memory(mean, arm, detector, basis_share=share) for arm in arms]
    for basis, part in enumerate((share, 1 - share)):
        kept = tuple(one.turned() if basis and count == 4 else one for one in memories)
        seen = pair_detection(mean, arms, (detector, detector), detector.misalignment, kept, part)
        sent = counted.pulses * counted.chances[0, basis, basis]
        assert near(counted.clicks[0, basis, basis], sent * seen.gain, memory=remembers)
        assert near(counted.errors[0, basis, basis], sent * seen.errors, memory=remembers)


@pytest.mark.parametrize("photons", [False, True])
def test_station_in_the_middle(photons: bool) -> None:
    dark, wrong = 2e-4, 0.03
    detector = Detector(efficiency=0.5, dark_count_probability=dark, misalignment=wrong)
    link = QkdLink(length_km=10, detector=detector)
    levels = {} if photons else {"intensities": (0.4,)}
    both = end("ZX", sends=True, **levels)
    pulses = 1_000_000 if photons else 20_000_000
    counts = joint(photon_channel(both, both, pulses=pulses, link=link, seed=8), both, both, seed=9)
    assert not counts[..., :2].any()
    arm = math.sqrt(link.channel_transmittance) * detector.efficiency
    a, b, code = np.indices((2, 2, 4))
    for basis, formulas in enumerate([(pulse_key, pair_key), (pulse_check, pair_check)]):
        light = arm if photons else 0.4 * arm
        gain, errors = formulas[photons](light, light, dark, wrong)
        seen = counts[basis, :, basis, :, :]
        differ = (a ^ b) != (code >> 1 if basis == 0 else code & 1)
        assert near(seen.sum(), pulses / 4 * gain)
        assert near(seen[differ].sum(), pulses / 4 * errors)
