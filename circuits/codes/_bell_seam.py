"""Checks across a link that are measured by two ancillas and a Bell measurement of these, over one pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuits.codes._bare import Across, BareStage, write_layer
from circuits.codes._extraction import Places, letters
from circuits.codes._record import Recorder
from circuits.codes.link import share_pairs, strike

__all__ = ["BellStage"]


@dataclass(frozen=True, kw_only=True)
class BellStage(BareStage):
    """A stage some of whose checks have an ancilla at either node.

    Each ancilla touches the qubits of its own node, as a bare ancilla does. Then each node measures its
    ancilla and its half of a pair in the Bell basis: the two outcomes together are the Bell measurement
    of the two ancillas. Of its two bits one is the outcome of the check, by the other the qubits of the
    near node get the check's letter (as the ancillas have not told which parity each side has).

    Args:
        far: The check and the ancilla at the far node, for every check that is measured so.
    """

    far: tuple[tuple[int, int], ...]

    def write(self, out: Recorder) -> list[Places]:
        """One round; the far ancillas follow as if they were those of further checks."""
        count, far = len(self.ancillas), dict(self.far)
        extra = {check: count + k for k, check in enumerate(far)}
        ancillas = [*self.ancillas, *far.values()]
        plain = [set(check) <= {"Z", "I"} for check in self.code.checks]
        plain += [plain[check] for check in far]
        bare = [k for k in range(count) if k not in far]
        turned = [self.ancillas[k] for k in bare if not plain[k]]
        for z, name in ((True, "R"), (False, "RX")):
            both = [ancillas[j] for k in far for j in (k, extra[k]) if plain[k] == z]
            out.add(name, both)
        out.add("H", turned)
        out.tick()
        across = Across(remote=self.remote, link=self.link, first_free=self.first_free)
        for layer in self.schedule.layers:
            moved = [(self._side(k, q, extra), q, letter) for k, q, letter in layer]
            write_layer(out, moved, plain, ancillas, across)
        out.add("H", turned)
        found = self._join(out, [(self.ancillas[k], far[k]) for k in far], plain)
        read = out.measure("MR", [self.ancillas[k] for k in bare])
        outcomes: dict[int, Places] = {k: (place,) for k, place in zip(bare, read, strict=True)}
        outcomes |= {k: joined.outcome for k, joined in found.items()}
        for k, joined in found.items():
            for j in self._later(k):
                outcomes[j] += joined.other
        return [outcomes[k] for k in range(count)]

    def _later(self, check: int) -> list[int]:
        """The checks that see what the other bit of a Bell measurement says of the near qubits.

        That letter is on a near qubit from the moment when the check touched it.
        """
        when = {(k, q): step for step, layer in enumerate(self.schedule.layers) for k, q, _ in layer}
        near = self._near(check)
        letter = next(iter(near.values()))
        found = []
        for j, other in enumerate(self.code.checks):
            met = [q for q in near if other[q] not in ("I", letter) and when[j, q] > when[check, q]]
            if len(met) % 2:
                found.append(j)
        return found

    def _near(self, check: int) -> dict[int, str]:
        """The letters of a check on its own node."""
        away = {q for ancilla, q in self.remote if ancilla == self.ancillas[check]}
        return {q: letter for q, letter in letters(self.code.checks[check]).items() if q not in away}

    def _side(self, check: int, qubit: int, extra: dict[int, int]) -> int:
        """The check, or the further one that stands for its far ancilla."""
        away = check in extra and (self.ancillas[check], qubit) in self.remote
        return extra[check] if away else check

    def _join(
        self, out: Recorder, pairs: Sequence[tuple[int, int]], plain: Sequence[bool]
    ) -> dict[int, _Joined]:
        """The Bell measurements, and what follows from their other bits on the near qubits."""
        first = self.first_free + 2 * len(self.remote)
        halves = [(first + 2 * k, first + 2 * k + 1) for k in range(len(pairs))]
        share_pairs(out, [near for near, _ in halves], [away for _, away in halves], self.link)
        strike(out, halves, self.link)
        ends = [end for k, pair in enumerate(pairs) for end in zip(pair, halves[k], strict=True)]
        out.add("CX", [q for end in ends for q in end])
        out.tick()
        phase = out.measure("MX", [ancilla for ancilla, _ in ends])
        parity = out.measure("M", [half for _, half in ends])
        found: dict[int, _Joined] = {}
        for j, (check, _) in enumerate(self.far):
            zz, xx = tuple(parity[2 * j : 2 * j + 2]), tuple(phase[2 * j : 2 * j + 2])
            outcome, other, gate = (zz, xx, "CZ") if plain[check] else (xx, zz, "CX")
            found[check] = _Joined(outcome=outcome, other=other)
            for record in out.records(other):
                out.add(gate, [item for q in self._near(check) for item in (record, q)])
        return found


@dataclass(frozen=True, kw_only=True)
class _Joined:
    """The two bits of a Bell measurement, each the parity of two places."""

    outcome: Places
    other: Places
