"""Sources and detectors: photon statistics by their sums, and what is refused."""

import numpy as np
import pytest

from qnet.devices import Detector, PairSource, SinglePhotonSource, WeakCoherentSource


@pytest.mark.parametrize(("mean", "g2"), [(1.0, 0.0), (0.5, 0.04), (0.02, 0.5)])
def test_single_photons_have_the_mean_and_the_correlation_they_claim(mean: float, g2: float) -> None:
    p = SinglePhotonSource(mean_photon_number=mean, g2=g2).photon_numbers
    n = np.arange(3)
    assert p.sum() == pytest.approx(1)
    assert (n * p).sum() == pytest.approx(mean)
    assert (n * (n - 1) * p).sum() / mean**2 == pytest.approx(g2)


def test_generating_functions_are_sums_over_photon_numbers() -> None:
    s = np.linspace(0, 1, 7)
    single = SinglePhotonSource(mean_photon_number=0.4, g2=0.1)
    assert single.generating_function(s) == pytest.approx(
        sum(p * s**n for n, p in enumerate(single.photon_numbers))
    )
    weak = WeakCoherentSource(intensities=(0.5, 0.1, 0.0), probabilities=(0.7, 0.2, 0.1))
    summed = sum(weak.photon_number(n)[:, None] * s**n for n in range(25))
    assert weak.generating_function(s) == pytest.approx(summed)


def test_pairs_are_two_thermal_modes() -> None:
    source = PairSource(mean_pairs=0.3)
    n = np.arange(200)
    thermal = 0.15**n / 1.15 ** (n + 1)
    both = np.convolve(thermal, thermal)[:200]
    assert source.pair_number(n) == pytest.approx(both)
    assert (n * source.pair_number(n)).sum() == pytest.approx(0.3)


def test_values_compare_and_their_text_makes_them_again() -> None:
    for value in (
        Detector(efficiency=0.1, dark_count_probability=1e-6),
        SinglePhotonSource(mean_photon_number=0.5),
        WeakCoherentSource(intensities=(0.5, 0.1)),
        PairSource(mean_pairs=0.1),
    ):
        assert eval(repr(value)) == value


def test_a_background_is_that_of_two_detectors() -> None:
    assert Detector.from_background(1.7e-6, efficiency=0.1).background_yield == pytest.approx(
        1.7e-6, rel=1e-9
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Detector(), r"efficiency=nan is out of range; give one above 0 and at most 1"),
        (
            lambda: Detector(efficiency=0.0),
            r"efficiency=0\.0 is out of range; give one above 0 and at most 1",
        ),
        (lambda: Detector(efficiency=1.1), r"efficiency=1\.1 is out of range"),
        (
            lambda: Detector(efficiency=0.1, misalignment=0.6),
            r"misalignment=0\.6 .* at least 0 and at most 0\.5",
        ),
        (lambda: Detector(efficiency=0.1, dark_count_probability=-1e-6), r"dark_count_probability=-1e-06"),
        (lambda: Detector(efficiency=0.1, dead_time_pulses=2.5), r"dead_time_pulses=2\.5 must be a whole"),
        (lambda: Detector(efficiency=0.1, count=3), r"count=3 is no number of detectors; give 2 or 4"),
        (lambda: Detector(efficiency=0.1, afterpulse_law="x"), r"afterpulse_law='x' is unknown; give one of"),
        (lambda: SinglePhotonSource(mean_photon_number=1.0, g2=3.0), r"belong to no mixture of 0, 1 and 2"),
        (lambda: WeakCoherentSource(intensities=(0.1, 0.5)), r"intensities=\(0\.1, 0\.5\) are out of order"),
        (
            lambda: WeakCoherentSource(intensities=(0.5, 0.1), probabilities=(0.5, 0.4)),
            r"probabilities=\(0\.5, 0\.4\) add up to 0\.9; they must add up to 1",
        ),
        (lambda: PairSource(mean_pairs=0.0), r"mean_pairs=0\.0 must be a number above 0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
