"""Which generation of repeaters is the cheapest, where."""

from qnet.repeaters.comparison.candidates import Candidates, KeptPairs
from qnet.repeaters.comparison.grid import compare_generations
from qnet.repeaters.comparison.limits import break_even_error
from qnet.repeaters.comparison.simulated import simulated_source

__all__ = ["compare_generations", "Candidates", "KeptPairs", "simulated_source", "break_even_error"]
