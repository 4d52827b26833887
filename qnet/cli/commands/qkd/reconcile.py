"""`qnet qkd reconcile`: make one row of bits equal to another, and count what that discloses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, whole_number
from qnet.cli.commands.qkd._key_files import Bits, check_output, read_bits, write_bits
from qnet.cli.commands.qkd._options import number
from qnet.cli.commands.qkd._sessions import PartySeed
from qnet.cli.commands.qkd._shown import figure_rows

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.qkd.reconciliation import Reconciliation
    from qnet.results import Figure

__all__ = ["reconcile"]

_HASH_BITS = 64


def reconcile(
    context: typer.Context,
    file_a: Annotated[
        Path, typer.Argument(metavar="FILE_A", help="Alice's bits, which count.", show_default=False)
    ],
    file_b: Annotated[
        Path, typer.Argument(metavar="FILE_B", help="Bob's bits, which are corrected.", show_default=False)
    ],
    method: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="auto, ldpc, few-rounds, balanced, least-leakage, original, biconf, yanetal, option3,"
            " option4, option7 or option8.",
        ),
    ] = "auto",
    qber: Annotated[
        float | None,
        typer.Option(
            parser=number,
            metavar="Q",
            help="The error rate to reckon with; that of the two files if not given.",
            show_default=False,
        ),
    ] = None,
    block_length: Annotated[
        int, typer.Option("--block-length", parser=whole_number, metavar="N", help="Bits of a block.")
    ] = 100_000,
    round_trip: Annotated[
        float,
        typer.Option(
            "--round-trip",
            parser=number,
            metavar="S",
            help="Of auto: how long a question and its answer take.",
        ),
    ] = 0.0,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write Bob's corrected bits: text, or by its suffix .bin or .npy.",
            show_default=False,
        ),
    ] = None,
    seed: PartySeed = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Reconcile two files of bits: Bob's become Alice's, and every bit that she discloses is counted.

    A file is text of 0 and 1, raw bytes (.bin), an array of NumPy (.npy), or a key file of a session. A hash
    of both is compared in the end; if it differs, nothing is written and the exit code is 1.
    """
    face: Face = context.obj
    alice, bob = read_bits(file_a), read_bits(file_b)
    simulated = alice.simulated or bob.simulated or seed is not None
    _check(alice, bob, file_a, file_b, seed)
    if out is not None:
        check_output(out, simulated=simulated, bits=int(bob.bits.size))
    from qnet.qkd.reconciliation import reconcile as corrected
    from qnet.qkd.sessions.randomness import Randomness

    randomness = Randomness(seed, "reconcile")
    name, parameters = _parameters(alice, bob, method, qber, block_length, round_trip)
    with face.progress() as progress:
        progress.add_task(f"{name}, {bob.bits.size} bits", total=None)
        result = corrected(alice.bits, bob.bits, parameters, seed=randomness.word())
        _verify(alice, result, randomness)
    if out is not None:
        write_bits(out, Bits(bits=result.key, simulated=simulated))
    _tell(
        face,
        result,
        {
            "file_a": str(file_a),
            "file_b": str(file_b),
            "method": name,
            "schedule": result.schedule,
            "qber": parameters_qber(qber, alice, bob),
            "block_length": block_length,
            "round_trip_s": round_trip,
            "out": None if out is None else str(out),
        },
        seed=seed,
        simulated=simulated,
    )


def _check(alice: Bits, bob: Bits, file_a: Path, file_b: Path, seed: int | None) -> None:
    from qnet.qkd.sessions.errors import UnequalLengths

    if seed is not None and seed < 0:
        raise ValueError(f"--seed {seed} is negative; give a whole number from 0 up")
    if alice.bits.size != bob.bits.size:
        raise UnequalLengths(
            f"{str(file_a)!r} has {alice.bits.size} bits and {str(file_b)!r} {bob.bits.size}; give two rows "
            "of one length"
        )


