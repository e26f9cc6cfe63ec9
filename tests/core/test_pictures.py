"""Pictures: well-formed, said in words too, and deaf to hostile text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from django.utils.safestring import SafeString

from core.pictures import (
    Around,
    Mark,
    Point,
    Relative,
    Segment,
    family_tree,
    progress,
    timeline,
    wheel,
    who,
)

HOSTILE = "\"><script>alert(1)</script><x a='&"
SVG = "{http://www.w3.org/2000/svg}"
START, END = dt.date(2026, 1, 1), dt.date(2026, 6, 30)

Draw = Callable[[str], SafeString]

PICTURES: dict[str, Draw] = {
    "timeline": lambda words: timeline(
        [
            Mark(dt.date(2026, 2, 3), words, words, words),
            Mark(dt.date(2026, 3, 3), words, "other", words, dt.date(2026, 5, 1)),
        ],
        START,
        END,
        title=words,
    ),
    "wheel": lambda words: wheel([Segment(words, 4, 2), Segment(words, None)], title=words),
    "progress": lambda words: progress([Point(START, 2), Point(END, 8)], title=words),
    "who": lambda words: who(words, [Around(words, words), Around(words, "", False)], title=words),
    "family": lambda words: family_tree(
        words, [Relative(words, words, -1), Relative(words, words, 1)], title=words
    ),
}


def parsed(picture: str) -> ET.Element:
    """The picture as a tree; fails when it is not well-formed."""
    return ET.fromstring(picture)  # nosec


@pytest.fixture(params=sorted(PICTURES))
def draw(request: pytest.FixtureRequest) -> Draw:
    """Each picture in turn."""
    return PICTURES[request.param]


def test_a_picture_has_a_role_a_title_and_a_description(draw: Draw) -> None:
    root = parsed(draw("Kofi"))
    assert root.get("role") == "img"
    title, description = list(root)[:2]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Kofi"
    assert description.text


def test_looks_are_classes_only(draw: Draw) -> None:
    picture = draw("Kofi")
    assert isinstance(picture, SafeString)
    assert not re.search(r"\b(style|fill|stroke|on\w+)=", picture)


def test_hostile_words_stay_words(draw: Draw) -> None:
    picture = draw(HOSTILE)
    assert "<script" not in picture
    root = parsed(picture)
    allowed = {"svg", "title", "desc", "text", "tspan", "path", "circle", "rect", "line"}
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= allowed
    assert root[0].text == HOSTILE


def test_the_same_data_gives_the_same_picture(draw: Draw) -> None:
    assert draw("Kofi") == draw("Kofi")


def test_no_coordinate_is_lost(draw: Draw) -> None:
    picture = draw("A very long name of an agency that goes on and on and on")
    assert "nan" not in picture
    assert "inf" not in picture


@pytest.mark.parametrize(
    "picture",
    [
        timeline([], START, END),
        wheel([]),
        progress([]),
        who("Kofi", []),
        family_tree("Kofi", []),
    ],
)
def test_a_picture_of_nothing_says_so(picture: SafeString) -> None:
    assert "Nothing to show yet" in "".join(parsed(picture).itertext())


def test_a_timeline_leaves_out_what_lies_outside() -> None:
    entries = [
        Mark(dt.date(2025, 12, 31), "before"),
        Mark(START, "first"),
        Mark(END, "last"),
        Mark(dt.date(2026, 7, 1), "after"),
        Mark(dt.date(2025, 12, 1), "into", end=dt.date(2026, 1, 5)),
    ]
    words = "".join(parsed(timeline(entries, START, END)).itertext())
    assert "before" not in words
    assert "after" not in words
    for inside in ("first", "last", "into"):
        assert inside in words


def test_kinds_on_a_timeline_differ_in_shape() -> None:
    entries = [Mark(START, "a", "Contact"), Mark(END, "b", "Event"), Mark(END, "c", "Review")]
    picture = timeline(entries, START, END)
    for shape in ("circle", "square", "diamond"):
        assert f"mark-{shape}" in picture
    assert "Contact: 1, Event: 1, Review: 1" in picture


def test_a_timeline_may_be_one_day_or_a_lifetime() -> None:
    parsed(timeline([Mark(START, "x")], START, START))
    whole = parsed(timeline([Mark(START, "x")], dt.date(1, 1, 1), dt.date(9999, 12, 31)))
    assert len([n for n in whole.iter(f"{SVG}text") if "tick" in n.get("class", "")]) <= 10
    with pytest.raises(ValueError, match="before it starts"):
        timeline([], END, START)


def test_a_wheel_says_its_amounts() -> None:
    names = [f"Part {number}" for number in range(8)]
    parts = [Segment(name, number, 10 - number) for number, name in enumerate(names)]
    words = "".join(parsed(wheel([*parts[:7], Segment("Family", None)])).itertext())
    assert "Part 3: 3, before: 7" in words
    assert "Family: not used" in words


@pytest.mark.parametrize("amount", [-1, 10.5, float("nan")])
def test_amounts_outside_nought_to_ten_are_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="10"):
        wheel([Segment("Housing", amount)])
    with pytest.raises(ValueError, match="10"):
        progress([Point(START, amount)])


def test_progress_is_in_the_order_of_time() -> None:
    words = "".join(parsed(progress([Point(END, 8), Point(START, 2)])).itertext())
    assert "1 Jan 2026: 2; 30 Jun 2026: 8" in words
    parsed(progress([Point(START, 5)]))


def test_who_counts_only_those_involved_now() -> None:
    picture = who("Kofi", [Around("Unit", "Consent"), Around("School", "Education", now=False)])
    words = "".join(parsed(picture).itertext())
    assert "1 involved now" in words
    assert "School (Education) not now" in words
    assert "tie-past" in picture


def test_two_pictures_on_a_page_have_different_ids() -> None:
    first, second = wheel([Segment("a", 1)]), wheel([Segment("a", 1)], identity="then")
    assert parsed(first)[0].get("id") != parsed(second)[0].get("id")
