"""`qnet qkd amplify`: hash a key to a shorter one, of which Eve knows nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, whole_number
from qnet.cli.commands.qkd._key_files import Bits, check_output, read_bits, write_bits
from qnet.cli.commands.qkd._sessions import PartySeed
from qnet.cli.commands.qkd._shown import figure_rows

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["amplify"]


def amplify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The reconciled bits.", show_default=False)],
    length: Annotated[
        int,
        typer.Option(
            "--length", parser=whole_number, metavar="M", help="Bits of the key.", show_default=False
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="The key: text, or by its suffix .bin or .npy.", show_default=False
        ),
    ],
    seed_file: Annotated[
        Path | None,
        typer.Option(
            "--seed-file",
            metavar="FILE",
            help="The public seed of the hash, n + M - 1 bits; the same at both ends.",
            show_default=False,
        ),
    ] = None,
    save_seed: Annotated[
        Path | None,
        typer.Option(
            "--save-seed",
            metavar="FILE",
            help="Write the seed that was drawn, for the other end's --seed-file.",
            show_default=False,
        ),
    ] = None,
    seed: PartySeed = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Amplify privacy: hash a file of bits by a random Toeplitz matrix to a shorter one.

    How many bits are secret is for a bound to say, with what was measured and disclosed; 'qnet qkd run' does
    all of it. Files are as those of 'qnet qkd reconcile'.
    """
    face: Face = context.obj
    if seed_file is not None and seed is not None:
        raise ValueError("--seed-file and --seed: the hash has one seed; give one of the two")
    if seed is not None and seed < 0:
        raise ValueError(f"--seed {seed} is negative; give a whole number from 0 up")
    held = read_bits(file)
    if not 1 <= length <= held.bits.size:
        raise ValueError(f"--length {length} must be from 1 to the {held.bits.size} bits of {str(file)!r}")
    simulated = held.simulated or seed is not None
    check_output(out, simulated=simulated, bits=length)
    if save_seed is not None:
        check_output(save_seed, simulated=False, bits=int(held.bits.size) + length - 1)
    from qnet.qkd.amplification import toeplitz_hash

    drawn = _seed(held, length, seed_file, seed)
    with face.progress() as progress:
        progress.add_task(f"{held.bits.size} bits to {length}", total=None)
        key = toeplitz_hash(held.bits, drawn, length)
    if save_seed is not None:
        write_bits(save_seed, Bits(bits=drawn, simulated=False))
    write_bits(out, Bits(bits=key, simulated=simulated))
    _tell(
        face, held, length, simulated, seed, {"file": file, "out": out, "seed_file": seed_file or save_seed}
    )


def _seed(held: Bits, length: int, seed_file: Path | None, seed: int | None) -> Any:
    from qnet.qkd.amplification import seed_length
    from qnet.qkd.sessions.randomness import Randomness

    due = seed_length(int(held.bits.size), length)
    if seed_file is None:
        return Randomness(seed, "amplify").bits(due)
    given = read_bits(seed_file).bits
    spare = 7 if seed_file.suffix.lower() == ".bin" else 0
    if not due <= given.size <= due + spare:
        raise ValueError(
            f"--seed-file {str(seed_file)!r} has {given.size} bits; {held.bits.size} bits and --length "
            f"{length} take {due}"
        )
    return given[:due]


def _tell(
    face: Face, held: Bits, length: int, simulated: bool, seed: int | None, files: dict[str, Path | None]
) -> None:
    from qnet.cli._versions import all_versions
    from qnet.results import Figure

    figures = {
        "input_bits": Figure(held.bits.size, unit="bit"),
        "key_bits": Figure(length, unit="bit"),
        "rate": Figure(length / held.bits.size),
    }
    face.give(
        {
            "command": "qkd amplify",
            "parameters": {name: None if one is None else str(one) for name, one in files.items()}
            | {"length": length},
            "seed": seed,
            "figures": {name: figure.as_dict() for name, figure in figures.items()},
            "simulated": simulated,
            "versions": all_versions(),
            "elapsed_s": face.elapsed_s,
        }
    )
    if face.json:
        return
    face.show(figure_rows(figures))
    face.show(f"key: {files['out']}{', marked simulated' if simulated else ''}")