def parameters_qber(qber: float | None, alice: Bits, bob: Bits) -> float:
    """The error rate that was given, or that of the two rows."""
    return float((alice.bits != bob.bits).mean()) if qber is None else qber


def _parameters(
    alice: Bits, bob: Bits, method: str, qber: float | None, block_length: int, round_trip: float
) -> tuple[str, Any]:
    from qnet.qkd.reconciliation import CASCADE_SETS, cascade_parameters, choose_method
    from qnet.qkd.sessions.choice import fitting_ldpc
    from qnet.qkd.sessions.errors import ErrorRateTooHigh

    share = parameters_qber(qber, alice, bob)
    if qber is None and share > 0.25:
        raise ErrorRateTooHigh(
            f"the two files differ in {share:.2%} of {bob.bits.size} bits, above 25 %: no key is left; look "
            "whether they belong together, or discard them"
        )
    name = method.strip().lower().replace("_", "-")
    if name == "auto":
        chosen = choose_method(share, int(bob.bits.size), round_trip_s=round_trip, block_length=block_length)
        return chosen.name, chosen.parameters
    if name == "ldpc":
        return name, fitting_ldpc(share, int(bob.bits.size), block_length)
    if name == "balanced":
        return name, cascade_parameters("least-leakage", share, schedule=name, block_length=block_length)
    if name not in CASCADE_SETS:
        raise ValueError(
            f"--method {method} is unknown; choose one of auto, ldpc, balanced, {', '.join(CASCADE_SETS)}"
        )
    return name, cascade_parameters(name, share, block_length=block_length)


def _verify(alice: Bits, result: Reconciliation, randomness: Any) -> None:
    """Compare a universal hash of both.

    Raises:
        VerificationFailed: If they differ.
    """
    from qnet.qkd.amplification import seed_length, toeplitz_hash
    from qnet.qkd.sessions.errors import VerificationFailed

    length = min(_HASH_BITS, alice.bits.size)
    drawn = randomness.bits(seed_length(alice.bits.size, length))
    hashes = [toeplitz_hash(bits, drawn, length) for bits in (alice.bits, result.key)]
    if (hashes[0] != hashes[1]).any():
        raise VerificationFailed(
            f"the rows of {alice.bits.size} bits still differ after {result.schedule}; nothing was written: "
            "give the true --qber, or another --method"
        )


def _figures(result: Reconciliation) -> dict[str, Figure]:
    from qnet.qkd.sessions.error_rate import ErrorRate
    from qnet.results import Figure

    found = ErrorRate(errors=int(result.corrected.sum()), bits=int(result.key.size))
    return {
        "qber": Figure(found.value, stderr=found.stderr),
        "f_ec": Figure(result.efficiency()),
        "leakage_bits": Figure(result.leaked_bits, unit="bit"),
        "round_trips": Figure(result.round_trips),
        "verified": Figure(1),
        "verification_bits": Figure(min(_HASH_BITS, result.key.size), unit="bit"),
        "key_bits": Figure(result.key.size, unit="bit"),
    }


def _tell(
    face: Face, result: Reconciliation, parameters: dict[str, Any], *, seed: int | None, simulated: bool
) -> None:
    from qnet.cli._versions import all_versions

    figures = _figures(result)
    face.give(
        {
            "command": "qkd reconcile",
            "parameters": parameters,
            "seed": seed,
            "figures": {name: figure.as_dict() for name, figure in figures.items()},
            "simulated": simulated,
            "versions": all_versions(),
            "elapsed_s": face.elapsed_s,
        }
    )
    if face.json:
        return
    face.show(f"{result.method} ({result.schedule}), {result.key.size} bits, both ends equal")
    face.show(figure_rows(figures))
    if parameters["out"] is not None:
        face.show(f"corrected bits: {parameters['out']}{', marked simulated' if simulated else ''}")
