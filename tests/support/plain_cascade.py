"""Cascade as one would explain it: blocks as lists of places, parities counted place by place. Slow."""

from __future__ import annotations

from dataclasses import dataclass, field

GOLDEN, WORD = 0x9E3779B97F4A7C15, (1 << 64) - 1


def mixed(word: int) -> int:
    """SplitMix64's finaliser, in Python's integers."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & WORD
    return word ^ (word >> 31)


def stream(seed: int, block: int, number: int) -> int:
    return mixed(mixed((seed + (block + 1) * GOLDEN) & WORD) + (number + 1) * GOLDEN & WORD)


def permutation(seed: int, length: int) -> list[int]:
    order = list(range(length))
    for place in range(length - 1, 0, -1):
        other = (mixed(seed + place * GOLDEN & WORD) >> 32) * (place + 1) >> 32
        order[place], order[other] = order[other], order[place]
    return order


def mask(seed: int, length: int) -> list[int]:
    return [mixed(seed + (place // 64 + 1) * GOLDEN & WORD) >> (place % 64) & 1 for place in range(length)]


@dataclass(eq=False)
class Known:
    """A block whose parity is known."""

    places: list[int]
    halves: list[Known] = field(default_factory=list)
    waits: bool = False


class PlainCascade:
    """Both parties at once: `wrong` is the difference of their keys."""

    def __init__(
        self, wrong: list[int], sizes: tuple[int, ...], seed: int, *, single: bool, implied: bool
    ) -> None:
        self.wrong, self.seed, self.single, self.implied = list(wrong), seed, single, implied
        self.sizes = [sizes[0], *(s for s in sizes[1:] if s < len(wrong))]
        self.passes: list[list[Known]] = []
        self.stacks: list[list[Known]] = [[] for _ in range(40)]
        self.leaked = self.rounds = 0

    def odd(self, block: Known) -> bool:
        return sum(self.wrong[place] for place in block.places) % 2 == 1

    def wait(self, block: Known) -> None:
        if not block.waits:
            block.waits = True
            self.stacks[len(block.places).bit_length()].append(block)

    def settle(self, block: Known) -> None:
        if not self.odd(block):
            return
        if len(block.places) > 1:
            self.wait(block)
            return
        target = block.places[0]
        self.wrong[target] ^= 1
        for tops in self.passes:
            found = next(top for top in tops if target in top.places)
            while found.halves:
                found = found.halves[target not in found.halves[0].places]
            if self.odd(found) and len(found.places) > 1:
                self.wait(found)

    def next_blocks(self) -> list[Known]:
        taken = []
        for stack in self.stacks:
            while stack:
                block = stack.pop()
                block.waits = False
                if self.odd(block):
                    taken.append(block)
                    if self.single and len(self.passes) > 1:
                        return taken
        return taken

    def open_pass(self) -> None:
        number, length = len(self.passes), len(self.wrong)
        size = self.sizes[number]
        seed = stream(self.seed, 0, number)
        if size:
            order = permutation(seed, length) if number else list(range(length))
            tops = [Known(order[at : at + size]) for at in range(0, length, size)]
            self.leaked += len(tops) - (self.implied and number > 0)
        else:
            picked = mask(seed, length)
            tops = [Known([place for place in range(length) if picked[place] == side]) for side in (1, 0)]
            self.leaked += 1
        self.passes.append(tops)
        for top in tops:
            self.settle(top)

    def run(self) -> None:
        while True:
            blocks = self.next_blocks()
            if not blocks and len(self.passes) == len(self.sizes):
                return
            self.rounds += 1
            if not blocks:
                self.open_pass()
            for block in blocks:
                middle = (len(block.places) + 1) // 2
                block.halves = [Known(block.places[:middle]), Known(block.places[middle:])]
                self.leaked += 1
                # As long as a bit that another block of this message corrected was in it, nothing is left
                # to settle.
                for half in block.halves:
                    self.settle(half)
