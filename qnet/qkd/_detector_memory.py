"""What earlier clicks leave behind in a receiver: dead time and afterpulses, as an exact Markov chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qnet.devices import Detector
from qnet.qkd._checks import Array, Number

__all__ = ["Memory", "detector_memory", "pair_memory", "silence"]

Light = Callable[[Array], Array]


@dataclass(frozen=True, kw_only=True, eq=False)
class Memory:
    """The stationary state of a receiver, as the next pulse finds it.

    Args:
        live: Share of the pulses in which the receiver is not dead.
        factors: By (i, j), the probability that i detectors of one basis and j of the other have no
            afterpulse in a live pulse; empty if there are no afterpulses.
    """

    live: Number = 1.0
    factors: dict[tuple[int, int], Array] | None = None

    def silent(self, here: int, there: int) -> Array | float:
        """Probability that so many detectors of this basis, and so many of the other, have no afterpulse."""
        return 1.0 if self.factors is None else self.factors[here, there]

    def turned(self) -> Memory:
        """The same as the second basis of a passive receiver finds it."""
        if self.factors is None:
            return self
        return Memory(live=self.live, factors={(j, i): value for (i, j), value in self.factors.items()})


def silence(light: Light, seen: Array, dark: float, detectors: int) -> Array:
    """Probability that detectors which get the share `seen` of the light stay silent without afterpulses."""
    return light(np.asarray(1 - seen)) * (1 - dark) ** detectors


def detector_memory(
    sent: Sequence[tuple[Number, Light]],
    efficiency: Number,
    detector: Detector,
    *,
    matched: Number = 0.5,
    basis_share: Number = 0.5,
) -> Memory:
    """The stationary state of a receiver under a mixture of pulses whose bits are random.

    Each detector that clicked in the live pulse before has an afterpulse in this one with the detector's
    probability. Which detectors click depends on the pulse and on these afterpulses: a Markov chain over the
    numbers of detectors, basis by basis, that clicked. After any click the whole receiver is dead for a fixed
    number of pulses, which thins out all pulses alike.

    Args:
        sent: Probability and light of each kind of pulse.
        efficiency: Probability that a photon is seen, channel and detector together.
        detector: The receiver's detectors.
        matched: Share of the pulses that were sent in Bob's basis (of two detectors).
        basis_share: With four detectors, the share of the light that goes to the first basis; Alice's pulses
            are taken to be in that basis with the same probability.

    Returns:
        The memory that `detection` takes.
    """
    if not _remembers(detector):
        return Memory()
    seen = np.asarray(efficiency, dtype=np.float64)
    if detector.count == 2:
        table = _two_silences(sent, seen, detector, np.asarray(matched, dtype=np.float64))
    else:
        table = _four_silences(sent, seen, detector, np.asarray(basis_share, dtype=np.float64))
    return _memory(table, detector)


def pair_memory(
    mean_pairs: Number, efficiency: Number, detector: Detector, *, basis_share: Number = 0.5
) -> Memory:
    """The same for one end of a type-II pair source, whose two modes are thermal with λ = μ/2 in each.

    Detectors that see the modes with the efficiency matrix M are silent with probability 1/det(1+λM).

    Args:
        mean_pairs: Pairs per pulse on average, μ.
        efficiency: Probability that a photon is seen, channel and detector together.
        detector: The end's detectors.
        basis_share: With four detectors, the share of the light that goes to the first basis.
    """
    if not _remembers(detector):
        return Memory()
    seen, half = np.asarray(efficiency, dtype=np.float64), np.asarray(mean_pairs, dtype=np.float64) / 2
    share = np.asarray(basis_share, dtype=np.float64) if detector.count == 4 else np.asarray(1.0)
    here, there = half * seen * share, half * seen * (1 - share)
    others = range(3) if detector.count == 4 else range(1)
    table = {}
    for i in range(3):
        for j in others:
            one, two = here * (i >= 1) + there * j / 2, here * (i == 2) + there * j / 2
            across = there / 2 * (j == 1)
            table[i, j] = (1 - detector.dark_count_probability) ** (i + j) / (
                (1 + one) * (1 + two) - across**2
            )
    return _memory(table, detector)


def _law(detector: Detector) -> float:
    return detector.afterpulse_probability if detector.afterpulse_law == "next pulse" else 0.0


def _remembers(detector: Detector) -> bool:
    return _law(detector) > 0 or detector.dead_time_pulses > 0


def _memory(table: dict[tuple[int, int], Array], detector: Detector) -> Memory:
    law = _law(detector)
    factors, click = _stationary(table, law)
    live = 1 / (1 + detector.dead_time_pulses * click)
    return Memory(live=live[()], factors=factors if law > 0 else None)


def _two_silences(
    sent: Sequence[tuple[Number, Light]], seen: Array, detector: Detector, matched: Array
) -> dict[tuple[int, int], Array]:
    """Average probability that 1 and 2 detectors are silent without afterpulses."""
    wrong, dark = detector.misalignment, detector.dark_count_probability
    one, two = np.zeros(()), np.zeros(())
    for share, light in sent:
        sides = [silence(light, seen * part, dark, 1) for part in (wrong, 1 - wrong)]
        other = silence(light, seen / 2, dark, 1)
        one = one + share * (matched * (sides[0] + sides[1]) / 2 + (1 - matched) * other)
        two = two + share * silence(light, seen, dark, 2)
    return {(0, 0): np.ones_like(two), (1, 0): one, (2, 0): two}


def _four_silences(
    sent: Sequence[tuple[Number, Light]], seen: Array, detector: Detector, share: Array
) -> dict[tuple[int, int], Array]:
    """The same for i detectors of the first basis and j of the second."""
    wrong, dark = detector.misalignment, detector.dark_count_probability
    parts = {
        True: {0: (0.0,), 1: (wrong, 1 - wrong), 2: (1.0,)},
        False: {0: (0.0,), 1: (0.5, 0.5), 2: (1.0,)},
    }
    table: dict[tuple[int, int], Array] = {}
    for i in range(3):
        for j in range(3):
            made = np.zeros(())
            for probability, light in sent:
                for first, weight in ((True, share), (False, 1 - share)):
                    here, there = parts[first][i], parts[not first][j]
                    terms = [
                        silence(light, seen * (share * a + (1 - share) * b), dark, i + j)
                        for a in here
                        for b in there
                    ]
                    made = made + probability * weight * sum(terms) / len(terms)
            table[i, j] = np.asarray(made)
    return table


def _stationary(
    table: dict[tuple[int, int], Array], law: float
) -> tuple[dict[tuple[int, int], Array], Array]:
    """The chance of no afterpulse, by numbers of detectors, and the chance of a click, both per live pulse.

    `before` holds the probabilities that u and v detectors of the two bases clicked in the live pulse before.
    The chain contracts by about twice the afterpulse probability a step, and is iterated to rest.
    """
    ones = range(3)
    others = range(3) if (0, 1) in table else range(1)
    kept = [[1.0, 1.0, 1.0], [1.0, 1 - law / 2, 1 - law], [1.0, 1 - law, (1 - law) ** 2]]
    before: dict[tuple[int, int], Array] = {
        (u, v): np.asarray(1.0 if u == v == 0 else 0.0) for u in ones for v in others
    }
    factors: dict[tuple[int, int], Array] = {}
    for _ in range(2000 if law > 0 else 1):
        factors = {
            (i, j): np.asarray(sum(before[u, v] * kept[i][u] * kept[j][v] for u in ones for v in others))
            for i in ones
            for j in others
        }
        silent = {key: table[key] * factors[key] for key in factors}
        after = {(u, v): _exactly(silent, u, v, pair=len(others) == 3) for u in ones for v in others}
        moved = max(float(np.max(np.abs(after[key] - before[key]))) for key in after)
        before = after
        if moved < 1e-14:
            break
    top = (2, 2) if len(others) == 3 else (2, 0)
    return factors, np.asarray(1 - table[top] * factors[top])


_EXACTLY = {0: {2: 1.0}, 1: {1: 2.0, 2: -2.0}, 2: {0: 1.0, 1: -2.0, 2: 1.0}}


def _exactly(silent: dict[tuple[int, int], Array], u: int, v: int, *, pair: bool) -> Array:
    """Probability that exactly u and v detectors clicked, from those that some are silent."""
    second = _EXACTLY[v] if pair else {0: 1.0}
    return np.asarray(sum(x * y * silent[i, j] for i, x in _EXACTLY[u].items() for j, y in second.items()))
