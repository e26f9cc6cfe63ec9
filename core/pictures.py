"""Small pictures drawn as SVG from plain data.

Every picture has a title and a description that say in words what it shows, carries all its
looks in classes (the Content-Security-Policy forbids inline styles), and never tells anything
by colour alone: kinds differ in shape, states in the stroke of a line, amounts in a number.

The functions know nothing about people or plans. Whoever calls them decides first what the
viewer may see: what is not passed in is not in the picture.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SHAPES = ("circle", "square", "diamond", "triangle")
EMPTY = SafeString("")
_MARGIN = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a timeline: when, of which kind, and in which row."""

    date: dt.date
    words: str
    kind: str = ""
    lane: str = ""
    end: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a wheel: from 0 to 10, and what it was before, if that is to be shown."""

    label: str
    amount: float | None
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A rating from 0 to 10 on a date."""

    date: dt.date
    rating: float


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody or an agency around a person. `now` is false for what is over or not begun."""

    name: str
    part: str = ""
    now: bool = True


@dataclass(frozen=True, slots=True)
class Relative:
    """A member of a family: -1 is a parent's generation, 0 the person's own, 1 their children's."""

    name: str
    relation: str
    generation: int = 0


@dataclass(slots=True)
class _Canvas:
    """The inside of a picture while it is drawn. Text is escaped, numbers are rounded."""

    width: float
    height: float
    parts: list[SafeString] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, name: str) -> None:
        self.parts.append(
            format_html(
                '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"></line>',
                _class(name),
                *map(_n, (x1, y1, x2, y2)),
            )
        )

    def circle(self, x: float, y: float, radius: float, name: str) -> None:
        self.parts.append(
            format_html(
                '<circle class="{}" cx="{}" cy="{}" r="{}"></circle>',
                _class(name),
                *map(_n, (x, y, radius)),
            )
        )

    def rect(self, x: float, y: float, width: float, height: float, name: str) -> None:
        self.parts.append(
            format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="4"></rect>',
                _class(name),
                *map(_n, (x, y, width, height)),
            )
        )

    def path(self, steps: str, name: str) -> None:
        self.parts.append(format_html('<path class="{}" d="{}"></path>', _class(name), steps))

    def text(
        self, x: float, y: float, words: str | Sequence[str], name: str, anchor: str = "start"
    ) -> None:
        """One line or several, `anchor` being start, middle or end."""
        lines = [words] if isinstance(words, str) else list(words)
        inner = format_html_join(
            "",
            '<tspan x="{}" dy="{}">{}</tspan>',
            ((_n(x), "0" if row == 0 else "1.2em", line) for row, line in enumerate(lines)),
        )
        self.parts.append(
            format_html(
                '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
                _class(name),
                _n(x),
                _n(y),
                anchor,
                inner,
            )
        )

    def mark(self, x: float, y: float, shape: str, words: str = "") -> None:
        """A small shape. `words` shows up when the mouse rests on it."""
        size = 7.0
        steps = {
            "square": f"M{_n(x - size)} {_n(y - size)}h{_n(2 * size)}v{_n(2 * size)}"
            f"h{_n(-2 * size)}z",
            "diamond": f"M{_n(x)} {_n(y - size - 2)}l{_n(size + 2)} {_n(size + 2)}"
            f"l{_n(-size - 2)} {_n(size + 2)}l{_n(-size - 2)} {_n(-size - 2)}z",
            "triangle": f"M{_n(x)} {_n(y - size - 1)}l{_n(size + 1)} {_n(2 * size)}"
            f"h{_n(-2 * size - 2)}z",
            "circle": f"M{_n(x - size)} {_n(y)}a{_n(size)} {_n(size)} 0 1 0 {_n(2 * size)} 0"
            f"a{_n(size)} {_n(size)} 0 1 0 {_n(-2 * size)} 0z",
        }[shape]
        tip = format_html("<title>{}</title>", words) if words else EMPTY
        self.parts.append(
            format_html('<path class="{}" d="{}">{}</path>', _class(f"mark-{shape}"), steps, tip)
        )

    def drawn(self, name: str, identity: str, title: str, description: str) -> SafeString:
        """The whole picture."""
        return format_html(
            '<svg class="tl-picture tl-picture--{}" xmlns="http://www.w3.org/2000/svg" role="img"'
            ' aria-labelledby="{}-title {}-desc" width="{}" viewBox="0 0 {} {}" focusable="false">'
            '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
            name,
            identity,
            identity,
            # Its natural width: the style sheet lets it shrink, not grow.
            _n(self.width),
            _n(self.width),
            _n(self.height),
            identity,
            title,
            identity,
            description,
            format_html_join("", "{}", ((part,) for part in self.parts)),
        )


