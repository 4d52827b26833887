"""Raw bits of key distribution: one shot per signal, grouped by the few distinct circuits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qnet.protocols._key_distribution import KeyProtocol, codes_of

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2

__all__ = ["RawBits", "raw_bits"]

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class RawBits:
    """What both sides have noted after the signals, before they compare anything; results add with `+`.

    Attributes:
        protocol: Name of the protocol.
        bases: Names of the bases (settings) by number.
        alice_bits: Alice's bit of every signal, shape (signals,).
        bob_bits: Bob's. Where the protocol asks him to flip or to infer his bit, sifted ones are so already.
        alice_bases: Number of Alice's basis for every signal.
        bob_bases: Number of Bob's.
        sifted: Whether the signal enters the key.

    Raises:
        ValueError: If the arrays are not all of the same length.
    """

    protocol: str
    bases: tuple[str, ...]
    alice_bits: Bytes
    bob_bits: Bytes
    alice_bases: Bytes
    bob_bases: Bytes
    sifted: NDArray[np.bool_]

    def __post_init__(self) -> None:
        arrays = (self.alice_bits, self.bob_bits, self.alice_bases, self.bob_bases, self.sifted)
        shapes = {array.shape for array in arrays}
        if len(shapes) > 1 or any(len(shape) != 1 for shape in shapes):
            raise ValueError(f"the arrays have the shapes {sorted(shapes)}; give five of one length")

    def __len__(self) -> int:
        return len(self.alice_bits)

    def __add__(self, other: RawBits) -> RawBits:
        if not isinstance(other, RawBits):
            return NotImplemented
        if (self.protocol, self.bases) != (other.protocol, other.bases):
            raise ValueError(
                f"signals of {self.protocol} and of {other.protocol} do not add; add equal protocols"
            )
        names = ("alice_bits", "bob_bits", "alice_bases", "bob_bases", "sifted")
        both = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names}
        return RawBits(protocol=self.protocol, bases=self.bases, **both)


def raw_bits(
    protocol: KeyProtocol | str,
    sampler: BaseSamplerV2 | str,
    *,
    signals: int,
    seed: int | np.random.Generator | None = None,
) -> RawBits:
    """Send signals, each with a setting of its own, in random order.

    The settings are drawn first; signals with the same one are shots of one circuit, and the outcomes go
    back to their places. Shots of a circuit are independent and alike, so that which of them goes to which
    place does not matter.

    Args:
        protocol: An experiment on key distribution, such as `BB84()`, or its name.
        sampler: Any `BaseSamplerV2`, or a name that `qnet.execution.sampler` knows.
        signals: Number of signals.
        seed: Seed of the settings, or the generator to draw them from; not that of the sampler, which has
            its own, except where the sampler is given by name and the seed as a number.

    Returns:
        Both sides' notes.

    Raises:
        ValueError: If `protocol` is no protocol of key distribution.
        ValueError: If `signals` is no positive whole number.
        ValueError: If `seed` is neither a whole number from 0, a generator, nor None.

    Example:
        >>> from qnet.execution import StimSampler
        >>> bits = raw_bits("bb84", StimSampler(seed=1), signals=1000, seed=2)
        >>> equal = bits.alice_bases == bits.bob_bases
        >>> bool((bits.alice_bits == bits.bob_bits)[equal].all()), bool((equal == bits.sifted).all())
        (True, True)
    """
    from qnet.execution import execute
    from qnet.execution import sampler as named

    chosen = _protocol(protocol)
    if not isinstance(signals, int | np.integer) or isinstance(signals, bool) or signals < 1:
        raise ValueError(f"signals={signals!r} must be a positive whole number")
    generator = _generator(seed)
    if isinstance(sampler, str):
        sampler = named(sampler, seed=None if generator is seed else seed)
    lookup, circuits = chosen.lookup(), chosen.circuits()
    settings = chosen.choices(int(signals), generator)
    counts = np.bincount(settings, minlength=len(circuits))
    outcomes = execute(circuits, sampler, shots=counts.tolist())
    cells = settings * np.uint8(lookup.codes)
    cells[np.argsort(settings, kind="stable")] += np.concatenate([codes_of(one.bits) for one in outcomes])
    return RawBits(
        protocol=chosen.name,
        bases=chosen.bases,
        alice_bits=lookup.alice_bits[cells],
        bob_bits=lookup.bob_bits[cells],
        alice_bases=lookup.alice_bases[settings],
        bob_bases=lookup.bob_bases[settings],
        sifted=lookup.sifted[cells],
    )


def _generator(seed: Any) -> np.random.Generator:
    if isinstance(seed, np.random.Generator):
        return seed
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if seed is not None and (not whole or seed < 0):
        raise ValueError(f"seed={seed!r} must be a whole number from 0, a numpy.random.Generator, or None")
    return np.random.default_rng(seed)


def _protocol(protocol: KeyProtocol | str) -> KeyProtocol:
    if isinstance(protocol, str):
        from qnet.protocols.registry import protocol as by_name

        protocol = by_name(protocol)()
    if isinstance(protocol, type):
        raise ValueError(f"protocol={protocol.__name__} is a class; give {protocol.__name__}(…)")
    if not isinstance(protocol, KeyProtocol):
        name = getattr(protocol, "name", protocol)
        raise ValueError(f"protocol={name!r} sends no raw bits; give one of key distribution, such as 'bb84'")
    return protocol
