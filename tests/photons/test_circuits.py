"""The circuits' quantum layer against density matrices, on several machines."""

import itertools

import numpy as np
import pytest
from qiskit.primitives import BackendSamplerV2, StatevectorSampler
from support.exact import distribution
from support.quantum_layers import deviations, end, joint, prepared, shared

from circuits.errors import NotClifford
from circuits.library import (
    bb84,
    bbm92,
    bell_pair,
    e91,
    mdi,
    six_state,
)
from circuits.noise import CircuitNoise
from qnet.errors import UnknownSampler
from qnet.execution import StimSampler, sampler
from qnet.qkd.circuit_layer import circuit_channel
from qnet.qkd.circuit_layer._halves import pair_circuit, signal_circuit, station_circuit
from qnet.qkd.eavesdroppers import DetectorBlinding, InterceptResend, PhotonNumberSplitting
from qnet.qkd.quantum import Choices, QuantumChannel


@pytest.mark.parametrize("names", ["ZX", "ZXY", "XZ"])
@pytest.mark.parametrize("machine", ["stim", "aer"])
def test_prepare_and_measure(names: str, machine: str) -> None:
    alice, bob = end(names, sends=True), end(names)
    channel = circuit_channel(alice, bob, pulses=60_000, sampler=machine, seed=1)
    counts = joint(channel, alice, bob, seed=2)
    assert counts.sum() == 60_000
    assert abs(deviations(counts, prepared(names, names), (3,))).max() < 5
    assert channel.executed == 2 * len(names) ** 2


def test_biased_bases_are_as_the_ends_choose() -> None:
    alice, bob = end("ZX", sends=True, chances=(0.9, 0.1)), end("ZX", chances=(0.7, 0.3))
    channel = circuit_channel(alice, bob, pulses=40_000, sampler="stim", seed=1)
    found = joint(channel, alice, bob, seed=2).sum(axis=(1, 3)) / 40_000
    assert found == pytest.approx(np.outer([0.9, 0.1], [0.7, 0.3]), abs=0.01)


@pytest.mark.parametrize("fidelity", [None, 0.9])
def test_bbm92(fidelity: float | None) -> None:
    both = end("ZX")
    pair = None if fidelity is None else bell_pair(fidelity=fidelity)
    counts = joint(
        circuit_channel(both, both, pulses=50_000, sampler="stim", pair=pair, seed=3), both, both, seed=4
    )
    visibility = 1 if fidelity is None else (4 * fidelity - 1) / 3
    chances = visibility * shared("ZX", "ZX") + (1 - visibility) / 4
    assert abs(deviations(counts, chances, (1, 3))).max() < 5


def test_e91_on_aer_and_its_refusal_by_stim() -> None:
    both = end("012")
    counts = joint(circuit_channel(both, both, pulses=90_000, sampler="aer", seed=3), both, both, seed=4)
    assert abs(deviations(counts, shared("012", "012"), (1, 3))).max() < 5
    share = counts / counts.sum(axis=(1, 3), keepdims=True)
    agree = share[:, 0, :, 0] + share[:, 1, :, 1] - share[:, 0, :, 1] - share[:, 1, :, 0]
    s = -agree[0, 0] + agree[0, 2] - agree[2, 0] - agree[2, 2]
    assert s == pytest.approx(2 * 2**0.5, abs=0.06)
    stim = circuit_channel(both, both, pulses=90, sampler="stim", seed=3)
    with pytest.raises(NotClifford, match=r"Clifford"):
        joint(stim, both, both, seed=4)


def test_station_announces_bell_states() -> None:
    both = end("ZX", sends=True)
    counts = joint(circuit_channel(both, both, pulses=64_000, sampler="stim", seed=3), both, both, seed=4)
    chances = np.zeros_like(counts, float)
    for i, x, j, y in itertools.product(range(2), repeat=4):
        for bits, chance in distribution(mdi(x, "ZX"[i], y, "ZX"[j])).items():
            chances[i, x, j, y, bits[0] + 2 * bits[1]] = chance
    assert abs(deviations(counts, chances, (4,))).max() < 5


