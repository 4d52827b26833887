"""Entropies, and capacities with which the rates of networks are compared."""

from qnet.bounds.capacities import hashing_bound, plob, repeater_capacity
from qnet.bounds.entropies import binary_entropy, coherent_information, shannon_entropy

__all__ = [
    "binary_entropy",
    "shannon_entropy",
    "coherent_information",
    "plob",
    "repeater_capacity",
    "hashing_bound",
]
