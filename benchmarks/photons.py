"""Pulses of a link with three intensities, dead time and afterpulses, beside a NumPy model of every pulse.

Run it by `python -m benchmarks.photons [--pairs N] [--json]`. CPU time, medians over interleaved runs, both
ends' choices and the counting included; both models' clicks and errors must agree with each other.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.devices import Detector
from qnet.qkd import QkdLink
from qnet.qkd.photons import Counted, count_clicks, photon_channel
from qnet.qkd.quantum import Alphabet

Counts = NDArray[Any]
INTENSITIES, CHANCES, BASES = (0.5, 0.1, 0.0), (0.7, 0.2, 0.1), (0.9, 0.1)
DETECTOR = Detector(
    efficiency=0.2,
    dark_count_probability=1e-6,
    misalignment=0.02,
    dead_time_pulses=10,
    afterpulse_probability=0.02,
)
ALICE = Alphabet(
    bases=("Z", "X"), chances=BASES, sends=True, intensities=INTENSITIES, intensity_chances=CHANCES
)
BOB = Alphabet(bases=("Z", "X"), chances=BASES, sends=False)
LOSSES = {0: 1e8, 10: 1e9, 20: None}
"""Loss of the channel in dB, and how many pulses a second ours must reach."""

PLAIN = 4_000_000
"""Pulses of the plain model per run; ours takes more, by the loss."""


def ours(loss: float, pulses: int, seed: int) -> Counted:
    """Only what may click is drawn."""
    link = QkdLink(transmittance=10 ** (-loss / 10), detector=DETECTOR)
    channel = photon_channel(ALICE, BOB, pulses=pulses, link=link, seed=seed)
    return count_clicks(channel, ALICE, BOB, seed=seed)


class Plain:
    """Every pulse is drawn, in chunks; what clicked is gone through one by one for the dead time's sake."""

    def __init__(self, loss: float, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.clicks, self.errors = np.zeros(12, np.int64), np.zeros(12, np.int64)
        light = DETECTOR.efficiency * 10 ** (-loss / 10) * np.array(INTENSITIES)[:, None]
        wrong = np.array([[0.5, DETECTOR.misalignment]])
        quiet = 1 - DETECTOR.dark_count_probability
        self.right, self.wrong = (1 - quiet * np.exp(-light * part) for part in (1 - wrong, wrong))
        self.any = (1 - (1 - self.right) * (1 - self.wrong)).astype(np.float32).ravel()
        self.next_live, self.marks = 0, 0

    def chunk(self, first: int, count: int) -> None:
        """Draw and count some pulses."""
        rng = self.rng
        kind = np.searchsorted(np.cumsum(CHANCES)[:2], rng.random(count, dtype=np.float32)).astype(np.uint8)
        hers, his = (rng.random(count, dtype=np.float32) > BASES[0] for _ in range(2))
        bit = rng.integers(0, 2, count, dtype=np.uint8)
        places = np.flatnonzero(rng.random(count, dtype=np.float32) < self.any[kind * 2 + (hers == his)])
        cells = kind * 4 + hers * 2 + his
        patterns = self._patterns(kind[places], (hers == his)[places].astype(np.intp), bit[places])
        for place, pattern in zip([*places.tolist(), count], [*patterns.tolist(), 0], strict=True):
            while self.marks and self.next_live - first < place:
                self._click(first, self.next_live - first, self.marks, cells, bit)
            if pattern and first + place >= self.next_live:
                again = self.marks if first + place == self.next_live else 0
                self._click(first, place, pattern | again, cells, bit)

    def _patterns(self, kind: Counts, same: Counts, bit: Counts) -> Counts:
        """Which of the two detectors clicked, as bits, given that one did."""
        right, wrong = self.right[kind, same], self.wrong[kind, same]
        drawn = self.rng.random(len(kind)) * (1 - (1 - right) * (1 - wrong))
        only_right, both = right * (1 - wrong), right * wrong
        mine, other = drawn < only_right + both, (drawn < both) | (drawn >= only_right + both)
        return np.asarray(np.where(bit == 1, mine * 2 + other, mine + 2 * other))

    def _click(self, first: int, place: int, pattern: int, cells: Counts, bit: Counts) -> None:
        result = int(self.rng.random() < 0.5) if pattern == 3 else pattern >> 1
        self.clicks[cells[place]] += 1
        self.errors[cells[place]] += result != bit[place]
        self.next_live = first + place + DETECTOR.dead_time_pulses + 1
        chance = DETECTOR.afterpulse_probability
        drawn = self.rng.random()
        again = pattern if drawn < chance and pattern != 3 else 0
        if pattern == 3:
            again = (drawn < chance) + 2 * (self.rng.random() < chance)
        self.marks = int(again)


def plain(loss: float, pulses: int, seed: int, chunk: int = 2**16) -> tuple[Counts, Counts]:
    """Clicks and errors by intensity and bases."""
    model = Plain(loss, seed)
    for first in range(0, pulses, chunk):
        model.chunk(first, min(chunk, pulses - first))
    return model.clicks.reshape(3, 2, 2), model.errors.reshape(3, 2, 2)


def agree(counted: Counted, clicks: Counts, errors: Counts, pulses: int) -> bool:
    """Whether the two models' counts lie within five standard deviations of each other."""
    ratio = pulses / counted.pulses
    for mine, theirs in ((counted.clicks, clicks), (counted.errors, errors)):
        spread = np.sqrt(1.3 * (mine * ratio**2 + np.maximum(mine * ratio, 1)))
        if np.any(abs(mine * ratio - theirs) > 5 * spread + 1):
            return False
    return True


def _timed(way: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    made = way()
    return time.process_time() - started, made


def measure(loss: int, pairs: int) -> dict[str, Any]:
    """One row: medians of CPU time, in turns, after one run that compiles."""
    many = int(5e7 * 10 ** (loss / 10))
    ours(loss, 10**5, seed=0)
    speeds: dict[str, list[float]] = {"ours": [], "plain": []}
    equal = True
    for turn in range(pairs):
        seconds, counted = _timed(lambda turn=turn: ours(loss, many, seed=turn + 1))  # type: ignore[misc]
        speeds["ours"].append(many / seconds)
        seconds, (clicks, errors) = _timed(lambda turn=turn: plain(loss, PLAIN, seed=turn + 1))  # type: ignore[misc]
        speeds["plain"].append(PLAIN / seconds)
        equal &= agree(counted, clicks, errors, PLAIN)
    mine, theirs = (statistics.median(speeds[name]) for name in ("ours", "plain"))
    bound = LOSSES[loss]
    return {
        "loss_db": loss,
        "pulses_per_s": float(f"{mine:.3g}"),
        "plain_pulses_per_s": float(f"{theirs:.3g}"),
        "ratio": round(mine / theirs, 1),
        "bound": bound,
        "agree": equal,
        "reached": equal and (bound is None or mine >= bound),
    }


def main() -> int:
    """Measure, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="Pulses of a link, beside a NumPy model of every pulse.")
    parser.add_argument("--pairs", type=int, default=3, help="interleaved runs per row (default 3)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [measure(loss, options.pairs) for loss in LOSSES]
    if options.json:
        print(json.dumps({"benchmark": "photons", "pairs": options.pairs, "rows": rows}))
    else:
        for row in rows:
            print(", ".join(f"{name} {value}" for name, value in row.items() if name != "reached"), end="")
            print("" if row["reached"] else "  MISSED")
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
