"""Reconciliation: Bob corrects his key until it is Alice's, and every bit that she discloses is counted.

Two methods, each as two objects that exchange messages of bytes: *Cascade* asks for parities, with least
leakage or in few round trips; *LDPC* sends one syndrome. Compiled code is loaded when a party is made.
"""

from qnet.qkd.reconciliation.cascade import CascadeAlice, CascadeBob
from qnet.qkd.reconciliation.choice import MethodChoice, choose_method
from qnet.qkd.reconciliation.conversation import Answering, Asking, converse, reconcile
from qnet.qkd.reconciliation.ldpc import LdpcAlice, LdpcBob, LdpcParameters, ldpc_parameters
from qnet.qkd.reconciliation.parameters import (
    CASCADE_SCHEDULES,
    CASCADE_SETS,
    CascadeParameters,
    CascadeSchedule,
    CascadeSet,
    cascade_parameters,
)
from qnet.qkd.reconciliation.results import Reconciliation

__all__ = [
    "reconcile",
    "choose_method",
    "MethodChoice",
    "Reconciliation",
    "CascadeAlice",
    "CascadeBob",
    "cascade_parameters",
    "CascadeParameters",
    "CascadeSchedule",
    "CascadeSet",
    "CASCADE_SETS",
    "CASCADE_SCHEDULES",
    "LdpcAlice",
    "LdpcBob",
    "ldpc_parameters",
    "LdpcParameters",
    "converse",
    "Answering",
    "Asking",
]
