"""Charts as SVG, written by hand: bars with their intervals, for a page whose table says the same beside them.

Nothing in them needs an exception from a strict content security policy: no inline style, no script, no font from
elsewhere; colours and sizes are presentation attributes. Every chart has ``role="img"``, a title and a description that
says in words what is drawn. Marks stand out from white by 3 to 1 at least (WCAG 2.2, 1.4.11), text by 4.5 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from html import escape
from textwrap import wrap
from typing import Final

#: The house's colours of marks, and what text and lines are drawn in.
COLOURS: Final = {"first": "#0b3d3b", "second": "#b3541e"}
INK: Final = "#0b0c0c"
AXIS: Final = "#6b7777"
PAPER: Final = "#ffffff"

_FONT: Final = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', arial, sans-serif"
_WIDTH: Final = 760
_LABELS: Final = 250
_VALUES: Final = 130
_PLOT: Final = _WIDTH - _LABELS - _VALUES
_ROW: Final = 34
_LETTERS: Final = 32  # of a label in one line
_TICKS: Final = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``value`` None draws none and says ``shown``; ``low`` and ``high`` are its interval, ``tone`` its colour
    in ``COLOURS``."""

    label: str
    value: Decimal | None
    shown: str
    low: Decimal | None = None
    high: Decimal | None = None
    tone: str = "first"


def bars(title: str, description: str, rows: Sequence[Bar], *, shares: bool = False) -> str:
    """Bars one under the other from nought on, each with its interval as a line with two ends. The axis of ``shares``
    ends at 1 and is marked in per cent.

    Negative values are not drawn: raises ``ValueError``.
    """
    ends = [each for row in rows for each in (row.value, row.low, row.high) if each is not None]
    if any(each < 0 for each in ends):
        raise ValueError("bars begin at nought")
    end = Decimal(1) if shares else _nice(max(ends, default=Decimal(1)))
    height = len(rows) * _ROW + 34
    name = "chart-" + sha256(f"{title}\n{description}".encode()).hexdigest()[:12]
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" class="desk-chart" '
        f'aria-labelledby="{name}-title {name}-text" font-family="{_FONT}" font-size="15">'
    )
    drawn = [
        opening,
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-text">{escape(description)}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="{PAPER}"/>',
        *_axis(end, len(rows) * _ROW, shares),
    ]
    for number, row in enumerate(rows):
        drawn += _row(row, number * _ROW, end)
    return "".join([*drawn, "</svg>"])


def _axis(end: Decimal, bottom: int, shares: bool) -> Iterator[str]:
    for tick in (Decimal(0), end / 2, end):
        x = _x(tick, end)
        yield f'<path d="M{x} 0V{bottom + 6}" stroke="{AXIS}" stroke-width="1"/>'
        yield (
            f'<text x="{x}" y="{bottom + 24}" text-anchor="middle" fill="{INK}" font-size="13">'
            f"{_tick(tick, shares)}</text>"
        )


def _row(row: Bar, top: int, end: Decimal) -> Iterator[str]:
    lines = wrap(row.label, _LETTERS)[:2] or [""]
    first = top + (22 if len(lines) == 1 else 14)
    for number, line in enumerate(lines):
        yield (
            f'<text x="{_LABELS - 10}" y="{first + 15 * number}" text-anchor="end" fill="{INK}" '
            f'font-size="{15 if len(lines) == 1 else 13}">{escape(line)}</text>'
        )
    if row.value is not None:
        width = _x(row.value, end) - _LABELS
        yield f'<rect x="{_LABELS}" y="{top + 7}" width="{width}" height="20" fill="{COLOURS[row.tone]}"/>'
    if row.low is not None and row.high is not None:
        left, right = _x(row.low, end), _x(row.high, end)
        whisker = f"M{left} {top + 17}H{right}M{left} {top + 11}V{top + 23}M{right} {top + 11}V{top + 23}"
        # White under ink: seen on the bar as well as beside it.
        yield f'<path d="{whisker}" stroke="{PAPER}" stroke-width="5" fill="none"/>'
        yield f'<path d="{whisker}" stroke="{INK}" stroke-width="2" fill="none"/>'
    yield f'<text x="{_WIDTH - _VALUES + 12}" y="{top + 22}" fill="{INK}" font-weight="700">{escape(row.shown)}</text>'


def _x(value: Decimal, end: Decimal) -> Decimal:
    """Where a value lies, in hundredths of a unit of the drawing; never beyond its edge."""
    share = min(value / end, Decimal(1)) if end else Decimal(0)
    return (_LABELS + share * _PLOT).quantize(Decimal("0.01"))


def _nice(highest: Decimal) -> Decimal:
    """The first of 1, 2, 5, 10, 20, … that is not below ``highest``."""
    if highest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(highest.adjusted())
    return power * next(tick for tick in _TICKS if highest <= power * tick)


def _tick(value: Decimal, shares: bool) -> str:
    return f"{(value * 100).normalize():f} %" if shares else f"{value.normalize():,f}"
