"""What BB84 with one decoy and with two share: intensities, bases, counts, finite keys."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from qnet.qkd._checks import Array, Number, as_number, check_within
from qnet.qkd._detector_memory import Memory, detector_memory
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.gains import Detection, coherent, detection
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._bases import check_bases, share_of_test, sifted_share
from qnet.qkd.rates._entropy import capped_entropy, entropy
from qnet.qkd.rates._finite_decoys import DecoyKey, Tally, key_of_counts
from qnet.qkd.rates._intensities import as_columns, in_order, rooms
from qnet.qkd.rates.decoy_counts import DecoyCounts
from qnet.qkd.rates.shape import Block, FiniteKey, KeyRate, RateProtocol

__all__ = ["DecoyProtocol", "Seen"]

_LEAST_SHARE = 1e-9  # Of the light, for the test in the limit of a receiver that hardly tests.
_SETTLING = 40  # Rounds at most until a secrecy per bit and the length agree; each brings about two digits.


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """What is counted of each intensity in the key's basis and in the test's: gains (intensities, …)."""

    link: QkdLink
    memory: Memory
    key: Detection
    tested: Detection
    shares: tuple[Array, Array]


@dataclass(frozen=True, kw_only=True)
class DecoyProtocol(RateProtocol):
    """BB84 with weak pulses of several intensities; a subclass names and bounds them."""

    signal_intensity: float | None = None
    decoy_intensity: float | None = None
    signal_probability: float | None = None
    bases: str = "biased"
    test_probability: float | None = None
    f_ec: float = 1.16
    vacuum_bits: bool = True

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None and not isinstance(value, str | bool):
                object.__setattr__(self, one.name, as_number(one.name, value))
        check_bases(self.bases, self.test_probability)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)
        for name in ("signal_intensity", "decoy_intensity"):
            if getattr(self, name) is not None:
                check_within(name, getattr(self, name), 0, np.inf, open_low=True, open_high=True)
        for name in ("signal_probability", "decoy_probability"):
            if getattr(self, name, None) is not None:
                check_within(name, getattr(self, name), 0, 1, open_low=True, open_high=True)
        self._check_order()

    def _check_order(self) -> None:
        in_order("signal_intensity", self.signal_intensity, "decoy_intensity", self.decoy_intensity)

    def _intensities(self) -> Array:
        """The mean photon numbers, strongest first: (intensities, …)."""
        raise TypeError(f"{type(self).__name__} gives no _intensities")

    def _probabilities(self) -> Array:
        """How often each is sent; the signal alone where this is open (an endless key)."""
        raise TypeError(f"{type(self).__name__} gives no _probabilities")

    def _ordered(self) -> Array:
        """Whether the intensities are in order, entry by entry."""
        mean = self._intensities()
        return np.asarray(np.all(mean[:-1] > mean[1:], axis=0) & (mean[0] > mean[1:].sum(axis=0)))

    def sought(self, *, finite: bool) -> dict[str, Range]:
        """The parameters that are still to be chosen, between the intensities that are given."""
        weakest = getattr(self, "vacuum_intensity", 0.0)
        room = rooms(self.free, self.signal_intensity, self.decoy_intensity, weakest)
        return super().sought(finite=finite) | room

    def _yields(self, seen: Seen) -> tuple[Array, Array, Array]:
        """For an endless key: Y₀ and Y₁ at least, and the phase error rate of single photons at most."""
        vacuum, single, _ = self._bounds(np.asarray(seen.key.gain), np.asarray(seen.key.errors))
        _, tested, wrong = self._bounds(np.asarray(seen.tested.gain), np.asarray(seen.tested.errors))
        return vacuum, single, np.where(tested > 0, np.minimum(wrong / np.maximum(tested, 1e-300), 0.5), 0.5)

    def _bounds(self, gains: Array, errors: Array) -> tuple[Array, Array, Array]:
        """From the gains of one basis without fluctuations: Y₀ and Y₁ at least, e₁·Y₁ at most."""
        raise TypeError(f"{type(self).__name__} gives no _bounds")

    def _sent(self, link: QkdLink) -> tuple[Array, Array]:
        """Intensities and probabilities, (intensities, …), with an axis for the curve if the link has one."""
        axes = np.ndim(link.channel_transmittance)
        return as_columns(self._intensities(), axes), as_columns(self._probabilities(), axes)

    def _seen(self, link: QkdLink) -> Seen:
        mean, chosen = self._sent(link)
        test = share_of_test(self.bases, self.test_probability)
        shares = (np.asarray(1 - test), np.maximum(test, _LEAST_SHARE))
        memory = detector_memory(
            [(share, coherent(one)) for share, one in zip(chosen, mean, strict=True)],
            link.efficiency,
            link.detector,
            matched=(1 - test) ** 2 + test**2,
            basis_share=shares[0],
        )
        light = coherent(mean)
        key = detection(light, link.efficiency, link.detector, memory=memory, basis_share=shares[0])
        tested = key
        if link.detector.count != 2:
            turned = memory.turned()
            tested = detection(light, link.efficiency, link.detector, memory=turned, basis_share=shares[1])
        return Seen(link=link, memory=memory, key=key, tested=tested, shares=shares)

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        mean, chosen = self._sent(link)
        seen = self._seen(link)
        gains, errors = np.asarray(seen.key.gain), np.asarray(seen.key.errors)
        vacuum, single, phase = self._yields(seen)
        vacuum = vacuum * self.vacuum_bits
        weights = chosen * np.exp(-mean)
        vacuum_gain, single_gain = vacuum * weights.sum(axis=0), single * (weights * mean).sum(axis=0)
        gain, lost = (chosen * gains).sum(axis=0), (chosen * errors).sum(axis=0)
        qber = np.where(gain > 0, lost / np.maximum(gain, 1e-300), 0.5)
        secret = vacuum_gain + single_gain * (1 - capped_entropy(phase)) - self.f_ec * gain * entropy(qber)
        figures = {
            "gain": gain,
            "qber": qber,
            "vacuum_yield": vacuum,
            "single_photon_yield": single,
            "single_photon_gain": single_gain,
            "phase_error_rate": phase,
            "key_fraction": secret / np.maximum(gain, 1e-300),
        }
        sifted = sifted_share(self.bases, self.test_probability)
        return KeyRate(
            protocol=self.name,
            signed_rate=_plain(sifted * secret),
            figures={name: _plain(value) for name, value in figures.items()},
            parameters=self.parameters,
        )

    def _expected(self, link: QkdLink, block: Block) -> DecoyCounts:
        _, chosen = self._sent(link)
        seen = self._seen(link)
        key, tested = seen.key, seen.tested
        test = share_of_test(self.bases, self.test_probability)
        kept, looked_at = (1 - test) ** 2 * chosen, test**2 * chosen
        pulses = block.pulses_at((kept * key.gain).sum(axis=0))
        made: DecoyCounts = copy.copy(_NOTHING)  # Counts that need no check, for the optimiser's inner loop.
        values = {
            "pulses": pulses,
            "key_bits": pulses * kept * key.gain,
            "key_errors": pulses * kept * key.errors,
            "test_bits": pulses * looked_at * tested.gain,
            "test_errors": pulses * looked_at * tested.errors,
        }
        for name, value in values.items():
            object.__setattr__(made, name, value)
        return made

    def finite_key_length(
        self, counts: DecoyCounts, *, epsilon: EpsilonBudget, leakage_bits: Number | None = None
    ) -> FiniteKey:
        """The secret bits of a block from what was counted.

        ℓ = ⌊s₀ + s₁·(1−h(φ)) − leak − 6·log₂(T/ε_sec) − log₂(2/ε_cor)⌋, T = 21 with two decoys (Eq. (1) of
        arXiv:1311.7103), 19 with one (Eq. (1) of arXiv:1801.03443), without s₀ if `vacuum_bits` is False.
        If the budget's secrecy is per bit, ε_sec = κ·ℓ for the length that comes out.

        Args:
            counts: What was counted, a `DecoyCounts`.
            epsilon: The failure probabilities.
            leakage_bits: What reconciliation told Eve; None: f_EC·n·h(QBER).

        Returns:
            The length, and what it was made of.

        Raises:
            NoFiniteKeyProof: If no proof for blocks of finite length is used here.
            ValueError: If the counts have not as many intensities as the protocol.
            ValueError: If an intensity or a probability is left open.
        """
        self._need_proof()
        self._check_counts(counts)
        found, leak = self._key(counts, epsilon, leakage_bits, _SETTLING)
        length = np.floor(np.maximum(found.length, 0.0))
        figures = {
            "key_bits": counts.key_total,
            "test_bits": counts.test_total,
            "qber": counts.key_error_rate,
            "test_qber": counts.test_error_rate,
            "vacuum_bits": found.vacuum,
            "single_photon_bits": found.singles,
            "test_single_photon_bits": found.check_singles,
            "test_single_photon_errors": found.check_single_errors,
            "phase_error_bound": found.phase_error,
            "leakage_bits": leak,
            "epsilon_bits": found.overhead,
            "epsilon_secrecy": found.secrecy,
        }
        return FiniteKey(
            protocol=self.name,
            signed_rate=_plain(found.length / np.asarray(counts.pulses)),
            length=_plain(length),
            pulses=counts.pulses,
            leakage_bits=_plain(leak),
            epsilon=epsilon,
            bound=self.bound,
            proof=str(self.proof),
            figures={name: _plain(value) for name, value in figures.items()},
            parameters=self.parameters,
        )

    def _check_counts(self, counts: DecoyCounts) -> None:
        missing = [name for name in self.sought(finite=True) if name != "test_probability"]
        if missing:
            raise ValueError(
                f"{missing[0]}=None: counts need the intensities and probabilities that they were made with"
            )
        count = len(self._intensities())
        if len(counts.key_bits) != count:
            raise ValueError(
                f"counts of {len(counts.key_bits)} intensities; {self.name} has {count}, give one entry each"
            )

    def _key(
        self, counts: DecoyCounts, epsilon: EpsilonBudget, leakage_bits: Number | None, settling: int
    ) -> tuple[DecoyKey, Array]:
        bits = counts.key_bits
        mean, chosen = (
            as_columns(one, bits.ndim - 1) for one in (self._intensities(), self._probabilities())
        )
        tally = Tally(mean, chosen, bits, counts.key_errors, counts.test_bits, counts.test_errors)
        leak = (
            np.asarray(leakage_bits, dtype=np.float64)
            if leakage_bits is not None
            else self.f_ec * bits.sum(axis=0) * entropy(counts.key_error_rate)
        )
        length = np.asarray(0.25 * bits.sum(axis=0))
        for _ in range(settling if epsilon.per_bit else 1):
            before = length
            secrecy = np.minimum(np.asarray(epsilon.secret_for(length)), 0.5)
            found = key_of_counts(tally, leak, secrecy, epsilon.correctness, vacuum_bits=self.vacuum_bits)
            length = np.asarray(found.length)
            if np.all(np.abs(length - before) <= 1e-9 * np.abs(length)):
                break
        return found, leak

    def _score(self, link: QkdLink, values: Mapping[str, Array], block: Block | None) -> Array:
        """Bits per pulse where there are any, else how much each sifted bit lacks."""
        tried = self._unchecked(values)
        possible = tried._ordered()
        if block is None:
            found = tried._asymptotic(link)
            rate, fraction = np.asarray(found.signed_rate), np.asarray(found.figures["key_fraction"])
        else:
            counts = tried._expected(link, block)
            key, _ = tried._key(counts, block.epsilon, None, 2)
            rate = key.length / np.asarray(counts.pulses)
            possible = possible & np.all(tried._probabilities() > 0, axis=0)
            fraction = key.length / np.maximum(counts.key_bits.sum(axis=0), 1e-300)
        return np.where(possible, np.where(rate > 0, rate, np.minimum(fraction, 0.0)), -np.inf)


_NOTHING: Any = DecoyCounts(pulses=0.0, key_bits=[0.0], key_errors=[0.0], test_bits=[0.0], test_errors=[0.0])  # type: ignore[arg-type]


def _plain(value: Array | float) -> Number:
    return np.asarray(value) if np.ndim(value) else float(value)