def _n(number: float) -> str:
    """A coordinate, short and always with a point."""
    return f"{number:.1f}".removesuffix(".0")


def _class(name: str) -> str:
    return f"tl-picture__{name}"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%b %Y}"


def _lines(words: str, width: int, most: int = 3) -> list[str]:
    """Words broken into at most `most` lines; what does not fit ends in an ellipsis."""
    return textwrap.wrap(words, width, max_lines=most, placeholder="…", break_long_words=True) or [
        ""
    ]


def _nothing(name: str, identity: str, title: str) -> SafeString:
    canvas = _Canvas(400, 60)
    canvas.text(200, 35, "Nothing to show yet", "label", "middle")
    return canvas.drawn(name, identity, title, "Nothing to show yet.")


# Timeline


def _months(start: dt.date, end: dt.date) -> list[dt.date]:
    """The firsts of months between two dates, thinned so that their names do not touch."""
    firsts: list[dt.date] = []
    year, month = start.year, start.month
    while (first := dt.date(year, month, 1)) <= end:
        if first >= start:
            firsts.append(first)
        if (year, month) == (dt.MAXYEAR, 12):
            break
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = max(1, math.ceil(len(firsts) / 9))
    return firsts[::step]


def timeline(
    entries: Iterable[Mark],
    start: dt.date,
    end: dt.date,
    *,
    title: str = "Timeline",
    identity: str = "timeline",
) -> SafeString:
    """What happened between two dates: a row for each lane, a shape for each kind.

    Entries outside the dates are left out; one with an end is drawn as a bar.
    """
    if end < start:
        raise ValueError("a timeline can't end before it starts")
    shown = sorted(
        (entry for entry in entries if entry.date <= end and (entry.end or entry.date) >= start),
        key=lambda entry: (entry.date, entry.words),
    )
    if not shown:
        return _nothing("timeline", identity, title)
    lanes = list(dict.fromkeys(entry.lane for entry in shown))
    kinds = list(dict.fromkeys(entry.kind for entry in shown))
    shape_of = {kind: SHAPES[index % len(SHAPES)] for index, kind in enumerate(kinds)}
    left, row, width = (150.0 if any(lanes) else 16.0), 44.0, 760.0
    bottom = 16 + row * len(lanes)
    named = [kind for kind in kinds if kind]
    canvas = _Canvas(width, bottom + 30 + (28 if named else 0))
    days = max(1, (end - start).days)

    def across(date: dt.date) -> float:
        inside = min(max(date, start), end)
        return left + 12 + (inside - start).days / days * (width - left - 36)

    for first in _months(start, end):
        canvas.line(across(first), 8, across(first), bottom, "grid")
        words = f"{first:%b %Y}" if first.month == 1 or days > 366 else f"{first:%b}"
        canvas.text(across(first), bottom + 18, words, "tick", "middle")
    for index, lane in enumerate(lanes):
        middle = 16 + row * index + row / 2
        canvas.line(left, middle, width - _MARGIN, middle, "lane")
        canvas.text(
            _MARGIN, middle + 5 - (8 if len(lane) > 18 else 0), _lines(lane, 18, 2), "label"
        )
    for entry in shown:
        middle = 16 + row * lanes.index(entry.lane) + row / 2
        tip = f"{_day(entry.date)}: {entry.words}"
        if entry.end and entry.end > entry.date:
            span = across(entry.end) - across(entry.date)
            canvas.rect(across(entry.date), middle - 4, max(span, 2), 8, "bar")
        canvas.mark(across(entry.date), middle, shape_of[entry.kind], tip)
    x = left
    for kind in named:
        canvas.mark(x + 10, bottom + 42, shape_of[kind])
        canvas.text(x + 24, bottom + 47, kind, "tick")
        x += 44 + 7.5 * len(kind)
    canvas.width = max(width, x)
    counted = Counter(entry.kind or "entries" for entry in shown)
    parts = ", ".join(f"{kind}: {number}" for kind, number in counted.items())
    description = f"From {_day(start)} to {_day(end)}. {parts}."
    return canvas.drawn("timeline", identity, title, description)


# Wheel


