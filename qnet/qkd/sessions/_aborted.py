"""The account of a session that was aborted, for those who hold both ends."""

from __future__ import annotations

from dataclasses import replace

from qnet.qkd.sessions.error_rate import ErrorRate
from qnet.qkd.sessions.ledger import Ledger
from qnet.qkd.sessions.party import Party

__all__ = ["aborted_ledger"]


def aborted_ledger(alice: Party, bob: Party, *, stopped: str) -> Ledger:
    """What was counted until a session was aborted.

    Its bits are thrown away, so that all sifted ones may be compared: the error rates are those of all of
    them, not of a sample.

    Args:
        alice: Alice.
        bob: Bob.
        stopped: Why the session was aborted.
    """
    told = replace(bob.ledger(stopped), final=None, bound=None)
    if alice.compared is None or bob.compared is None or len(alice.compared[0]) != len(bob.compared[0]):
        return told
    (labels, hers), (_, his) = alice.compared, bob.compared
    wrong, scheme = hers != his, bob.scheme
    rates = {
        name: ErrorRate(errors=int(wrong[labels == label].sum()), bits=int((labels == label).sum()))
        for label, name in enumerate(scheme.classes)
    }
    used = (scheme.classes[label] for label in (0, *scheme.error_classes()))
    return replace(
        told,
        error_rates={name: rates[name] for name in used},
        figures=scheme.figures({name: rate.value for name, rate in rates.items()}),
    )
