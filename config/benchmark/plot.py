"""A picture of the run: how long each contender takes, by how many people its user sees."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import chain
from statistics import median
from xml.sax.saxutils import escape

from config.benchmark.lists import GUARDIAN, PEOPLE_LIST, PEOPLE_PAGE, USUAL
from config.benchmark.results import Results, Sized

SHOWN = {
    PEOPLE_LIST.floor: "#505a5f",
    PEOPLE_LIST.name: "#1d70b8",
    PEOPLE_PAGE.name: "#00703c",
    GUARDIAN: "#d4351c",
    USUAL: "#912b88",
}
"""Who is drawn, and in which colour; the dashes tell them apart without it."""
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 5")
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 860, 420, 70, 40, 620, 360

Points = list[tuple[float, float]]


def svg(results: Results) -> str:
    """An SVG of its own, both axes logarithmic; one line for each contender and size."""
    lines = {
        (name, size): _points(one, name)
        for size, one in results.sizes.items()
        for name in SHOWN
        if one.lists is not None and one.lists.of(name)
    }
    everything = list(chain.from_iterable(lines.values())) or [(1.0, 1.0)]
    wide = [_floor10(min(x for x, _ in everything)), _ceil10(max(x for x, _ in everything))]
    tall = [_floor10(min(y for _, y in everything)), _ceil10(max(y for _, y in everything))]
    parts = [_axes(wide, tall)]
    for place, ((name, size), points) in enumerate(lines.items()):
        parts.append(_line(name, size, points, wide, tall, place))
    title = "Time of a list by the number of people whom its user may come to see"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' role="img" font-family="arial, sans-serif" font-size="12"><title>{title}</title>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _points(one: Sized, name: str) -> Points:
    """The median milliseconds of a contender, by twofold steps of its users' breadth."""
    assert one.lists is not None
    steps: dict[int, list[float]] = defaultdict(list)
    for (_, place), seconds in one.lists.seconds.get(name, {}).items():
        steps[int(math.log2(max(1, one.lists.users[place].people)))].append(seconds)
    return [(2.0**step * 1.4, 1000 * median(values)) for step, values in sorted(steps.items())]


def _line(
    name: str, size: int, points: Points, wide: list[float], tall: list[float], place: int
) -> str:
    colour, dash = SHOWN[name], DASHES[list(SHOWN).index(name)]
    way = " ".join(f"{_x(x, wide):.1f},{_y(y, tall):.1f}" for x, y in points)
    style = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
    height = _TOP + 18 * place
    return (
        f'<polyline points="{way}" {style}/>'
        f'<polyline points="{_RIGHT + 15},{height} {_RIGHT + 45},{height}" {style}/>'
        f'<text x="{_RIGHT + 50}" y="{height + 4}">{escape(name)}, {size:,}</text>'
    )


def _axes(wide: list[float], tall: list[float]) -> str:
    parts = []
    for power in _powers(wide):
        x = _x(power, wide)
        parts.append(
            f'<path d="M{x:.1f} {_TOP}V{_BOTTOM}" stroke="#dddddd"/>'
            f'<text x="{x:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{power:,.0f}</text>'
        )
    for power in _powers(tall):
        y = _y(power, tall)
        parts.append(
            f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="#dddddd"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{power:g} ms</text>'
        )
    middle = (_LEFT + _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_BOTTOM + 40}" text-anchor="middle">people whom the user may'
        " come to see</text>"
    )
    return "".join(parts)


def _powers(ends: list[float]) -> list[float]:
    first, last = round(math.log10(ends[0])), round(math.log10(ends[1]))
    return [10.0**power for power in range(first, last + 1)]


def _floor10(value: float) -> float:
    return 10.0 ** math.floor(math.log10(value))


def _ceil10(value: float) -> float:
    """The next power of ten, always beyond the one below."""
    return 10.0 ** (math.floor(math.log10(value)) + 1)


def _x(value: float, ends: list[float]) -> float:
    return _LEFT + (_RIGHT - _LEFT) * _share(value, ends)


def _y(value: float, ends: list[float]) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * _share(value, ends)


def _share(value: float, ends: list[float]) -> float:
    first, last = math.log10(ends[0]), math.log10(ends[1])
    return (math.log10(value) - first) / (last - first)
