"""The shape that every protocol's key rate has: a frozen value, an asymptotic rate, a finite-key length."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np

from qnet.qkd._checks import Array, Number
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.errors import NoFiniteKeyProof
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range

__all__ = ["Block", "FiniteKey", "KeyRate", "RateProtocol"]


@dataclass(frozen=True, kw_only=True, eq=False)
class KeyRate:
    """A secret-key rate, and every figure on the way to it.

    Args:
        protocol: Name of the protocol.
        signed_rate: Secret bits per pulse before what is below 0 is cut off; an array for a curve.
        figures: The intermediate figures by name, numbers or arrays of the curve's length.
        parameters: The values that the protocol's parameters had, those that were sought included.
    """

    protocol: str
    signed_rate: Number
    figures: Mapping[str, Number] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "signed_rate", _plain(self.signed_rate))
        object.__setattr__(self, "figures", {name: _plain(value) for name, value in self.figures.items()})

    @property
    def rate(self) -> Number:
        """Secret bits per pulse, 0 where there is no key."""
        cut: Array = np.maximum(self.signed_rate, 0.0)
        return cut if cut.ndim else float(cut)


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteKey(KeyRate):
    """How many bits of a block are secret, by which proof and at which failure probabilities.

    Args:
        length: Secret bits of the block, whole; 0 where there is no key.
        pulses: How many pulses the block took.
        leakage_bits: What reconciliation told Eve.
        epsilon: The failure probabilities.
        bound: The statistical bound that was used, by name.
        proof: The proof, with its source.
    """

    length: Number
    pulses: Number
    leakage_bits: Number
    epsilon: EpsilonBudget
    bound: str
    proof: str

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("length", "pulses", "leakage_bits"):
            object.__setattr__(self, name, _plain(getattr(self, name)))

    @property
    def rate(self) -> Number:
        """Secret bits per pulse."""
        made: Array = np.asarray(self.length) / np.asarray(self.pulses)
        return made if made.ndim else float(made)


def _plain(value: Any) -> Any:
    """A number as a plain float, an array as it is."""
    return float(value) if np.ndim(value) == 0 else value


@dataclass(frozen=True, kw_only=True)
class Block:
    """How much is exchanged for one key: so many pulses, or so many sifted bits that the key is made of.

    With `bits`, the number of pulses that is expected to bring so many bits is fixed in advance: a run that
    goes on until there are enough is another protocol, whose sifting leaks (Pfister et al., New J. Phys. 18,
    053001 (2016)).

    Args:
        pulses: Number of pulses.
        bits: Number of sifted bits in the basis (or bases) of the key.
        epsilon: The failure probabilities of the key.

    Raises:
        ValueError: If not exactly one of `pulses` and `bits` is given, or it is not at least 1.
    """

    pulses: float | None = None
    bits: float | None = None
    epsilon: EpsilonBudget = field(default_factory=EpsilonBudget)

    def __post_init__(self) -> None:
        if (self.pulses is None) == (self.bits is None):
            raise ValueError(f"pulses={self.pulses!r} and bits={self.bits!r}: give exactly one of the two")
        for name in ("pulses", "bits"):
            value = getattr(self, name)
            if value is not None and not 1 <= value < np.inf:
                raise ValueError(f"{name}={value!r} is no size of a block; it must be at least 1")

    def pulses_at(self, sifted_share: Number) -> Number:
        """How many pulses it takes if so large a share of them ends as bits of the key."""
        if self.pulses is not None:
            return self.pulses
        assert self.bits is not None
        made: Array = self.bits / np.asarray(sifted_share, dtype=np.float64)
        return made if made.ndim else float(made)


@dataclass(frozen=True, kw_only=True)
class RateProtocol:
    """What is common to the key rates of all protocols.

    A parameter of a protocol that may be chosen is a field whose default is None, and is named in `free` with
    the range in which it is sought: what is left None is chosen by the optimiser, point by point; what is
    given stays. A field may be an array that goes along with the link's. `detector_counts` are the receivers
    that it can do with.

    A protocol of its own gives `_asymptotic`, and, if a proof is used, `_expected` and `finite_key_length`.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    proof: ClassVar[str | None] = None
    bound: ClassVar[str] = ""
    free: ClassVar[Mapping[str, Range]] = {}
    free_if_finite: ClassVar[Mapping[str, Range]] = {}
    detector_counts: ClassVar[tuple[int, ...]] = (2, 4)

    def asymptotic_rate(self, link: QkdLink) -> KeyRate:
        """Secret bits per pulse of an endless key; what is None is chosen at its best.

        Args:
            link: One channel, or a curve of them.
        """
        return self.optimised(link)._asymptotic(link)

    def finite_rate(self, link: QkdLink, block: Block) -> FiniteKey:
        """The secret bits of a block as expected over a link; what is None is chosen at its best.

        Args:
            link: One channel, or a curve of them.
            block: How much is exchanged, and the failure probabilities.

        Raises:
            NoFiniteKeyProof: If no proof for blocks of finite length is used here.
        """
        chosen = self.optimised(link, block)
        return chosen.finite_key_length(chosen.expected_counts(link, block), epsilon=block.epsilon)

    def expected_counts(self, link: QkdLink, block: Block) -> Any:
        """What is expected to be counted in a block: the argument of `finite_key_length`."""
        self._need_proof()
        return self._expected(link, block)

    def finite_key_length(
        self, counts: Any, *, epsilon: EpsilonBudget, leakage_bits: Number | None = None
    ) -> FiniteKey:
        """The secret bits of a block from what was counted.

        Args:
            counts: The counts, of the class that `expected_counts` returns.
            epsilon: The failure probabilities.
            leakage_bits: What reconciliation told Eve; None: f_EC times the entropy of the errors.

        Raises:
            NoFiniteKeyProof: If no proof for blocks of finite length is used here.
        """
        raise self._no_proof()

    def optimised(self, link: QkdLink, block: Block | None = None) -> Self:
        """The same protocol with the best value for everything that is None, as arrays along the link."""
        sought = self.sought_over(link, finite=block is not None)
        if not sought:
            return self
        if block is not None:
            self._need_proof()
        from qnet.qkd.optimisation import maximise

        curve = link.at(np.arange(link.points))

        def score(values: Mapping[str, Array], points: Any) -> Array:
            return self._score(curve.at(points), values, block)

        best = maximise(score, sought, points=link.points, guesses=self._guesses())
        scalar = np.ndim(link.channel_transmittance) == 0
        return replace(self, **{n: float(v[0]) if scalar else v for n, v in best.parameters.items()})

    def sought(self, *, finite: bool) -> dict[str, Range]:
        """The parameters that are still to be chosen, with the ranges in which they are sought."""
        free = {**self.free, **(self.free_if_finite if finite else {})}
        fixed = {"test_probability"} if getattr(self, "bases", "") == "symmetric" else set()
        return {n: span for n, span in free.items() if getattr(self, n) is None and n not in fixed}

    def sought_over(self, link: QkdLink, *, finite: bool) -> dict[str, Range]:
        """The same over a link: with four detectors the share of the test is chosen for endless keys, too.

        A receiver with a modulator hardly ever tests for an endless key; a beam splitter that lets hardly any
        light to the test's detectors would drown it in dark counts.
        """
        free = self.sought(finite=finite)
        share = self.sought(finite=True).get("test_probability")
        return free | {"test_probability": share} if link.detector.count == 4 and share else free

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of all parameters by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        raise TypeError(f"{type(self).__name__} gives no _asymptotic")

    def _expected(self, link: QkdLink, block: Block) -> Any:
        raise self._no_proof()

    def _guesses(self) -> tuple[Mapping[str, float], ...]:
        return ()

    def _score(self, link: QkdLink, values: Mapping[str, Array], block: Block | None) -> Array:
        """What the optimiser maximises: bits per pulse, uncut; -inf or NaN for what cannot be."""
        tried = self._unchecked(values)
        if block is None:
            return np.asarray(tried._asymptotic(link).signed_rate)
        counts = tried._expected(link, block)
        return np.asarray(tried.finite_key_length(counts, epsilon=block.epsilon).signed_rate)

    def _unchecked(self, values: Mapping[str, Array]) -> Self:
        """A copy with other values that are not checked, for the optimiser's inner loop."""
        made = copy.copy(self)
        for name, value in values.items():
            object.__setattr__(made, name, value)
        return made

    def _need_proof(self) -> None:
        if self.proof is None:
            raise self._no_proof()

    def _no_proof(self) -> NoFiniteKeyProof:
        return NoFiniteKeyProof(
            f"{self.name} has no finite-key proof here, only an asymptotic rate; leave the block out, or take"
            " one that has: bb84, six-state, bb84-decoy, bb84-one-decoy, bbm92"
        )
