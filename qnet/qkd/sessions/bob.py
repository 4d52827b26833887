"""`Bob`: he measures, announces his bases first, and corrects his key until it is Alice's."""

from __future__ import annotations

import hmac
import re
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.amplification import toeplitz_hash
from qnet.qkd.sessions import messages as m
from qnet.qkd.sessions._quantum_messages import bases_of, choices_told, clicks_heard
from qnet.qkd.sessions.choice import METHODS
from qnet.qkd.sessions.errors import MalformedMessage, UnequalLengths, VerificationFailed
from qnet.qkd.sessions.estimation import Tallies, check_rates, counted, estimated_rate
from qnet.qkd.sessions.ledger import SessionResult
from qnet.qkd.sessions.party import Party, Send, Steps, receive
from qnet.qkd.sessions.schemes import Held

__all__ = ["Bob"]


class Bob(Party):
    """The end that measures (or, with a station between them, sends too) and corrects.

    Args:
        plan: What both ends agreed on.
        seed: Seed of his randomness, for study; None for the operating system's.
        vault: Where the key goes; None to keep it in memory alone.
    """

    role: ClassVar[str] = "bob"
    peer: ClassVar[str] = "alice"

    def run(self) -> Steps[SessionResult]:
        """The conversation from the greeting to the key.

        Raises:
            SessionError: If the session is aborted; each reason has a class of its own.
            FiniteKeyError: If no bit is secret.
        """
        self.enter("greeting")
        hello = yield from receive(self.peer, m.Hello)
        self.check_hello(hello)
        if not re.fullmatch("[0-9a-f]{32}", hello.session):
            raise MalformedMessage("alice gave the session no name of 32 hexadecimal digits; end the session")
        self.session = hello.session
        yield Send(self.peer, self.hello())
        self.enter("quantum")
        held, clicked = yield from self._exchange()
        self.enter("sifting")
        held, labels = yield from self._sift(held, clicked)
        self.enter("estimation")
        yield from self._estimate(held, labels)
        self.enter("reconciliation")
        yield from self._reconcile()
        self.enter("verification")
        yield from self._verify()
        self.enter("amplification")
        yield from self._amplify()
        return self.result()

    def _exchange(self) -> Steps[tuple[Held, NDArray[np.bool_]]]:
        """Tell the quantum channel the bases of each proposed pulse, and hear what clicked."""
        parts: list[Held] = []
        clicks: list[NDArray[np.bool_]] = []
        while True:
            told = yield from receive("channel", m.BatchTold, m.PulsesOver)
            if isinstance(told, m.PulsesOver):
                self.over(told)
                return Held.joined(parts), np.concatenate(clicks) if clicks else np.zeros(0, bool)
            chosen = self.choices(1 + len(told.gaps) // 4)
            yield Send("channel", choices_told(chosen, self.scheme.bob))
            heard = clicks_heard((yield from receive("channel", m.ClicksTold)), len(chosen.bases))
            clicks.append(heard.clicked)
            bases = bases_of(chosen, heard, self.scheme.bob)
            rows = Held(bases=bases, sent=chosen.bits).at(heard.clicked)
            parts.append(Held(bases=rows.bases, sent=rows.sent, seen=heard.bits))

    def _sift(self, held: Held, clicked: NDArray[np.bool_]) -> Steps[tuple[Held, NDArray[np.int8]]]:
        self._raw = len(held)
        kept = self.scheme.conclusive(held)
        if kept is not None:
            clicked = clicked.copy()
            clicked[clicked] = kept
            held = held.at(kept)
        notes = self.scheme.bob_notes(held)
        yield Send(
            self.peer,
            m.Clicked(
                clicked=m.Row.of(clicked),
                notes=None if notes is None else m.Row.of(notes, self.scheme.note_width),
                raw=self._raw,
            ),
        )
        told = yield from receive(self.peer, m.Sifting)
        if told.clicked is not None:
            mine = told.clicked.values(len(held)).astype(bool)
            held, notes = held.at(mine), None if notes is None else notes[mine]
        alice_notes = None if told.notes is None else told.notes.values(len(held))
        lights = None if told.intensities is None else told.intensities.values(len(held))
        self._check_told(alice_notes, lights)
        held = Held(bases=held.bases, sent=held.sent, seen=held.seen, intensities=lights)
        if self.scheme.waits_for_bob:
            still = self.scheme.still_conclusive(held, alice_notes)
            yield Send(self.peer, m.Kept(kept=m.Row.of(still)))
            held, alice_notes = held.at(still), None if alice_notes is None else alice_notes[still]
        labels = self.scheme.labels(len(held), alice_notes, notes)
        sifted = labels >= 0
        self._sifted = self.count_sifted(labels)
        return held.at(sifted), labels[sifted]

    def _check_told(self, notes: NDArray[np.uint8] | None, lights: NDArray[np.uint8] | None) -> None:
        expected = len(self.scheme.alice.intensities)
        if (lights is None) != (expected == 0) or (
            lights is not None and lights.size and lights.max() >= expected
        ):
            raise MalformedMessage("alice announced intensities that the plan does not have; end the session")
        if (notes is None) != (not self.scheme.alice_announces):
            raise MalformedMessage("alice announced what the plan does not ask for; end the session")

    def _estimate(self, held: Held, labels: NDArray[np.int8]) -> Steps[None]:
        bits, key = self.scheme.bob_bits(held), labels == 0
        self.compared = labels, bits
        lights = held.intensities
        told = yield from receive(self.peer, m.Sample)
        key_bits = bits[key]
        places = told.places.values(key_bits.size).astype(bool)
        shown = ~key
        shown[np.flatnonzero(key)[places]] = True
        hers = bits.copy()
        hers[~key] = told.test.values(int((~key).sum()))
        hers[np.flatnonzero(key)[places]] = told.sample.values(int(places.sum()))
        wrong = shown & (hers != bits)
        disclosed, errors = (
            counted(self.plan, labels[rows], None if lights is None else lights[rows])
            for rows in (shown, wrong)
        )
        yield Send(
            self.peer, m.Estimate(sample_errors=errors[0].tolist(), test_errors=errors[1:].ravel().tolist())
        )
        self._tallies = Tallies(bits=disclosed, errors=errors)
        check_rates(self.plan, self._tallies)
        self._bits = key_bits[~places]
        self._lights = None if lights is None else lights[key][~places]
        self._estimated = int(self._bits.size)
        self.check_enough()

    def _reconcile(self) -> Steps[None]:
        told = yield from receive(self.peer, m.Reconcile)
        allowed = METHODS if self.plan.reconciliation == "auto" else (self.plan.reconciliation,)
        if told.method not in allowed or not 0 <= told.seed < 1 << 64:
            raise MalformedMessage(
                f"alice reconciles by {told.method[:40]!r}, which was not planned; end the session"
            )
        self._method = told.method
        rate = estimated_rate(self.plan, self._tallies)
        machine = METHODS[told.method].bob(
            self._bits, rate, seed=told.seed, block_length=self.plan.block_length
        )
        while (question := machine.next_message()) is not None:
            yield Send(self.peer, m.Question(data=question))
            answer = yield from receive(self.peer, m.Answer)
            try:
                machine.receive(answer.data)
            except ValueError as error:
                raise MalformedMessage(str(error)) from None
            self._round_trips += 1
            self._parities += answer.bits
        found = machine.result
        if found.leaked_bits != self._parities:
            raise MalformedMessage(
                f"alice told {self._parities} parities where {found.leaked_bits} were asked for; "
                "end the session"
            )
        lights = np.zeros(self._bits.size, np.uint8) if self._lights is None else self._lights
        self._key_errors = np.bincount(
            lights[found.key != self._bits], minlength=max(len(self.scheme.alice.intensities), 1)
        )
        self._bits = found.key
        self._error_count_bits = self.error_count_bits()
        yield Send(self.peer, m.Reconciled(corrected=self._key_errors.tolist(), bits=self._error_count_bits))

    def _verify(self) -> Steps[None]:
        told = yield from receive(self.peer, m.Verification)
        length = self.hash_length()
        mine = toeplitz_hash(self._bits, told.seed.values(self.seed_bits(length)), length)
        self._hash_bits = length
        equal = hmac.compare_digest(mine.tobytes(), told.hash.values(length).tobytes())
        yield Send(self.peer, m.Verdict(equal=equal))
        if not equal:
            raise VerificationFailed(
                f"the keys of {self._bits.size} bits still differ after {self._method}; "
                "the block is discarded, start a new session"
            )
        self.check_key_errors()

    def _amplify(self) -> Steps[None]:
        if self.plan.bound is None:
            yield from receive(self.peer, m.Stop)
            self._stopped = self.no_bound()
            yield Send(self.peer, m.Stored(length=0))
            return
        told = yield from receive(self.peer, m.Amplification)
        length = self.settle_length()
        if told.length != length:
            raise UnequalLengths(
                f"alice makes a key of {told.length} bits where the bound allows {length}; "
                "start a new session"
            )
        self.amplify(length, told.seed.values(self.seed_bits(length)))
        self.in_doubt = True
        yield Send(self.peer, m.Stored(length=length))
        yield from receive(self.peer, m.Confirmed)
        if self.vault is not None:
            self.vault.deliver(self.session)