def test_circuits_are_the_librarys() -> None:
    """The same outcomes with the same chances, setting by setting."""
    for bit, a, b in itertools.product((0, 1), "ZXY", "ZXY"):
        assert distribution(signal_circuit(a, bit, b)) == pytest.approx(distribution(six_state(bit, a, b)))
    for bit, a, b in itertools.product((0, 1), "ZX", "ZX"):
        assert distribution(signal_circuit(a, bit, b)) == pytest.approx(distribution(bb84(bit, a, b)))
        assert distribution(pair_circuit(a, b)) == pytest.approx(distribution(bbm92(a, b)))
    for i, j in itertools.product(range(3), range(3)):
        assert distribution(pair_circuit(str(i), str(j))) == pytest.approx(distribution(e91(i, j)))
    for x, a, y, b in itertools.product((0, 1), "ZX", (0, 1), "ZX"):
        assert distribution(station_circuit((a, x), (b, y))) == pytest.approx(distribution(mdi(x, a, y, b)))


def test_noise_is_the_machines() -> None:
    """A flip of each read-out, and nothing else: as many errors in both bases."""
    noisy = StimSampler(noise=CircuitNoise(measurement=0.06), seed=1)
    alice, bob = end("ZX", sends=True), end("ZX")
    counts = joint(circuit_channel(alice, bob, pulses=40_000, sampler=noisy, seed=2), alice, bob, seed=3)
    chances = 0.94 * prepared("ZX", "ZX") + 0.06 * prepared("ZX", "ZX")[..., ::-1]
    assert abs(deviations(counts, chances, (3,))).max() < 5


def test_a_fake_device_has_errors() -> None:
    alice, bob = end("ZX", sends=True), end("ZX")
    channel = circuit_channel(alice, bob, pulses=2_000, sampler="fake_manila", seed=1)
    counts = joint(channel, alice, bob, seed=2)
    wrong = sum(counts[k, x, k, 1 - x] for k in (0, 1) for x in (0, 1))
    kept = sum(counts[k, :, k].sum() for k in (0, 1))
    assert 0.002 < wrong / kept < 0.12
    assert channel.simulated


def test_a_sampler_that_repeats_itself_is_made_independent() -> None:
    """Qiskit's sampler with a seed gives the same shots in each run; Eve's two runs stay apart."""
    alice, bob = end("ZX", sends=True), end("ZX")
    same = StatevectorSampler(seed=5)
    channel = circuit_channel(alice, bob, pulses=20_000, sampler=same, eve=InterceptResend(), seed=1)
    counts = joint(channel, alice, bob, seed=2)
    assert abs(deviations(counts, prepared("ZX", "ZX", "ZX"), (3,))).max() < 5


def test_any_sampler_runs_them() -> None:
    from qiskit_aer import AerSimulator

    alice, bob = end("ZX", sends=True), end("ZX")
    machine = BackendSamplerV2(backend=AerSimulator(seed_simulator=3))
    counts = joint(circuit_channel(alice, bob, pulses=400, sampler=machine, seed=2), alice, bob, seed=3)
    assert counts.sum() == 400
    assert counts[0, 0, 0, 1] == counts[1, 1, 1, 0] == 0


def test_equal_seeds_give_equal_bits() -> None:
    alice, bob = end("ZX", sends=True), end("ZX")

    def run(seed: int | None) -> np.ndarray:
        channel = circuit_channel(alice, bob, pulses=5_000, sampler="stim", eve=InterceptResend(), seed=seed)
        return joint(channel, alice, bob, seed=9)

    assert np.array_equal(run(1), run(1))
    assert not np.array_equal(run(1), run(2))
    assert not np.array_equal(run(None), run(None))


