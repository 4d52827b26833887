"""Tree codes: the recursion against every pattern of losses and wrong outcomes."""

from itertools import product

import numpy as np
import pytest

from circuits.codes.oracles import uncorrectable_erasures
from qnet.repeaters.one_way import StationErrors, TreeCode, one_way_code, simulated_hops

Votes = list[float]


def children(branching: tuple[int, ...]) -> tuple[list[int], list[list[int]]]:
    """The photons of the first level, and those below each."""
    below: list[list[int]] = []
    row: list[int | None] = [None]
    top: list[int] = []
    for level, branches in enumerate(branching):
        grown: list[int | None] = []
        for parent in row:
            for _ in range(branches):
                below.append([])
                here = len(below) - 1
                grown.append(here)
                if parent is None:
                    top.append(here)
                else:
                    below[parent].append(here)
        row = grown
        assert level >= 0
    return top, below


def indirect(photon: int, state: tuple[str, ...], below: list[list[int]]) -> float | None:
    """1 − 2·P(wrong) of the Z of a photon as found below it; None where it is not found."""
    votes = []
    for child in below[photon]:
        if state[child] == "lost":
            continue
        signs = [z_of(one, state, below) for one in below[child]]
        if None not in signs:
            votes.append((-1.0 if state[child] == "wrong" else 1.0) * float(np.prod(signs)))
    if not votes:
        return None
    return majority(votes)


def z_of(photon: int, state: tuple[str, ...], below: list[list[int]]) -> float | None:
    """The same as measured, or found below."""
    if state[photon] == "lost":
        return indirect(photon, state, below)
    return -1.0 if state[photon] == "wrong" else 1.0


def majority(votes: Votes) -> float:
    """The sign that most of the votes have; votes that are ties themselves are summed over both."""
    total = 0.0
    for signs in product(*[((1.0, (1 + v) / 2), (-1.0, (1 - v) / 2)) for v in votes]):
        chance = float(np.prod([p for _, p in signs]))
        total += chance * float(np.sign(sum(s for s, _ in signs)))
    return total


def enumerated(branching: tuple[int, ...], eta: float, flip: float) -> tuple[float, float, float]:
    """Success, e_x, e_z: the first of the first level that arrived carries the qubit."""
    top, below = children(branching)
    chances = {"lost": 1 - eta, "right": eta * (1 - flip), "wrong": eta * flip}
    if not flip:
        del chances["wrong"]
    success = some = right_z = right_x = 0.0
    for state in product(chances, repeat=len(below)):
        chance = float(np.prod([chances[one] for one in state]))
        present = [one for one in top if state[one] != "lost"]
        signs = [z_of(one, state, below) for one in top]
        if not present or None in signs:
            continue
        some += chance
        right_z += chance * float(np.prod(signs))
        rest = [z_of(one, state, below) for one in below[present[0]]]
        if None in rest:
            continue
        success += chance
        own = -1.0 if state[present[0]] == "wrong" else 1.0
        right_x += chance * own * float(np.prod(rest))
    return success, (1 - right_z / some) / 2, (1 - right_x / success) / 2


@pytest.mark.parametrize("branching", [(2,), (2, 2), (3, 2), (2, 1, 2), (1, 2, 2), (2, 2, 1), (4, 1)])
@pytest.mark.parametrize("eta", [0.8, 0.55])
def test_losses(branching: tuple[int, ...], eta: float) -> None:
    expected = enumerated(branching, eta, 0.0)[0]
    assert float(TreeCode(branching=branching).hop(eta).success) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("branching", [(2, 2), (2, 3), (2, 1, 1), (1, 2, 1), (3, 1)])
def test_wrong_outcomes(branching: tuple[int, ...]) -> None:
    hop = TreeCode(branching=branching).hop(0.75, 0.06)
    found = float(hop.success), float(hop.e_x), float(hop.e_z)
    assert found == pytest.approx(enumerated(branching, 0.75, 0.06), rel=1e-10)


def test_the_known_value() -> None:
    assert float(TreeCode(branching=(4, 14, 4)).hop(0.8).success) == pytest.approx(0.990894, abs=5e-7)


@pytest.mark.parametrize("branching", [(2, 2), (3, 2), (2, 2, 2), (4, 3), (3,), (2, 1, 2)])
def test_no_decoder_does_better_than_correctable(branching: tuple[int, ...]) -> None:
    code = TreeCode(branching=branching)
    counts = uncorrectable_erasures(code.stabilizer_code())
    assert len(counts) - 1 == code.photons
    for eta in (0.4, 0.7, 0.9):
        failed = sum(c * (1 - eta) ** k * eta ** (code.photons - k) for k, c in enumerate(counts))
        best = float(code.correctable(eta))
        assert best == pytest.approx(1 - failed, abs=1e-12)
        assert float(code.hop(eta).success) <= best + 1e-12


def test_stim_finds_what_is_correctable() -> None:
    code = TreeCode(branching=(4, 5, 2))
    found = simulated_hops(code, transmission=0.75, shots=20_000, seed=2)
    assert abs(found.success.value - float(code.correctable(0.75))) < 5 * found.success.stderr
    assert found.wrong_x == found.wrong_z == 0


def test_names_are_read() -> None:
    assert one_way_code("tree:4,14,4") == TreeCode(branching=(4, 14, 4))
    assert one_way_code(one_way_code("parity:13,6").name).photons == 78


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (
            lambda: one_way_code("partiy:3,3"),
            r"there is no one-way code 'partiy:3,3'; did you mean parity:3,3\?",
        ),
        (lambda: one_way_code("golay"), r"give parity:n,m or tree:b0,b1"),
        (lambda: one_way_code("parity:3"), r"does not read; write parity:n,m"),
        (lambda: one_way_code("tree:2,x"), r"does not read; write tree:b0,b1"),
        (lambda: one_way_code("tree:0,2"), r"branching=0 must be a whole number of at least 1"),
        (lambda: one_way_code("parity:1000,1000"), r"1000000 photons a block; 100000 are the most"),
        (lambda: TreeCode(branching=()), r"branching is empty"),
        (lambda: one_way_code("tree:2,1001"), r"branching=1001 is above 1000"),
        (lambda: one_way_code("parity:1001,2"), r"1000 blocks, or photons a block, are the most"),
        (lambda: TreeCode(branching=(2, 2)).hop(-0.1), r"transmission=-0\.1 is out of range"),
        (
            lambda: simulated_hops(
                TreeCode(branching=(2, 2)), transmission=0.9, errors=StationErrors(gate=0.1)
            ),
            r"knows losses alone",
        ),
    ],
)
def test_bad_input_is_one_line(call: object, match: str) -> None:
    with pytest.raises(ValueError, match=match) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)
