"""The small codes that everybody knows by name."""

from __future__ import annotations

from circuits.codes.stabilizer import StabilizerCode

__all__ = [
    "five_qubit",
    "four_two_two",
    "golay",
    "parity",
    "repetition",
    "shor",
    "steane",
]

_HAMMING = ((0, 0, 0, 1, 1, 1, 1), (0, 1, 1, 0, 0, 1, 1), (1, 0, 1, 0, 1, 0, 1))
_TRIANGLE = ((1.75, 1.0), (-1.75, 1.0), (0.0, 1.0), (0.0, -2.0), (0.875, -0.5), (-0.875, -0.5), (0.0, 0.0))
_GOLAY_POLYNOMIAL = (0, 1, 5, 6, 7, 9, 11)


def repetition(distance: int, *, basis: str = "Z") -> StabilizerCode:
    """The repetition code of ZZ checks (`basis="Z"`, corrects X) or of XX checks (corrects Z).

    It protects one of the two logical operators only: as a quantum code its distance is 1, and
    `distance` names the number of qubits, as the field does.

    Args:
        distance: Number of qubits, at least 2.
        basis: "Z" or "X", the letter of the checks.

    Raises:
        ValueError: `distance` below 2, or another basis.

    >>> repetition(3).checks
    ('ZZI', 'IZZ')
    """
    if distance < 2:
        raise ValueError(f"distance = {distance}: a repetition code needs at least 2 qubits")
    if basis not in ("X", "Z"):
        raise ValueError(f"basis = {basis!r}: choose 'Z' or 'X'")
    other = "X" if basis == "Z" else "Z"
    checks = tuple(_place(basis * 2, k, distance) for k in range(distance - 1))
    whole, single = other * distance, _place(basis, 0, distance)
    x, z = (whole, single) if basis == "Z" else (single, whole)
    line = tuple((float(k), 0.0) for k in range(distance))
    return StabilizerCode(
        name=f"repetition:{distance}",
        checks=checks,
        logical_x=(x,),
        logical_z=(z,),
        distance=1,
        coordinates=line,
    )


def five_qubit() -> StabilizerCode:
    """The [[5,1,3]] code, the smallest that corrects any single error.

    Source: Laflamme, Miquel, Paz, Zurek, quant-ph/9602019.

    >>> five_qubit().parameters
    (5, 1, 3)
    """
    checks = tuple("XZZXI"[-k:] + "XZZXI"[:-k] if k else "XZZXI" for k in range(4))
    return StabilizerCode(
        name="five_qubit",
        checks=checks,
        logical_x=("XXXXX",),
        logical_z=("ZZZZZ",),
        distance=3,
        source="quant-ph/9602019",
    )


def steane() -> StabilizerCode:
    """The [[7,1,3]] code from the Hamming code; all Clifford gates are transversal.

    Source: Steane, Proc. R. Soc. A 452, 2551 (1996), quant-ph/9601029.

    >>> steane().logical_x
    ('XXXXXXX',)
    """
    return StabilizerCode.from_check_matrices(
        _HAMMING,
        _HAMMING,
        name="steane",
        logical_x=("XXXXXXX",),
        logical_z=("ZZZZZZZ",),
        distance=3,
        coordinates=_TRIANGLE,
        source="quant-ph/9601029",
    )


def four_two_two() -> StabilizerCode:
    """The [[4,2,2]] code, which detects any single error.

    Source: Vaidman, Goldenberg, Wiesner, quant-ph/9603031; Grassl, Beth, Pellizzari, quant-ph/9610042.

    >>> four_two_two().parameters
    (4, 2, 2)
    """
    return StabilizerCode(
        name="four_two_two",
        checks=("XXXX", "ZZZZ"),
        logical_x=("XXII", "XIXI"),
        logical_z=("ZIZI", "ZZII"),
        distance=2,
        coordinates=((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)),
        source="quant-ph/9610042",
    )


def parity(n: int, m: int) -> StabilizerCode:
    """The quantum parity code QPC(n, m): n blocks of m qubits, GHZ-like inside a block.

    ZZ checks inside each block, X on two whole neighbouring blocks; logical X is X on one block,
    logical Z is one Z in every block. Of m qubits in a block one must arrive in every block, and one
    block whole.

    Args:
        n: Number of blocks, at least 1.
        m: Qubits a block, at least 1.

    Raises:
        ValueError: n or m below 1, or n = m = 1 (nothing is encoded).

    Source: Ralph, Hayes, Gilchrist, PRL 95, 100501 (2005), quant-ph/0501184; Shor's code is (3, 3).

    >>> parity(2, 2).checks
    ('ZZII', 'IIZZ', 'XXXX')
    """
    if n < 1 or m < 1 or n * m < 2:
        raise ValueError(f"parity({n}, {m}): n and m are at least 1, and not both 1")
    size = n * m
    checks = [_place("ZZ", b * m + k, size) for b in range(n) for k in range(m - 1)]
    checks += [_place("X" * (2 * m), b * m, size) for b in range(n - 1)]
    return StabilizerCode(
        name=f"parity:{n},{m}",
        checks=tuple(checks),
        logical_x=(_place("X" * m, 0, size),),
        logical_z=(("Z" + "I" * (m - 1)) * n,),
        distance=min(n, m),
        coordinates=tuple((float(k), float(b)) for b in range(n) for k in range(m)),
        source="quant-ph/0501184",
    )


def shor() -> StabilizerCode:
    """Shor's [[9,1,3]] code: the parity code (3, 3).

    Source: Shor, PRA 52, R2493 (1995).

    >>> shor().parameters
    (9, 1, 3)
    """
    code = parity(3, 3)
    return StabilizerCode(
        name="shor",
        checks=code.checks,
        logical_x=code.logical_x,
        logical_z=code.logical_z,
        distance=3,
        coordinates=code.coordinates,
        source="10.1103/PhysRevA.52.R2493",
    )


def golay() -> StabilizerCode:
    """The [[23,1,7]] code from the binary Golay code.

    The checks of both kinds are the 11 shifts of (1 + x) g(x), g the generator polynomial of the
    perfect [23,12,7] code: its even subcode is its dual.

    Source: Steane, PRA 68, 042322 (2003), quant-ph/0207119.

    >>> golay().parameters
    (23, 1, 7)
    """
    even = [0] * 23
    for power in _GOLAY_POLYNOMIAL:
        even[power] ^= 1
        even[power + 1] ^= 1
    rows = [even[-shift:] + even[:-shift] if shift else even for shift in range(11)]
    return StabilizerCode.from_check_matrices(
        rows,
        rows,
        name="golay",
        logical_x=("X" * 23,),
        logical_z=("Z" * 23,),
        distance=7,
        source="quant-ph/0207119",
    )


def _place(letters: str, start: int, n: int) -> str:
    return "I" * start + letters + "I" * (n - start - len(letters))
