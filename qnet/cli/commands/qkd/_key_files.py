"""Rows of bits in files: text, raw bytes, NumPy's arrays, and key files."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MARK", "Bits", "check_output", "read_bits", "write_bits"]

MARK = "# simulated: never use it to keep anything secret\n"


@dataclass(frozen=True, kw_only=True, eq=False)
class Bits:
    """A row of bits, and whether its file says that they are simulated."""

    bits: NDArray[Any]
    simulated: bool

    def __repr__(self) -> str:
        return f"Bits({len(self.bits)} bits{', simulated' if self.simulated else ''})"


def read_bits(path: Path) -> Bits:
    """The bits of a file, by what it is.

    `.npy` is an array of zeros and ones, `.bin` raw bytes with the first bit highest; a file that begins with
    `{` is a key file of a session, anything else text of 0 and 1, in which white space does not count and
    lines may begin with `#`.

    Raises:
        ValueError: If the file cannot be read, is empty, or holds anything else than bits.
    """
    import numpy as np

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"file {str(path)!r} cannot be read ({error.strerror}); give a file of bits"
        ) from None
    if path.suffix.lower() == ".npy":
        return _checked(path, _array(path, data), False)
    if path.suffix.lower() == ".bin":
        return _checked(path, np.unpackbits(np.frombuffer(data, np.uint8)), False)
    if data.lstrip()[:1] == b"{":
        return _key_file(path, data)
    return _text(path, data)


def _array(path: Path, data: bytes) -> Any:
    import numpy as np

    try:
        held = np.load(BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise ValueError(f"file {str(path)!r} is no array of NumPy; save one by numpy.save") from None
    plain = held.dtype.kind in "bui" and held.ndim == 1
    if not plain or (held.size and (held.min() < 0 or held.max() > 1)):
        raise ValueError(
            f"file {str(path)!r} holds {held.dtype} of shape {held.shape}; give one row of zeros and ones"
        )
    return held.astype(np.uint8)


def _key_file(path: Path, data: bytes) -> Bits:
    import msgspec
    import numpy as np

    from qnet.qkd.sessions.storage import KeyFile

    try:
        held = msgspec.json.decode(data, type=KeyFile)
        packed = np.frombuffer(bytes.fromhex(held.key), np.uint8)
        whole = held.bits >= 0 and packed.size == -(-held.bits // 8)
    except (ValueError, msgspec.MsgspecError):
        whole = False
    if not whole:
        raise ValueError(f"file {str(path)!r} is no key file, or a damaged one; give another") from None
    return _checked(path, np.unpackbits(packed, count=held.bits), held.simulated)


def _text(path: Path, data: bytes) -> Bits:
    import numpy as np

    lines = data.splitlines()
    notes = [line for line in lines if line.startswith(b"#")]
    digits = b"".join(b"".join(line.split()) for line in lines if not line.startswith(b"#"))
    bits = np.frombuffer(digits, np.uint8) - np.uint8(ord("0"))
    if bits.size and bits.max() > 1:
        place = int(np.argmax(bits > 1))
        raise ValueError(
            f"file {str(path)!r} holds {chr(digits[place])!r} as bit {place}; write text of 0 and 1, or end "
            "the name of raw bytes in .bin and of an array in .npy"
        )
    return _checked(path, bits, any(b"simulated" in line for line in notes))


def _checked(path: Path, bits: Any, simulated: bool) -> Bits:
    if not bits.size:
        raise ValueError(f"file {str(path)!r} holds no bits; give a file with some")
    return Bits(bits=bits, simulated=simulated)


def check_output(path: Path, *, simulated: bool, bits: int | None = None) -> None:
    """Refuse a file that could not hold the bits.

    Args:
        path: The file.
        simulated: Whether it has to say that they are.
        bits: How many there are, if that is known.

    Raises:
        ValueError: If the file cannot be written, cannot be marked, or its bits are no whole bytes.
    """
    from qnet.plotting import check_writable

    check_writable(path, suffixes=None)
    kind = path.suffix.lower()
    if simulated and kind in (".bin", ".npy"):
        raise ValueError(
            f"--out {str(path)!r}: the bits are simulated, or seeded, and a {kind} file cannot say so; "
            "end its name in .txt"
        )
    if kind == ".bin" and bits is not None and bits % 8:
        raise ValueError(f"--out {str(path)!r}: {bits} bits are no whole bytes; end the name in .txt or .npy")


def write_bits(path: Path, held: Bits) -> None:
    """Write bits by the file's suffix, whole or not at all, readable by the owner alone.

    Raises:
        ValueError: As `check_output` does.
    """
    check_output(path, simulated=held.simulated, bits=int(held.bits.size))
    _write(path, _content(path, held))


def _content(path: Path, held: Bits) -> bytes:
    import numpy as np

    if path.suffix.lower() == ".npy":
        buffer = BytesIO()
        np.save(buffer, held.bits.astype(np.uint8), allow_pickle=False)
        return buffer.getvalue()
    if path.suffix.lower() == ".bin":
        return np.packbits(held.bits).tobytes()
    digits = (held.bits.astype(np.uint8) + np.uint8(ord("0"))).tobytes()
    return (MARK.encode() if held.simulated else b"") + digits + b"\n"


def _write(path: Path, content: bytes) -> None:
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".qnet-", suffix=".part")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
