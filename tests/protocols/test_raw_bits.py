"""Raw bits of key distribution, signal by signal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from qiskit.primitives import StatevectorSampler

from qnet.execution import StimSampler, run, sampler
from qnet.protocols import B92, BB84, BBM92, E91, MDI, SARG04, RawBits, SixState, Teleportation, raw_bits

CLIFFORD = (BB84(), SixState(), B92(), SARG04(), BBM92(), MDI())
SIGNALS = 20_000


def within(value: float, expected: float, count: int) -> bool:
    return abs(value - expected) < 5 * np.sqrt(expected * (1 - expected) / count)


@pytest.mark.parametrize("protocol", CLIFFORD, ids=lambda p: p.name)
def test_noiseless_bits_agree_where_they_are_sifted(protocol: Any) -> None:
    bits = raw_bits(protocol, StimSampler(seed=1), signals=SIGNALS, seed=2)
    assert len(bits) == SIGNALS
    assert (bits.protocol, bits.bases) == (protocol.name, protocol.bases)
    for array in (bits.alice_bits, bits.bob_bits, bits.alice_bases, bits.bob_bases):
        assert array.dtype == np.uint8
        assert array.shape == (SIGNALS,)
    assert np.array_equal(bits.alice_bits[bits.sifted], bits.bob_bits[bits.sifted])
    assert within(bits.sifted.mean(), protocol.ideals()["sifted_fraction"], SIGNALS)
    assert within(bits.alice_bits.mean(), 0.5, SIGNALS)
    assert within(bits.alice_bits[bits.sifted].mean(), 0.5, int(bits.sifted.sum()))


@pytest.mark.parametrize("protocol", [BB84(), SixState(), BBM92(), MDI()], ids=lambda p: p.name)
def test_bits_are_sifted_when_bases_agree_and_random_otherwise(protocol: Any) -> None:
    bits = raw_bits(protocol, StimSampler(seed=3), signals=SIGNALS, seed=4)
    equal = bits.alice_bases == bits.bob_bases
    assert np.array_equal(equal, bits.sifted)
    share = 1 / len(protocol.bases)
    for bases in (bits.alice_bases, bits.bob_bases):
        for k in range(len(protocol.bases)):
            assert within((bases == k).mean(), share, SIGNALS)
    others = ~equal
    assert within((bits.alice_bits == bits.bob_bits)[others].mean(), 0.5, int(others.sum()))


def test_the_order_is_random() -> None:
    """No pattern from the grouping: neighbours are independent, and both halves look alike."""
    bits = raw_bits("six_state", StimSampler(seed=5), signals=SIGNALS, seed=6)
    for array, size in ((bits.alice_bits, 2), (bits.bob_bits, 2), (bits.alice_bases, 3), (bits.bob_bases, 3)):
        assert within((array[1:] == array[:-1]).mean(), 1 / size, SIGNALS - 1)
        half = SIGNALS // 2
        assert within((array[:half] == 0).mean(), 1 / size, half)


def test_biased_bases() -> None:
    bits = raw_bits(BB84(z_probability=0.9), StimSampler(seed=1), signals=SIGNALS, seed=2)
    assert within((bits.alice_bases == 0).mean(), 0.9, SIGNALS)
    assert within((bits.bob_bases == 0).mean(), 0.9, SIGNALS)
    assert within(bits.sifted.mean(), 0.82, SIGNALS)


def test_errors_of_the_pairs_reach_the_bits() -> None:
    protocol = BBM92(weights=(0.85, 0.1, 0.0, 0.05))
    bits = raw_bits(protocol, StimSampler(seed=1), signals=SIGNALS, seed=2)
    wrong = bits.alice_bits != bits.bob_bits
    for basis, rate in ((0, 0.1), (1, 0.05)):
        part = bits.sifted & (bits.alice_bases == basis)
        assert within(wrong[part].mean(), rate, int(part.sum()))


def test_e91_on_aer() -> None:
    bits = raw_bits(E91(), "aer", signals=SIGNALS, seed=7)
    assert np.array_equal(bits.alice_bits[bits.sifted], bits.bob_bits[bits.sifted])
    assert within(bits.sifted.mean(), 2 / 9, SIGNALS)
    part = (bits.alice_bases == 0) & (bits.bob_bases == 0)
    equal = (bits.alice_bits == bits.bob_bits)[part]
    assert within(equal.mean(), (1 - np.sqrt(0.5)) / 2, int(part.sum()))


def test_statistics_of_raw_bits_are_those_of_a_run() -> None:
    machine = sampler("aer", seed=3)
    protocol = BBM92(fidelity=0.9)
    bits = raw_bits(protocol, machine, signals=SIGNALS, seed=4)
    figures = run(protocol, machine, shots=SIGNALS, seed=5).figures
    rate = (bits.alice_bits != bits.bob_bits)[bits.sifted].mean()
    assert abs(rate - figures["qber"].value) < 5 * np.sqrt(2) * figures["qber"].stderr


def test_seeds() -> None:
    first, again, other = (raw_bits(BB84(), StimSampler(seed=1), signals=500, seed=s) for s in (2, 2, 3))
    assert np.array_equal(first.alice_bases, again.alice_bases)
    assert np.array_equal(first.bob_bits, again.bob_bits)
    assert not np.array_equal(first.alice_bases, other.alice_bases)
    generator = np.random.default_rng(2)
    drawn = raw_bits(BB84(), StimSampler(seed=1), signals=500, seed=generator)
    assert np.array_equal(drawn.alice_bases, first.alice_bases)
    more = raw_bits(BB84(), StimSampler(seed=1), signals=500, seed=generator)
    assert not np.array_equal(more.alice_bases, first.alice_bases)


@pytest.mark.parametrize("signals", [1, 2, 7])
def test_fewer_signals_than_circuits(signals: int) -> None:
    bits = raw_bits(MDI(), StimSampler(seed=1), signals=signals, seed=np.int64(3))  # type: ignore[arg-type]
    assert len(bits) == signals


def test_any_sampler_of_qiskit_sends_signals() -> None:
    bits = raw_bits("bb84", StatevectorSampler(seed=1), signals=300, seed=1)
    assert np.array_equal(bits.alice_bits[bits.sifted], bits.bob_bits[bits.sifted])


def test_raw_bits_add() -> None:
    one = raw_bits("b92", StimSampler(seed=1), signals=30, seed=1)
    two = raw_bits("b92", StimSampler(seed=2), signals=20, seed=2)
    both = one + two
    assert len(both) == 50
    assert np.array_equal(both.bob_bits, np.concatenate([one.bob_bits, two.bob_bits]))
    other = raw_bits("bb84", StimSampler(seed=2), signals=20, seed=2)
    with pytest.raises(ValueError, match="signals of b92 and of bb84 do not add; add equal protocols"):
        _ = one + other


def test_arrays_of_different_lengths_are_refused() -> None:
    bits = np.zeros(3, dtype=np.uint8)
    with pytest.raises(ValueError, match=r"have the shapes \[\(2,\), \(3,\)\]; give five of one length"):
        RawBits(
            protocol="bb84",
            bases=("Z", "X"),
            alice_bits=bits,
            bob_bits=bits,
            alice_bases=bits,
            bob_bases=bits[:2],
            sifted=bits.astype(bool),
        )


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="protocol='teleportation' sends no raw bits; give one of key distr"):
        raw_bits(Teleportation(), StimSampler(), signals=10)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="there is no protocol 'bb94'"):
        raw_bits("bb94", StimSampler(), signals=10)
    with pytest.raises(ValueError, match=r"^protocol=BB84 is a class; give BB84\(…\)$"):
        raw_bits(BB84, StimSampler(), signals=10)  # type: ignore[arg-type]
    for seed in ("x", -1, 0.5):
        with pytest.raises(ValueError, match=f"^seed={seed!r} must be a whole number from 0, a nu"):
            raw_bits("bb84", StimSampler(), signals=10, seed=seed)  # type: ignore[arg-type]
    for signals in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match=f"signals={signals} must be a positive whole number"):
            raw_bits("bb84", StimSampler(), signals=signals)  # type: ignore[arg-type]


def test_the_state_that_alice_sends_says_her_bit() -> None:
    """B92: |0⟩ and |+⟩ mean 0 and 1; SARG04: Z means 1 and X means 0; sifted or not."""
    b92 = raw_bits("b92", StimSampler(seed=1), signals=500, seed=1)
    assert np.array_equal(b92.alice_bits, b92.alice_bases)
    sarg04 = raw_bits("sarg04", StimSampler(seed=1), signals=500, seed=1)
    assert np.array_equal(sarg04.alice_bits, 1 - sarg04.alice_bases)


@pytest.mark.parametrize("protocol", [E91(), BBM92()], ids=lambda p: p.name)
def test_unsifted_bits_of_pairs_are_what_each_side_measured(protocol: Any) -> None:
    lookup = protocol.lookup()
    codes = np.tile(np.arange(4), len(protocol.circuits()))
    labels = [register.name for register in protocol.circuit().cregs]
    assert labels == ["alice_bit", "bob_bit"]
    unsifted = ~lookup.sifted
    assert np.array_equal(lookup.alice_bits[unsifted], (codes & 1)[unsifted])
    assert np.array_equal(lookup.bob_bits[unsifted], (codes >> 1)[unsifted])
