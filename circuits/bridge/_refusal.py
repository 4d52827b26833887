"""What is raised inside the bridge before the place of the instruction is known."""

from __future__ import annotations

from circuits.errors import CircuitsError


class Refused(Exception):
    """A refusal without its place: the error to raise, why, and the mend."""

    def __init__(self, error: type[CircuitsError], why: str, mend: str, place: str | None = None) -> None:
        super().__init__(why, mend)
        self.error, self.why, self.mend, self.place = error, why, mend, place

    def at(self, place: str) -> CircuitsError:
        """The error for the user, in one line."""
        line = f"{self.place or place}: {self.why}; {self.mend}"
        return self.error(" ".join(line.split()))
