"""Pair sources in any two bases, several pairs in a pulse, and Eve: against sums over Fock states."""

import itertools
import math

import numpy as np
import pytest
from support.quantum_layers import PAULIS, end, projector

from qnet.devices import Detector, PairSource
from qnet.qkd.eavesdroppers import InterceptResend
from qnet.qkd.link import QkdLink
from qnet.qkd.photons.pairs import PairScene

PHOTONS = 8


def power(matrix: np.ndarray, n: int) -> np.ndarray:
    """What a matrix on one photon's polarisation does to n photons; the states |n−m, m⟩ are numbered by m."""
    made = np.zeros((n + 1, n + 1), complex)
    for m in range(n + 1):
        column = np.array([1.0 + 0j])
        for _ in range(n - m):
            column = np.convolve(column, matrix[:, 0])
        for _ in range(m):
            column = np.convolve(column, matrix[:, 1])
        for k in range(n + 1):
            weight = math.factorial(k) * math.factorial(n - k) / math.factorial(m) / math.factorial(n - m)
            made[k, m] = column[k] * math.sqrt(weight)
    return made


def silent(here: np.ndarray, there: np.ndarray, half: float, turn: np.ndarray, eve: str | None) -> float:
    """No click of detectors with these efficiency matrices at the two ends."""
    x, total = half / (1 + half), 0.0
    for n in range(PHOTONS):
        his = power(np.eye(2) - there, n)
        if eve is not None:
            values, basis = np.linalg.eigh(projector(eve, 1) + 0.0)
            assert values == pytest.approx([0, 1])
            look = power(basis, n)
            his = look @ np.diag(np.diag(look.conj().T @ his @ look)) @ look.conj().T
        his = power(turn, n).conj().T @ his @ power(turn, n)
        total += x**n * np.trace(power(np.eye(2) - here, n).T @ his).real
    return (1 - x) ** 2 * total


@pytest.mark.parametrize("eve", [None, InterceptResend(bases=("Y", "X")), "E91"], ids=str)
def test_patterns_of_all_detectors(eve: InterceptResend | str | None) -> None:
    settings = ("0", "2") if eve == "E91" else ("Z", "X")
    turn = PAULIS["Y"] if eve == "E91" else np.eye(2)
    attack = InterceptResend(bases=("1",)) if eve == "E91" else eve
    both, mean, dark = end(settings), 0.2, 0.01
    link = QkdLink(transmittance=0.4, detector=Detector(efficiency=0.9, dark_count_probability=dark))
    source = PairSource(mean_pairs=mean)
    scene = PairScene(both, both, link=link, source=source, eve=attack, source_position=0.0)
    names = [None, *(attack.bases if attack else ())]
    rows = iter(scene.patterns)
    for name, a, b in itertools.product(names, settings, settings):
        row = next(rows)
        looks = [
            [0.9 * projector(a, bit, "alice") for bit in (0, 1)],
            [0.36 * projector(b, bit) for bit in (0, 1)],
        ]
        quiet = {}
        for chosen in itertools.product((0, 1), repeat=4):
            ends = [
                sum(c * m for c, m in zip(chosen[2 * k : 2 * k + 2], looks[k], strict=True)) for k in (0, 1)
            ]
            ends = [np.zeros((2, 2)) + one for one in ends]
            quiet[chosen] = silent(*ends, mean / 2, turn, name) * (1 - dark) ** sum(chosen)
        for pattern in itertools.product((0, 1), repeat=4):
            want = 0.0
            for extra in itertools.product((0, 1), repeat=sum(pattern)):
                dark_ones = iter(extra)
                still = tuple(next(dark_ones) if clicks else 1 for clicks in pattern)
                want += (-1) ** sum(extra) * quiet[still]
            number = sum(clicks << d for d, clicks in enumerate(pattern))
            assert row[number] == pytest.approx(want, abs=1e-7), (name, a, b, pattern)
    assert scene.patterns.sum(axis=1) == pytest.approx(np.ones(len(scene.patterns)))
