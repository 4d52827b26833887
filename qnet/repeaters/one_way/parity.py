"""Quantum parity codes under loss and wrong outcomes, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.repeaters._checks import probability, whole
from qnet.repeaters.one_way.hop import Hop, majority_errors

if TYPE_CHECKING:
    from circuits.codes.stabilizer import StabilizerCode

__all__ = ["ParityCode"]

Floats = NDArray[np.float64]

MOST = 1000


@dataclass(frozen=True, kw_only=True)
class ParityCode:
    """The quantum parity code QPC(n, m): n blocks of m photons.

    A station measures every photon that arrived with its partner in a fresh block in the Bell basis. Logical
    Z⊗Z is the product over the blocks, each read by the majority of its photons; logical X⊗X is the
    product over one whole block, read by the majority of those that arrived whole. A tie is decided by a
    coin.

    Args:
        n: Number of blocks, at most 1000.
        m: Photons a block, at most 1000.

    Raises:
        ValueError: If n or m is no whole number from 1 to 1000, or both are 1.

    Source: Ralph, Hayes, Gilchrist, PRL 95, 100501 (2005), quant-ph/0501184; Muralidharan, Kim, Lütkenhaus,
    Lukin, Jiang, PRL 112, 250501 (2014), arXiv:1310.5291.

    Example:
        >>> code = ParityCode(n=2, m=2)
        >>> round(float(code.hop(0.9).success), 6)
        0.9477
    """

    n: int
    m: int

    def __post_init__(self) -> None:
        whole("n", self.n)
        whole("m", self.m)
        if max(self.n, self.m) > MOST:
            raise ValueError(f"n={self.n}, m={self.m}: {MOST} blocks, or photons a block, are the most")
        if self.n == self.m == 1:
            raise ValueError("n=1 and m=1 encode nothing; give at least 2 of one of them")

    @property
    def name(self) -> str:
        """How it is written.

        Example:
            >>> ParityCode(n=13, m=6).name
            'parity:13,6'
        """
        return f"parity:{self.n},{self.m}"

    @property
    def photons(self) -> int:
        """n·m."""
        return self.n * self.m

    def stabilizer_code(self) -> StabilizerCode:
        """The code for simulations: blocks in a row."""
        from circuits.codes.named import parity

        return parity(self.n, self.m)

    def hop(self, transmission: ArrayLike, flip: float = 0.0) -> Hop:
        """What one hop does.

        P = [1 − (1−η)^m]ⁿ − [1 − (1−η)^m − η^m]ⁿ: of every block a photon arrives, and one block whole.

        Args:
            transmission: η of a photon; a number or an array.
            flip: Probability that an outcome of a photon that arrived is wrong, for X⊗X and for Z⊗Z.

        Raises:
            ValueError: If a transmission is not from 0 to 1, or `flip` is no probability.

        Example:
            >>> hop = ParityCode(n=5, m=2).hop(0.9, flip=0.01)
            >>> float(hop.e_x.round(6)), float(hop.e_z.round(6))
            (0.04804, 0.001596)
        """
        eta = checked_transmission(transmission)
        probability("flip", flip)
        whole_block, part = blocks_that_arrive(self.m, eta)
        success = (whole_block + part) ** self.n - part**self.n
        if not flip:
            return Hop(success=success, e_x=np.zeros_like(success), e_z=np.zeros_like(success))
        signed_whole, signed_part = signed_blocks(self.m, eta, flip)
        signed = (signed_whole + signed_part) ** self.n - signed_part**self.n
        safe = np.where(success > 0, success, 1.0)
        e_x = np.where(success > 0, np.clip((1 - signed / safe) / 2, 0, 1), 0.5)
        return Hop(success=success, e_x=e_x, e_z=self._e_z(whole_block, part, success, flip))

    def _e_z(self, whole_block: Floats, part: Floats, success: Floats, flip: float) -> Floats:
        """Majority over the k blocks that arrived whole, each wrong if an odd number of its photons is."""
        wrong_block = (1 - (1 - 2 * flip) ** self.m) / 2
        votes = np.arange(1, self.n + 1)
        errors = majority_errors(self.n, wrong_block)
        total = np.zeros_like(success)
        for k, error in zip(votes.tolist(), errors, strict=True):
            total = total + comb(self.n, k) * whole_block**k * part ** (self.n - k) * error
        return np.asarray(np.where(success > 0, total / np.where(success > 0, success, 1.0), 0.5))


def checked_transmission(transmission: ArrayLike) -> Floats:
    """Transmissions as an array, each from 0 to 1."""
    eta = np.asarray(transmission, dtype=np.float64)
    if not ((eta >= 0) & (eta <= 1)).all():
        wrong = float(eta[~((eta >= 0) & (eta <= 1))].flat[0])
        raise ValueError(f"transmission={wrong!r} is out of range; it must be from 0 to 1")
    return eta


def blocks_that_arrive(m: int, eta: Floats) -> tuple[Floats, Floats]:
    """Probabilities that a block of m photons arrives whole, and that a part of it does."""
    whole_block = eta**m
    return whole_block, 1 - (1 - eta) ** m - whole_block


def signed_blocks(m: int, eta: Floats, flip: float) -> tuple[Floats, Floats]:
    """The same two, each times 1 − 2 × the chance that the majority of its Z⊗Z outcomes is wrong."""
    signs = 1 - 2 * majority_errors(m, flip)
    j = np.arange(1, m).reshape(-1, *(1,) * eta.ndim)
    ways = np.array([comb(m, k) for k in range(1, m)], dtype=np.float64).reshape(j.shape)
    weights = ways * signs[:-1].reshape(j.shape)
    return eta**m * signs[-1], (weights * eta**j * (1 - eta) ** (m - j)).sum(axis=0)