def test_each_circuit_is_run_once_and_only_if_it_is_needed() -> None:
    alice, bob = end("ZX", sends=True, chances=(1.0, 0.0)), end("ZX", chances=(1.0, 0.0))
    channel = circuit_channel(alice, bob, pulses=1_000, sampler="stim", seed=1)
    assert isinstance(channel, QuantumChannel)
    joint(channel, alice, bob, seed=2)
    assert channel.executed == 2
    split = circuit_channel(alice, bob, pulses=1_000, sampler="stim", seed=1, batch=300)
    lengths = []
    while (batch := split.propose()) is not None:
        lengths.append((len(batch), int(batch.numbers[0])))
    assert lengths == [(300, 0), (300, 300), (300, 600), (100, 900)]


ALICE, BOB = end("ZX", sends=True), end("ZX")


@pytest.mark.parametrize(
    ("ends", "options", "told"),
    [
        ((BOB, ALICE), {}, r"^bob sends and alice does not"),
        (
            (end("ZX", sends=True, intensities=(0.5,)), BOB),
            {},
            r"^alice has the intensities .* single photons$",
        ),
        ((end("ZQ", sends=True), BOB), {}, r"^alice has the basis 'Q'; give some of Z, X, Y$"),
        ((end("012", sends=True), BOB), {}, r"^alice has the basis '0'"),
        ((BOB, end("0Z")), {}, r"^bob has the basis 'Z'; give some of 0, 1, 2$"),
        (
            (ALICE, BOB),
            {"eve": PhotonNumberSplitting()},
            r"acts on photon numbers, which circuits do not have",
        ),
        ((ALICE, BOB), {"eve": DetectorBlinding()}, r"acts on detectors, which circuits do not have"),
        (
            (ALICE, BOB),
            {"eve": InterceptResend(bases=("0",))},
            r"^eve measures in '0'; give some of Z, X, Y$",
        ),
        ((ALICE, BOB), {"pulses": 0}, r"^pulses=0 must be a whole number"),
        ((ALICE, BOB), {"seed": "x"}, r"^seed='x' must be a whole number"),
    ],
)
def test_what_does_not_fit_is_refused(ends, options, told) -> None:
    with pytest.raises(ValueError, match=told):
        circuit_channel(*ends, **{"pulses": 10, "sampler": "stim", **options})


def test_only_ibms_own_machines_are_no_simulation() -> None:
    from qiskit_ibm_runtime.fake_provider import FakeManilaV2

    from qnet.execution import IBMSampler

    class IBMBackend(FakeManilaV2):
        """Called as IBM's own machines are."""

    fake, real = IBMSampler(FakeManilaV2()), IBMSampler(IBMBackend())
    assert circuit_channel(ALICE, BOB, pulses=1, sampler=fake).simulated
    assert not circuit_channel(ALICE, BOB, pulses=1, sampler=real).simulated


def test_unknown_samplers_are_named() -> None:
    with pytest.raises(UnknownSampler, match=r"there is no sampler 'fake_tornado'"):
        circuit_channel(ALICE, BOB, pulses=10, sampler="fake_tornado")


def test_choices_must_fit_the_signals() -> None:
    channel = circuit_channel(ALICE, BOB, pulses=10, sampler=sampler("stim", seed=1), seed=1)
    batch = channel.propose()
    bases = np.zeros(10, np.uint8)
    with pytest.raises(ValueError, match=r"^alice.bases are uint8 of shape \(9,\); give"):
        channel.detect(batch, Choices(bases=bases[1:], bits=bases[1:]), Choices(bases=bases))
    batch = circuit_channel(ALICE, BOB, pulses=10, sampler="stim").propose()
    with pytest.raises(ValueError, match=r"^alice.bits=None, but this end chooses them"):
        channel.detect(batch, Choices(bases=bases), Choices(bases=bases))
    with pytest.raises(ValueError, match=r"^bob.intensities are given, but this end has none to choose"):
        channel.detect(batch, Choices(bases=bases, bits=bases), Choices(bases=bases, intensities=bases))
