"""Sessions in three processes, any of which may be killed at a step of its own."""

import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.key_sessions import channel_of, small_plan

from qnet.qkd.authentication import KeyPool
from qnet.qkd.errors import KeyDistributionError
from qnet.qkd.sessions import frames, network, storage
from qnet.qkd.sessions.network import Address
from qnet.qkd.sessions.settling import settle_alice, settle_bob
from qnet.qkd.sessions.storage import FileVault

FORK = multiprocessing.get_context("fork")
PLAN = small_plan(replenish_bytes=64, reconciliation="ldpc", pulses=40_000)
TIMEOUT_S = 5.0


@dataclass
class Steps:
    """Kills its own process at a step.

    Args:
        last: The step that is not taken any more; 0 for none.
        taken: How many were taken.
    """

    last: int = 0
    taken: int = 0

    def step(self) -> None:
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        """A step before the call of a method, and one after it."""
        inner = getattr(owner, name)

        def outer(*arguments, **fields):
            self.step()
            found = inner(*arguments, **fields)
            self.step()
            return found

        setattr(owner, name, outer)


class Site:
    """Two ends with their folders and pools.

    Args:
        folder: Where they live.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        key = os.urandom(1 << 18)
        for party in ("alice", "bob"):
            KeyPool.create(folder / f"{party}.pool", key)

    def pool(self, party: str) -> KeyPool:
        return KeyPool(self.folder / f"{party}.pool")

    def vault(self, party: str) -> FileVault:
        return FileVault(self.folder / party, party, pool=self.pool(party))

    def run(self, *, kill: tuple[str, int] = ("", 0), seeds: tuple[int, int] = (1, 2)) -> dict[str, Any]:
        """One session; what each process said: its steps and its key's length, or the error."""
        addresses: dict[str, Address] = {}
        processes, said = {}, {}
        for party in ("channel", "alice", "bob"):
            told, tells = FORK.Pipe(duplex=False)
            last = kill[1] if kill[0] == party else 0
            processes[party] = FORK.Process(target=_be, args=(self, party, addresses, tells, last, seeds))
            processes[party].start()
            tells.close()
            said[party] = told
            if party != "bob":
                port = _heard(told)
                if port is None:
                    break
                addresses[party] = Address("127.0.0.1", port)
        for process in processes.values():
            process.join(3 * TIMEOUT_S)
        found = {party: _heard(told) for party, told in said.items()}
        return {party: value for party, value in found.items() if value is not None}

    def settle(self, *, kill: tuple[str, int] = ("", 0)) -> dict[str, int]:
        """Both ends settle, each in a process of its own; how many steps each took if it was not killed."""
        said, processes, alice = {}, [], None
        for party in ("alice", "bob"):
            told, tells = FORK.Pipe(duplex=False)
            last = kill[1] if kill[0] == party else 0
            processes.append(FORK.Process(target=_settle, args=(self, party, alice, tells, last)))
            processes[-1].start()
            tells.close()
            said[party] = told
            if party == "alice":
                alice = Address("127.0.0.1", _heard(told))
        for process in processes:
            process.join(3 * TIMEOUT_S)
        found = {party: _heard(told) for party, told in said.items()}
        return {party: steps for party, steps in found.items() if steps is not None}

    def pads(self) -> list[tuple[str, int, bytes]]:
        """Every frame that was sealed with a key: the lane, where the key lay, the frame."""
        rows = (self.folder / "pads.txt").read_text().splitlines()
        return [(lane, int(at), bytes.fromhex(frame)) for lane, at, frame in map(str.split, rows)]


def _heard(told: Any) -> Any:
    """The next thing that a process said; None if it died before."""
    try:
        return told.recv() if told.poll(TIMEOUT_S) else None
    except EOFError:
        return None


def _settle(site: Site, party: str, alice: Address | None, tells: Any, last: int) -> None:
    steps = Steps(last)
    _note_pads(site.folder)
    _watch(steps)
    common = {"pool": site.pool(party), "timeout_s": TIMEOUT_S}
    with suppress(KeyDistributionError):
        if party == "alice":
            here = Address("127.0.0.1", 0)
            settle_alice(site.vault(party), listen=here, on_listening=tells.send, **common)
        else:
            settle_bob(site.vault(party), alice=alice, **common)
    tells.send(steps.taken)


def _watch(steps: Steps) -> None:
    for name in ("send", "receive"):
        steps.around(frames.Connection, name)
    for name in ("_write", "_book", "_synchronise", "put", "deliver", "drop"):
        steps.around(storage.FileVault, name)
    steps.around(KeyPool, "take")
    steps.around(KeyPool, "use_up")
    steps.around(KeyPool, "replenish")


def _note_pads(folder: Path) -> None:
    from qnet.qkd.sessions import wires

    inner = wires.Sealer.seal
    book = os.open(folder / "pads.txt", os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def seal(sealer, message):
        frame = inner(sealer, message)
        os.write(book, f"{sealer.lane} {int.from_bytes(frame[8:16], 'big')} {frame.hex()}\n".encode())
        return frame

    wires.Sealer.seal = seal


def _be(site, party, addresses, tells, last, seeds) -> None:
    steps = Steps(last)
    _note_pads(site.folder)
    _watch(steps)
    try:
        value = _part(site, party, addresses, tells.send, seeds)
    except KeyDistributionError as error:
        value = error.__class__.__name__
    tells.send((steps.taken, value))


def _part(site, party, addresses, listening, seeds):
    here = Address("127.0.0.1", 0)
    if party == "channel":
        channel = channel_of(PLAN)
        network.run_channel(PLAN, channel, listen=here, timeout_s=TIMEOUT_S, on_listening=listening)
        return "over"
    common = {"pool": site.pool(party), "vault": site.vault(party), "timeout_s": TIMEOUT_S}
    if party == "alice":
        result = network.run_alice(
            PLAN, channel=addresses["channel"], listen=here, seed=seeds[0], on_listening=listening, **common
        )
    else:
        result = network.run_bob(
            PLAN, channel=addresses["channel"], alice=addresses["alice"], seed=seeds[1], **common
        )
    return len(result.key)
