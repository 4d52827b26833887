"""The triangular colour code on the honeycomb lattice."""

from __future__ import annotations

from circuits.codes.stabilizer import StabilizerCode

__all__ = ["colour"]

_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))


def colour(distance: int) -> StabilizerCode:
    """The triangular 6.6.6 colour code of an odd distance, on (3d² + 1)/4 qubits.

    Each face carries an X and a Z check on its four or six corners. Distance 3 is Steane's code.

    Args:
        distance: An odd number, at least 3.

    Raises:
        ValueError: An even distance (the triangle exists for odd ones), or one below 3.

    Source: Bombin, Martin-Delgado, PRL 97, 180501 (2006), quant-ph/0605138.

    >>> colour(5).parameters
    (19, 1, 5)
    """
    if distance < 3 or distance % 2 == 0:
        raise ValueError(f"distance = {distance}: a triangular colour code has an odd distance of at least 3")
    side = 3 * (distance - 1) // 2
    points = [(i, j) for j in range(side + 1) for i in range(side + 1 - j)]
    index = {place: k for k, place in enumerate(p for p in points if (p[0] - p[1]) % 3 != 1)}
    faces, colours = [], []
    for i, j in points:
        if (i - j) % 3 == 1:
            corners = {index[i + a, j + b] for a, b in _AROUND if (i + a, j + b) in index}
            colours.append(i % 3)
            faces.append([int(q in corners) for q in range(len(index))])
    bottom = "".join("X" if j == 0 else "I" for _, j in index)
    return StabilizerCode.from_check_matrices(
        faces,
        faces,
        name=f"colour:{distance}",
        logical_x=(bottom,),
        logical_z=(bottom.replace("X", "Z"),),
        distance=distance,
        coordinates=tuple((i + j / 2, j * 3**0.5 / 2) for i, j in index),
        colours=(*colours, *colours),
        source="quant-ph/0605138",
    )
