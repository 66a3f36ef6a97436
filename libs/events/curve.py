"""Points of Ed25519 (RFC 8032): which 32 bytes are a key that somebody can have the secret of.
OpenSSL verifies under any; under one of small order a signature that nobody made verifies.
"""

from functools import lru_cache

KEPT = 1024  # answers about keys
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1

Point = tuple[int, int, int, int]  # extended coordinates
NEUTRAL: Point = (0, 1, 1, 0)


@lru_cache(KEPT)
def is_key(encoded: bytes) -> bool:
    """Whether it is the one encoding of a point that is not of small order, and in the subgroup
    in which all keys are.
    """
    point = _decoded(encoded)
    return (
        point is not None
        and not _is_neutral(_times(8, point))
        and _is_neutral(_times(ORDER, point))
    )


def _decoded(encoded: bytes) -> Point | None:
    """RFC 8032, 5.1.3."""
    number = int.from_bytes(encoded, "little")
    y, odd = number & (1 << 255) - 1, number >> 255
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


def _times(factor: int, point: Point) -> Point:
    result = NEUTRAL
    for bit in bin(factor)[2:]:
        result = _sum(result, result)
        result = _sum(result, point) if bit == "1" else result
    return result


def _sum(one: Point, other: Point) -> Point:
    """RFC 8032, 5.1.4: complete, also where both are the same."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _is_neutral(point: Point) -> bool:
    x, y, z, _ = point
    return x % P == 0 and (y - z) % P == 0
