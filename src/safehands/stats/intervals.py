"""Intervals of proportions, in decimals: the same digits on every machine."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Final

#: The quantile of the normal distribution that leaves 2.5 % on each side.
Z_95: Final = Decimal("1.959963984540054")


def rounded(value: Decimal | Fraction, places: int) -> Decimal:
    """``value`` with this many decimal places, halves away from zero."""
    if isinstance(value, Fraction):
        with localcontext(prec=60):
            value = Decimal(value.numerator) / Decimal(value.denominator)
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def wilson(hits: int, of: int, z: Decimal = Z_95) -> tuple[Decimal, Decimal]:
    """The Wilson score interval of ``hits`` among ``of``, unrounded, within 0 and 1.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927). It stays honest
    for small numbers and for none at all, where the textbook interval has no width. Raises ``ValueError`` for an empty
    base.
    """
    if not 0 <= hits <= of or of == 0:
        raise ValueError("an interval needs 0 <= hits <= of, and of > 0")
    with localcontext(prec=40):
        n, p = Decimal(of), Decimal(hits) / of
        middle = p + z * z / (2 * n)
        half = z * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
        scale = 1 + z * z / n
        low = Decimal(0) if hits == 0 else (middle - half) / scale
        high = Decimal(1) if hits == of else (middle + half) / scale
        return low, high


def nearest_rank(histogram: dict[Decimal, int], share: Fraction) -> Decimal:
    """The smallest value below or at which at least ``share`` of all lies. Raises ``ValueError`` where there are
    none.
    """
    total = sum(histogram.values())
    if not total:
        raise ValueError("no values")
    rank = max(1, -(-share.numerator * total // share.denominator))
    seen = 0
    for value in sorted(histogram):
        seen += histogram[value]
        if seen >= rank:
            return value
    raise AssertionError("a rank lies within the total")