def _slice(x: float, y: float, radius: float, start: float, end: float) -> str:
    x1, y1 = x + radius * math.sin(start), y - radius * math.cos(start)
    x2, y2 = x + radius * math.sin(end), y - radius * math.cos(end)
    large = 1 if end - start > math.pi else 0
    return (
        f"M{_n(x)} {_n(y)}L{_n(x1)} {_n(y1)}"
        f"A{_n(radius)} {_n(radius)} 0 {large} 1 {_n(x2)} {_n(y2)}Z"
    )


def _amount(value: float | None) -> str:
    return "not used" if value is None else f"{value:g}"


def wheel(
    segments: Sequence[Segment], *, title: str = "Plan wheel", identity: str = "wheel"
) -> SafeString:
    """Up to twelve parts of equal width, each as long as its amount from 0 to 10.

    A part whose amount is None is not in use. A broken line shows the amount before.
    """
    if not segments:
        return _nothing("wheel", identity, title)
    if len(segments) > 12:
        raise ValueError("a wheel has at most twelve parts")
    for segment in segments:
        for value in (segment.amount, segment.before):
            if value is not None and not 0 <= value <= 10:
                raise ValueError("the parts of a wheel go from 0 to 10")
    x, y, radius = 230.0, 190.0, 120.0
    canvas = _Canvas(460, 384)
    for ring in (2, 4, 6, 8, 10):
        canvas.circle(x, y, radius * ring / 10, "ring" if ring < 10 else "rim")
    step = 2 * math.pi / len(segments)
    for index, segment in enumerate(segments):
        start, end = index * step, (index + 1) * step
        # A whole circle can't be drawn as one arc.
        end = min(end, start + 2 * math.pi - 0.001)
        if segment.amount:
            canvas.path(_slice(x, y, radius * segment.amount / 10, start, end), "slice")
        if segment.before:
            canvas.path(_slice(x, y, radius * segment.before / 10, start, end), "before")
        canvas.line(x, y, x + radius * math.sin(start), y - radius * math.cos(start), "spoke")
    for index, segment in enumerate(segments):
        middle = (index + 0.5) * step
        sine, cosine = math.sin(middle), math.cos(middle)
        anchor = "middle" if abs(sine) < 0.2 else ("start" if sine > 0 else "end")
        lines = _lines(segment.label, 14, 3)
        top = y - (radius + 14) * cosine - len(lines) * 9 * (1 + cosine) + 5
        side = x + (radius + 12) * sine
        canvas.text(side, top, lines, "label", anchor)
        canvas.text(side, top + len(lines) * 18, _amount(segment.amount), "value", anchor)
    description = "; ".join(
        f"{segment.label}: {_amount(segment.amount)}"
        + ("" if segment.before is None else f", before: {_amount(segment.before)}")
        for segment in segments
    )
    return canvas.drawn("wheel", identity, title, f"From 0 to 10. {description}.")


# Progress


