"""Steane's syndrome extraction: transversal gates with verified encoded ancillas, read transversally."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.codes._extraction import Places, Stage, support
from circuits.codes._preparation import encoder, verified_variants
from circuits.codes._record import Recorder

__all__ = ["SteaneStage"]


@dataclass(frozen=True, kw_only=True)
class SteaneStage(Stage):
    """X checks by a block in logical |0⟩, then Z checks by a block in logical |+⟩.

    The block in |0⟩ controls CX gates onto the data and is read in X: the parities over the X checks are
    those of the data. Its X errors would spread, so one or two more such blocks, each encoded with
    other pivots, are first targets of CX gates from it and are read in Z: their Z checks and logical Z
    are detectors with the tag `verify`. The block in |+⟩ is the same with X and Z exchanged.

    Args:
        first: The qubits of the blocks are numbered from here, `copies`·n of them.

    Source: Steane, PRL 78, 2252 (1997), quant-ph/9611027; verification by further blocks: Reichardt,
    quant-ph/0406025, Paetznick, Reichardt, QIC 12, 1034 (2012), arXiv:1106.2190.
    """

    first: int

    @property
    def helpers(self) -> tuple[int, ...]:
        """None: every block is prepared afresh."""
        return ()

    def write(self, out: Recorder) -> list[Places]:
        """Both kinds of checks, one after the other on the same ancilla qubits."""
        found: dict[int, Places] = {}
        for letter in "XZ":
            wanted = [k for k, check in enumerate(self.code.checks) if letter in check]
            if wanted:
                read = self._extract(out, letter)
                found |= {k: tuple(read[q] for q in support(self.code.checks[k])) for k in wanted}
        return [found[k] for k in range(len(self.code.checks))]

    def _extract(self, out: Recorder, letter: str) -> list[int]:
        n = self.code.n
        blocks = self._prepare(out, letter)
        for verifier in blocks[1:]:
            _transversal(out, letter, blocks[0], verifier)
            self._verify(out, letter, out.measure("M" if letter == "X" else "MX", verifier))
        _transversal(out, letter, blocks[0], range(n))
        read = out.measure("MX" if letter == "X" else "M", blocks[0])
        out.tick()
        return read

    def _prepare(self, out: Recorder, letter: str) -> list[range]:
        """Every copy is encoded at the same time."""
        n = self.code.n
        variants = verified_variants(self.code, letter)
        blocks = [range(self.first + j * n, self.first + (j + 1) * n) for j in range(len(variants))]
        encoders = [encoder(self.code, letter, variant) for variant in variants]
        plus: list[int] = []
        for block, made in zip(blocks, encoders, strict=True):
            plus += [q for k, q in enumerate(block) if (k in made.pivots) == (letter == "X")]
        out.add("RX", plus)
        out.add("R", [q for block in blocks for q in block if q not in set(plus)])
        out.tick()
        for step in range(max(len(made.layers) for made in encoders)):
            targets: list[int] = []
            for block, made in zip(blocks, encoders, strict=True):
                for pivot, other in made.layers[step] if step < len(made.layers) else ():
                    pair = (block[pivot], block[other])
                    targets += pair if letter == "X" else pair[::-1]
            out.add("CX", targets)
            out.tick()
        return blocks

    def _verify(self, out: Recorder, letter: str, read: list[int]) -> None:
        other = "Z" if letter == "X" else "X"
        logical = self.code.logical_z if letter == "X" else self.code.logical_x
        for k, check in enumerate(self.code.checks):
            if other in check:
                out.detector([read[q] for q in support(check)], self.mark(k, ignored=True), tag="verify")
        for i, operator in enumerate(logical):
            where = (float(i), -1.0, *self.mark(0, ignored=True)[2:])
            out.detector([read[q] for q in support(operator)], where, tag="verify")


def _transversal(out: Recorder, letter: str, block: range, other: range) -> None:
    """CX from the block in |0⟩ to the other, or from the other to the block in |+⟩."""
    controls, targets = (block, other) if letter == "X" else (other, block)
    out.add("CX", [q for pair in zip(controls, targets, strict=True) for q in pair])
    out.tick()
