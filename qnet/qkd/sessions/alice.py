"""`Alice`: she prepares, announces her bases last, answers about parities, settles the length."""

from __future__ import annotations

import os
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.amplification import toeplitz_hash
from qnet.qkd.sessions import messages as m
from qnet.qkd.sessions._quantum_messages import bases_of, choices_told, clicks_heard
from qnet.qkd.sessions.choice import METHODS, session_method
from qnet.qkd.sessions.errors import MalformedMessage, UnequalLengths, VerificationFailed
from qnet.qkd.sessions.estimation import Tallies, check_rates, counted, estimated_rate
from qnet.qkd.sessions.ledger import SessionResult
from qnet.qkd.sessions.party import Party, Send, Steps, receive
from qnet.qkd.sessions.schemes import Held

__all__ = ["Alice"]


class Alice(Party):
    """The end that prepares states (or measures the other halves of pairs), and holds the reference key.

    Args:
        plan: What both ends agreed on.
        seed: Seed of her randomness, for study; None for the operating system's.
        vault: Where the key goes; None to keep it in memory alone.
    """

    role: ClassVar[str] = "alice"
    peer: ClassVar[str] = "bob"

    def run(self) -> Steps[SessionResult]:
        """The conversation from the greeting to the key.

        Raises:
            SessionError: If the session is aborted; each reason has a class of its own.
            FiniteKeyError: If no bit is secret.
        """
        self.enter("greeting")
        self.session = os.urandom(16).hex()
        yield Send(self.peer, self.hello())
        self.check_hello((yield from receive(self.peer, m.Hello)))
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

    def _exchange(self) -> Steps[tuple[Held, NDArray[np.bool_] | None]]:
        """Tell the quantum channel how each pulse is prepared; if she measures, hear of her clicks."""
        parts: list[Held] = []
        clicks: list[NDArray[np.bool_]] = []
        while True:
            told = yield from receive("channel", m.BatchTold, m.PulsesOver)
            if isinstance(told, m.PulsesOver):
                self.over(told)
                return Held.joined(parts), np.concatenate(clicks) if clicks else None
            chosen = self.choices(1 + len(told.gaps) // 4)
            yield Send("channel", choices_told(chosen, self.scheme.alice))
            seen, bases = None, chosen.bases
            if not self.scheme.alice.sends or self.scheme.bob.sends:
                heard = clicks_heard((yield from receive("channel", m.ClicksTold)), len(chosen.bases))
                clicks.append(heard.clicked)
                bases = bases_of(chosen, heard, self.scheme.alice)
                seen = np.zeros(len(chosen.bases), np.uint8)
                seen[heard.clicked] = heard.bits
            parts.append(Held(bases=bases, sent=chosen.bits, seen=seen, intensities=chosen.intensities))

    def _sift(self, held: Held, clicked: NDArray[np.bool_] | None) -> Steps[tuple[Held, NDArray[np.int8]]]:
        told = yield from receive(self.peer, m.Clicked)
        kept = told.clicked.values(len(held)).astype(bool)
        count = int(kept.sum())
        if not count <= told.raw <= len(held):
            raise MalformedMessage(
                f"bob keeps {count} of {told.raw} clicks of {len(held)} pulses; end the session"
            )
        self._raw = told.raw
        bob_notes = None if told.notes is None else told.notes.values(count)
        held = held.at(kept)
        mine = None if clicked is None else clicked[kept]
        if mine is not None:
            held = held.at(mine)
            bob_notes = None if bob_notes is None else bob_notes[mine]
        notes = self.scheme.alice_notes(held, self.randomness)
        yield Send(
            self.peer,
            m.Sifting(
                notes=None if notes is None else m.Row.of(notes, self.scheme.note_width),
                intensities=None if held.intensities is None else m.Row.of(held.intensities, 2),
                clicked=None if mine is None else m.Row.of(mine),
            ),
        )
        if self.scheme.waits_for_bob:
            still = (yield from receive(self.peer, m.Kept)).kept.values(len(held)).astype(bool)
            held = held.at(still)
            notes = None if notes is None else notes[still]
        labels = self.scheme.labels(len(held), notes, bob_notes)
        sifted = labels >= 0
        self._sifted = self.count_sifted(labels)
        return held.at(sifted), labels[sifted]

    def _estimate(self, held: Held, labels: NDArray[np.int8]) -> Steps[None]:
        bits = self.scheme.alice_bits(held)
        self.compared = labels, bits
        key = labels == 0
        key_bits = bits[key]
        lights = None if held.intensities is None else held.intensities
        places = self.randomness.mask(self.plan.sample_share, key_bits.size)
        yield Send(
            self.peer,
            m.Sample(places=m.Row.of(places), sample=m.Row.of(key_bits[places]), test=m.Row.of(bits[~key])),
        )
        told = yield from receive(self.peer, m.Estimate)
        shown = ~key
        shown[np.flatnonzero(key)[places]] = True
        disclosed = counted(self.plan, labels[shown], None if lights is None else lights[shown])
        self._tallies = Tallies.told(disclosed, told.sample_errors, told.test_errors)
        check_rates(self.plan, self._tallies)
        self._bits = key_bits[~places]
        self._lights = None if lights is None else lights[key][~places]
        self._estimated = int(self._bits.size)
        self.check_enough()

    def _reconcile(self) -> Steps[None]:
        rate = estimated_rate(self.plan, self._tallies)
        name = self.plan.reconciliation
        if name == "auto":
            name = session_method(rate.cautious, int(self._bits.size), round_trip_s=self.plan.round_trip_s)
        seed = self.randomness.word()
        yield Send(self.peer, m.Reconcile(method=name, seed=seed))
        self._method = name
        machine = METHODS[name].alice(
            self._bits,
            rate,
            seed=seed,
            block_length=self.plan.block_length,
            random_bytes=self.randomness.bytes,
        )
        while True:
            told = yield from receive(self.peer, m.Question, m.Reconciled)
            if isinstance(told, m.Reconciled):
                break
            before = machine.leaked_bits
            try:
                machine.receive(told.data)
            except ValueError as error:
                raise MalformedMessage(str(error)) from None
            answer = machine.next_message()
            self._round_trips += 1
            self._parities = machine.leaked_bits
            yield Send(self.peer, m.Answer(bits=self._parities - before, data=answer or b""))
        self._heard_errors(told)

    def _heard_errors(self, told: m.Reconciled) -> None:
        sizes = self._key_bits()
        errors = np.array(told.corrected, dtype=np.int64)
        self._error_count_bits = self.error_count_bits()
        wrong = errors.shape != sizes.shape or (errors < 0).any() or (errors > sizes).any()
        if wrong or told.bits != self._error_count_bits:
            raise MalformedMessage("bob corrected more bits than there are; end the session")
        self._key_errors = errors

    def _verify(self) -> Steps[None]:
        length = self.hash_length()
        seed = self.randomness.bits(self.seed_bits(length))
        told = toeplitz_hash(self._bits, seed, length)
        self._hash_bits = length
        yield Send(self.peer, m.Verification(seed=m.Row.of(seed), hash=m.Row.of(told)))
        verdict = yield from receive(self.peer, m.Verdict)
        if not verdict.equal:
            raise VerificationFailed(
                f"the keys of {self._bits.size} bits still differ after {self._method}; "
                "the block is discarded, start a new session"
            )
        self.check_key_errors()

    def _amplify(self) -> Steps[None]:
        if self.plan.bound is None:
            self._stopped = self.no_bound()
            yield Send(self.peer, m.Stop(reason=self._stopped))
            yield from receive(self.peer, m.Stored)
            return
        length = self.settle_length()
        seed = self.randomness.bits(self.seed_bits(length))
        yield Send(self.peer, m.Amplification(length=length, seed=m.Row.of(seed)))
        self.amplify(length, seed)
        stored = yield from receive(self.peer, m.Stored)
        if stored.length != length:
            raise UnequalLengths(
                f"bob stored a key of {stored.length} bits, alice one of {length}; start a new session"
            )
        self.in_doubt = True
        if self.vault is not None:
            self.vault.deliver(self.session)
        yield Send(self.peer, m.Confirmed(length=length))
