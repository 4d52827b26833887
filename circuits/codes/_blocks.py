"""Several blocks of one code, whose checks are measured side by side."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.codes._bare import Across, write_bare
from circuits.codes._extraction import Places, Stage, letters
from circuits.codes._flags import write_flagged
from circuits.codes._record import Recorder
from circuits.codes.extraction import default_schedule

__all__ = ["Blocks"]


@dataclass(frozen=True, kw_only=True)
class Blocks(Stage):
    """Blocks of a code: block b has the data qubits b·n … b·n + n − 1.

    The ancilla of check k of block b follows all data at count·n + b·r + k, r checks a block, the flags
    come after all ancillas.

    Args:
        count: How many blocks.
        extraction: "bare" or "flag".

    Raises:
        ValueError: Another extraction.
    """

    count: int
    extraction: str = "bare"

    def __post_init__(self) -> None:
        if self.extraction not in ("bare", "flag"):
            raise ValueError(f"extraction = {self.extraction!r}: several blocks know 'bare' and 'flag'")

    @property
    def keys(self) -> tuple[str, ...]:
        """The block, a colon, and the check."""
        return tuple(self.key(b, check) for b in range(self.count) for check in self.code.checks)

    @property
    def ancillas(self) -> tuple[int, ...]:
        """The ancilla of every check, block by block."""
        first = self.count * self.code.n
        return tuple(range(first, first + self.count * len(self.code.checks)))

    @property
    def helpers(self) -> tuple[int, ...]:
        """The ancillas, and the flags in use."""
        if self.extraction == "bare":
            return self.ancillas
        weights = [len(letters(check)) for check in self.code.checks] * self.count
        return (*self.ancillas, *(f for f, w in zip(self._flags, weights, strict=True) if w > 2))

    @property
    def first_free(self) -> int:
        """The first qubit that no block uses."""
        return max(self.helpers) + 1

    @property
    def places(self) -> list[tuple[float, float]]:
        """The place of every data qubit, block by block; none where the code has none."""
        return [(x + b * self._width, y) for b in range(self.count) for x, y in self.code.coordinates]

    def key(self, block: int, check: str) -> str:
        """The key of a check of a block."""
        return f"{block}:{check}"

    def data(self, block: int) -> range:
        """The data qubits of a block."""
        return range(block * self.code.n, (block + 1) * self.code.n)

    def on(self, block: int, string: str) -> dict[int, str]:
        """A Pauli string of the code on the qubits of a block."""
        return {block * self.code.n + q: letter for q, letter in letters(string).items()}

    def place(self, check: int) -> tuple[float, float]:
        """The place of a check, blocks side by side."""
        block, k = divmod(check, len(self.code.checks))
        x, y = super().place(k)
        return x + block * self._width, y

    def write(self, out: Recorder) -> list[Places]:
        """One round of all blocks at once."""
        if self.extraction == "flag":
            checks = [self.on(b, check) for b in range(self.count) for check in self.code.checks]
            raised = write_flagged(out, checks, self.ancillas, self._flags)
            for k, flag in raised.flags.items():
                out.detector([flag], self.mark(k, ignored=True), tag="flag")
            return raised.outcomes
        n, rows = self.code.n, len(self.code.checks)
        layers = [
            [(b * rows + check, b * n + q, letter) for b in range(self.count) for check, q, letter in layer]
            for layer in default_schedule(self.code).layers
        ]
        plain = [set(check) <= {"Z", "I"} for check in self.code.checks] * self.count
        return write_bare(out, plain, self.ancillas, layers, Across())

    @property
    def _width(self) -> float:
        where = self.code.coordinates
        return max(a for a, _ in where) + 2 if where else len(self.code.checks)

    @property
    def _flags(self) -> tuple[int, ...]:
        return tuple(a + len(self.ancillas) for a in self.ancillas)
