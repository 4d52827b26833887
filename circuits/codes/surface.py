"""The rotated surface code, of any width and height."""

from __future__ import annotations

from circuits.codes.stabilizer import StabilizerCode

__all__ = ["rotated_surface"]


def rotated_surface(d_x: int, d_z: int | None = None) -> StabilizerCode:
    """The rotated surface code on d_x columns and d_z rows of qubits.

    Qubit (row r, column c) has the number r·d_x + c. The logical X operator runs along a row (weight
    d_x, top row), the logical Z operator along a column (weight d_z, left column). Squares alternate
    between X and Z; two-qubit X checks sit at the left and right edges, Z checks at the top and bottom.

    Args:
        d_x: Weight of the logical X operator, at least 2.
        d_z: Weight of the logical Z operator; `d_x` when it is not given.

    Raises:
        ValueError: A distance below 2.

    Source: Bombin, Martin-Delgado, PRA 76, 012305 (2007), quant-ph/0703272; Horsman et al.,
    NJP 14, 123011 (2012), arXiv:1111.4022.

    >>> rotated_surface(3).parameters
    (9, 1, 3)
    >>> rotated_surface(2, 4).logical_x
    ('XXIIIIII',)
    """
    height = d_x if d_z is None else d_z
    for name, value in (("d_x", d_x), ("d_z", height)):
        if value < 2:
            raise ValueError(f"{name} = {value}: a rotated surface code has distances of at least 2")
    n = d_x * height
    return StabilizerCode(
        name=f"rotated_surface:{d_x}" + ("" if height == d_x else f",{height}"),
        checks=patch_checks(d_x, height),
        logical_x=("X" * d_x + "I" * (n - d_x),),
        logical_z=("".join("Z" if q % d_x == 0 else "I" for q in range(n)),),
        distance=min(d_x, height),
        coordinates=tuple((float(q % d_x), float(q // d_x)) for q in range(n)),
        source="arXiv:1111.4022",
    )


def patch_checks(width: int, height: int, *, flipped: bool = False) -> tuple[str, ...]:
    """The checks of a patch, squares row by row; `flipped` exchanges the colours of the chessboard."""
    checks = []
    for row in range(-1, height):
        for column in range(-1, width):
            qubits = [
                r * width + c
                for r in (row, row + 1)
                for c in (column, column + 1)
                if 0 <= r < height and 0 <= c < width
            ]
            letter = "X" if (row + column + flipped) % 2 else "Z"
            edge = "X" if column in (-1, width - 1) else "Z"
            if len(qubits) == 4 or (len(qubits) == 2 and letter == edge):
                checks.append("".join(letter if q in qubits else "I" for q in range(width * height)))
    return tuple(checks)


def closed_checks(width: int, height: int, basis: str) -> tuple[str, ...]:
    """The checks of a patch of even sides with two-qubit checks of one basis at all four edges."""
    checks = []
    for row in range(-1, height):
        for column in range(-1, width):
            qubits = [
                r * width + c
                for r in (row, row + 1)
                for c in (column, column + 1)
                if 0 <= r < height and 0 <= c < width
            ]
            corner = (row + column) % 2 == 0
            letter = basis if not corner else "XZ".replace(basis, "")
            if len(qubits) == 4 or (len(qubits) == 2 and letter == basis):
                checks.append("".join(letter if q in qubits else "I" for q in range(width * height)))
    return tuple(checks)
