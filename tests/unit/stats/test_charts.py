"""Charts: nothing that a strict policy refuses, nothing that cannot be seen, nothing that a label can break out of."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from safehands.stats.charts import AXIS, COLOURS, INK, PAPER, Bar, bars

D = Decimal


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("colour", "ratio"), [*((each, 3.0) for each in COLOURS.values()), (AXIS, 3.0), (INK, 4.5)])
def test_every_mark_is_seen_on_white(colour: str, ratio: float) -> None:
    assert (luminance(PAPER) + 0.05) / (luminance(colour) + 0.05) >= ratio


def test_a_label_cannot_break_out_of_the_drawing() -> None:
    drawn = bars("<script>x</script>", '"&<', [Bar("</svg><script>alert(1)</script>", D(1), "<b>", D(0), D(1))])
    root = ET.fromstring(drawn)
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {"svg", "title", "desc", "rect", "path", "text"}
    assert not [
        each for each in root.iter() if "style" in each.attrib or any(name.startswith("on") for name in each.attrib)
    ]
    assert root[0].text == "<script>x</script>"


def test_bars_lie_where_their_values_say() -> None:
    root = ET.fromstring(bars("t", "d", [Bar("half", D("0.5"), "50 %"), Bar("all", D(1), "100 %")], shares=True))
    half, whole = (float(each.get("width") or 0) for each in root.findall("{*}rect")[1:])
    assert whole == 2 * half
    assert "100 %" in [each.text for each in root.iter()]


def test_nothing_known_draws_no_bar_and_says_so() -> None:
    root = ET.fromstring(bars("t", "d", [Bar("", None, "no value"), Bar("none of many", D(0), "0", D(0), D(0))]))
    assert len(root.findall("{*}rect")) == 2
    assert "no value" in [each.text for each in root.iter()]
    assert ET.fromstring(bars("t", "d", [])).get("role") == "img"


def test_a_bar_below_nought_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="nought"):
        bars("t", "d", [Bar("x", D(-1), "-1")])


@pytest.mark.parametrize(("most", "end"), [("0.3", "0.5"), ("7", "10"), ("12", "20"), ("4999", "5,000"), ("1", "1")])
def test_the_axis_ends_on_a_round_number(most: str, end: str) -> None:
    root = ET.fromstring(bars("t", "d", [Bar("x", D(most), most)]))
    assert end in [each.text for each in root.iter()]