def progress(
    points: Iterable[Point], *, title: str = "Progress", identity: str = "progress"
) -> SafeString:
    """Ratings from 0 to 10 over time, each with its number and its date."""
    shown = sorted(points, key=lambda point: point.date)
    if not shown:
        return _nothing("progress", identity, title)
    if any(not 0 <= point.rating <= 10 for point in shown):
        raise ValueError("ratings go from 0 to 10")
    canvas = _Canvas(480, 210)
    left, right, top, bottom = 40.0, 450.0, 24.0, 164.0
    first, last = shown[0].date, shown[-1].date
    days = max(1, (last - first).days)

    def place(point: Point) -> tuple[float, float]:
        across = 0.5 if first == last else (point.date - first).days / days
        return (
            left + 24 + across * (right - left - 48),
            bottom - point.rating / 10 * (bottom - top),
        )

    for rating in (0, 5, 10):
        height = bottom - rating / 10 * (bottom - top)
        canvas.line(left, height, right, height, "grid")
        canvas.text(left - 8, height + 5, str(rating), "tick", "end")
    places = [place(point) for point in shown]
    if len(places) > 1:
        canvas.path("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in places), "trend")
    labelled = -math.inf
    for point, (x, y) in zip(shown, places, strict=True):
        canvas.mark(x, y, "circle", f"{_day(point.date)}: {point.rating:g}")
        # Numbers that would lie on one another are left to the description.
        if x - labelled >= 24 or point is shown[-1]:
            canvas.text(x, y - 12, f"{point.rating:g}", "label", "middle")
            labelled = x
    if first == last:
        canvas.text(places[0][0], bottom + 24, _day(first), "tick", "middle")
    else:
        canvas.text(left, bottom + 24, _day(first), "tick")
        canvas.text(right, bottom + 24, _day(last), "tick", "end")
    description = "; ".join(f"{_day(point.date)}: {point.rating:g}" for point in shown)
    return canvas.drawn("progress", identity, title, f"Out of 10. {description}.")


# Who is involved


def who(
    centre: str,
    around: Sequence[Around],
    *,
    title: str = "Who is involved",
    identity: str = "who",
) -> SafeString:
    """A person in the middle and those around them: a whole line for now, a broken one for not."""
    if not around:
        return _nothing("who", identity, title)
    # Boxes stand in two columns beside the person, so that any number of them can be read.
    rows = math.ceil(len(around) / 2)
    row, box, tall = 66.0, 180.0, 54.0
    canvas = _Canvas(600, max(160.0, rows * row + 16))
    x, y = canvas.width / 2, canvas.height / 2
    placed = []
    for index, one in enumerate(around):
        on_left = index % 2 == 0
        count = rows if on_left else len(around) - rows
        middle = y + ((index // 2) - (count - 1) / 2) * row
        placed.append((one, on_left, middle))
    for one, on_left, middle in placed:
        edge = box if on_left else canvas.width - box
        canvas.line(x, y, edge, middle, "tie" if one.now else "tie-past")
    canvas.circle(x, y, 58, "centre")
    lines = _lines(centre, 13, 3)
    canvas.text(x, y + 6 - (len(lines) - 1) * 9, lines, "centre-label", "middle")
    for one, on_left, middle in placed:
        edge = 2.0 if on_left else canvas.width - box - 2
        canvas.rect(edge, middle - tall / 2, box, tall, "box" if one.now else "box-past")
        name = _lines(one.name, 22, 1)[0]
        part = _lines(one.part if one.now else f"{one.part} (not now)".strip(), 26, 1)[0]
        inside = edge + box / 2
        canvas.text(inside, middle - (4 if part else -5), name, "label", "middle")
        if part:
            canvas.text(inside, middle + 16, part, "tick", "middle")
    active = sum(one.now for one in around)
    description = "; ".join(
        " ".join(
            filter(
                None, (one.name, f"({one.part})" if one.part else "", "" if one.now else "not now")
            )
        )
        for one in around
    )
    return canvas.drawn("who", identity, title, f"{active} involved now. {description}.")


# Family


def family_tree(
    centre: str,
    relatives: Sequence[Relative],
    *,
    title: str = "Family",
    identity: str = "family",
) -> SafeString:
    """A person and their family, one row for each generation."""
    if not relatives:
        return _nothing("family", identity, title)
    me = Relative(centre, "", 0)
    generations = sorted({0, *(relative.generation for relative in relatives)})
    rows = [
        [*([me] if generation == 0 else []), *(r for r in relatives if r.generation == generation)]
        for generation in generations
    ]
    box, tall, gap, row = 150.0, 56.0, 20.0, 104.0
    widest = max(len(members) for members in rows)
    canvas = _Canvas(max(360.0, widest * (box + gap) + gap), (len(rows) - 1) * row + tall + 40)
    middle_of = {
        generation: 32 + tall / 2 + index * row for index, generation in enumerate(generations)
    }

    def left_of(members: Sequence[Relative], index: int) -> float:
        whole = len(members) * (box + gap) - gap
        return (canvas.width - whole) / 2 + index * (box + gap)

    mine = left_of(rows[generations.index(0)], 0) + box / 2
    centre_y = middle_of[0]
    for generation, members in zip(generations, rows, strict=True):
        for index, member in enumerate(members):
            if member is me:
                continue
            # By right angles through the gap between two rows, so that no line crosses a box.
            x, y = left_of(members, index) + box / 2, middle_of[generation]
            gap_y = y + row / 2 - 7 if generation < 0 else y - row / 2 + 7
            canvas.path(f"M{_n(mine)} {_n(centre_y)}V{_n(gap_y)}H{_n(x)}V{_n(y)}", "tie")
    for generation, members in zip(generations, rows, strict=True):
        for index, member in enumerate(members):
            left, middle = left_of(members, index), middle_of[generation]
            name = "box-self" if member is me else "box"
            canvas.rect(left, middle - tall / 2, box, tall, name)
            words = _lines(member.name, 18, 1)[0]
            canvas.text(
                left + box / 2, middle + (5 if member is me else -3), words, "label", "middle"
            )
            if member is not me:
                canvas.text(
                    left + box / 2, middle + 17, _lines(member.relation, 21, 1)[0], "tick", "middle"
                )
    description = "; ".join(f"{member.name}: {member.relation}" for member in relatives)
    return canvas.drawn("family", identity, title, f"Family of {centre}. {description}.")
