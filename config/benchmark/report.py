"""What is printed, and what is written for programs to read."""

from __future__ import annotations

import json
from typing import Any

from config.benchmark.day import Opening
from config.benchmark.lists import (
    CASES_LIST,
    GUARDIAN,
    GUARDIAN_KEYS,
    LISTINGS,
    PEOPLE_LIST,
    USUAL,
    without_wall,
)
from config.benchmark.measure import Ratio, percentile
from config.benchmark.promises import Figure, Promise
from config.benchmark.results import Results, Sized

Line = tuple[Promise, Figure]
MOST_SHOWN = 10


def text(results: Results, lines: list[Line]) -> str:
    """The whole report."""
    parts = [_world(one) for one in results.sizes.values()]
    if growth := _growths(results):
        parts.append("Growth of the median from the smallest world to the largest\n" + growth)
    if opened := _day(results):
        parts.append(opened)
    parts.append("Promises\n" + "\n".join(_promise(*line) for line in lines))
    parts.append(_answers(results))
    parts.append(_summary(lines))
    return "\n\n".join(parts)


def _world(one: Sized) -> str:
    made = f"made in {one.seconds:.0f} s" if one.seconds else "kept from an earlier run"
    asked = one.lists.asked if one.lists else 0
    told = f"{one.people:,} people, {made}; {asked} of {one.users} users asked for lists"
    if one.lists and asked < one.users:
        told += " (the time was over: --seconds gives more)"
    told += f"\n  {one.connections}"
    rows = [told, f"  {'milliseconds':42} {'median':>9} {'95th':>9} {'answers':>8} {'buffers':>9}"]
    for samples in (one.lists, one.search):
        for name in samples.seconds if samples else ():
            rows.append(_contender(one, name, samples.of(name) if samples else []))
    rows += [
        f"  {name}: {count.for_content} statements for the list, {count.every} in all"
        for name, count in one.queries.items()
    ]
    rows += [
        f"  {over} against {under}: {_interval(ratio)}, {ratio.pairs} pairs"
        for (over, under), ratio in ratios(one).items()
    ]
    return "\n".join(rows)


def ratios(one: Sized) -> dict[tuple[str, str], Ratio]:
    """By pair of contenders: how many times as long the first takes as the second."""
    pairs = [(listing.name, listing.floor) for listing in LISTINGS]
    pairs += [(without_wall(listing), listing.floor) for listing in (PEOPLE_LIST, CASES_LIST)]
    pairs += [(guardians, PEOPLE_LIST.name) for guardians in (GUARDIAN, GUARDIAN_KEYS, USUAL)]
    found = {(over, under): one.ratio(over, under) for over, under in pairs}
    return {pair: ratio for pair, ratio in found.items() if ratio is not None}


def growths(results: Results) -> dict[str, float]:
    """By contender: its median in the largest world over that in the smallest."""
    first, last = results.sizes[min(results.sizes)], results.largest
    if first is last or first.lists is None:
        return {}
    found = {name: (last.median(name), first.median(name)) for name in first.lists.seconds}
    return {name: large / small for name, (large, small) in found.items() if large and small}


def _growths(results: Results) -> str:
    return "\n".join(f"  {name:42} ×{times:.2f}" for name, times in growths(results).items())


def _day(results: Results) -> str:
    """Each page by size: its median in milliseconds, its slowest user's, its statements."""
    sizes = [one for _, one in sorted(results.sizes.items()) if one.day]
    if not sizes:
        return ""
    heads = "".join(f"{f'{one.people:,} people':>24}" for one in sizes)
    rows = [
        "Pages in which a day is spent: median, slowest user (ms), statements",
        f"  {'':30}{heads}",
    ]
    for name in dict.fromkeys(name for one in sizes for name in one.day):
        cells = "".join(f"{_opened(one.day.get(name)):>24}" for one in sizes)
        rows.append(f"  {name:30}{cells}")
        failed = [said for one in sizes if name in one.day for said in one.day[name].failed]
        rows += [f"    no page for {said}" for said in failed[:MOST_SHOWN]]
    return "\n".join(rows)


def _opened(found: Opening | None) -> str:
    if found is None or not found.seconds:
        return "–"
    return f"{1000 * found.median:.0f} {1000 * found.slowest:7.0f} {found.statements:5}"


def _interval(ratio: Ratio) -> str:
    return f"{ratio.value:.3g} [{ratio.low:.3g}–{ratio.high:.3g}]"


def _contender(one: Sized, name: str, seconds: list[float]) -> str:
    buffers = f"{one.buffers[name]:,.0f}" if name in one.buffers else ""
    middle, slow = 1000 * percentile(seconds, 0.5), 1000 * percentile(seconds, 0.95)
    return f"  {name:42} {middle:9.2f} {slow:9.2f} {len(seconds):8} {buffers:>9}"


def _promise(promise: Promise, figure: Figure) -> str:
    words = f"  ({figure.words})" if figure.words else ""
    line = f"  {promise.verdict(figure):13} {promise.words}:"
    if figure.value is None:
        return f"{line} promised {promise.bound}{words}"
    value = f"{figure.value:.3g}" if figure.value < 1000 else f"{figure.value:,.0f}"
    if figure.low is not None and figure.high is not None:
        value += f" [{figure.low:.3g}–{figure.high:.3g}]"
    return f"{line} {value}, promised {promise.bound}{words}"


def _answers(results: Results) -> str:
    lapsed = (
        f" In {results.lapsed} something ended while it was being asked for: as at that instant"
        " they are alike."
        if results.lapsed
        else ""
    )
    if not results.differences:
        return f"Answers: {results.compared:,} compared with the floor's, none differed.{lapsed}"
    shown = "\n".join(
        f"  {one.contender}, {one.username} ({one.role}), row {one.row}:"
        f" ours {one.ours}, floor {one.floor}"
        for one in results.differences[:MOST_SHOWN]
    )
    return (
        f"Answers: {len(results.differences):,} of {results.compared:,} DIFFERED from the"
        f" floor's:\n{shown}"
    )


def _summary(lines: list[Line]) -> str:
    verdicts = [promise.verdict(figure) for promise, figure in lines]
    return "Promises: " + ", ".join(
        f"{verdicts.count(verdict)} {verdict}" for verdict in ("pass", "short", "not measured")
    )


def as_json(results: Results, lines: list[Line]) -> str:
    """The same for programs. Times are seconds, sizes bytes."""
    body = {
        "promises": [
            {
                "name": promise.name,
                "promise": promise.words,
                "bound": promise.bound,
                # No number of JSON is infinite.
                "figure": figure.value if figure.value != float("inf") else None,
                "low": figure.low,
                "high": figure.high,
                "verdict": promise.verdict(figure),
                "words": figure.words,
            }
            for promise, figure in lines
        ],
        "growth": growths(results),
        "worlds": [_sized(one) for one in results.sizes.values()],
        "answers": {
            "compared": results.compared,
            "different": len(results.differences),
            "lapsed_meanwhile": results.lapsed,
            "differences": [
                {
                    "contender": one.contender,
                    "username": one.username,
                    "row": one.row,
                    "ours": one.ours,
                    "floor": one.floor,
                }
                for one in results.differences[:MOST_SHOWN]
            ],
        },
    }
    return json.dumps(body, indent=1, ensure_ascii=False)


def _sized(one: Sized) -> dict[str, Any]:
    contenders = {
        name: {
            "median": percentile(samples.of(name), 0.5),
            "p95": percentile(samples.of(name), 0.95),
            "answers": len(samples.of(name)),
            "buffers": one.buffers.get(name),
        }
        for samples in (one.lists, one.search)
        if samples is not None
        for name in samples.seconds
    }
    return {
        "people": one.people,
        "seconds_to_make": one.seconds,
        "connections": one.connections,
        "users": one.users,
        "users_asked": one.lists.asked if one.lists else 0,
        "contenders": contenders,
        "ratios": [
            {
                "over": over,
                "under": under,
                "median": ratio.value,
                "low": ratio.low,
                "high": ratio.high,
                "pairs": ratio.pairs,
            }
            for (over, under), ratio in ratios(one).items()
        ],
        "queries": {
            name: {"for_the_list": count.for_content, "every": count.every}
            for name, count in one.queries.items()
        },
        "day": {
            name: {
                "median": found.median,
                "slowest": found.slowest,
                "users": len(found.seconds),
                "statements": found.statements,
            }
            for name, found in one.day.items()
            if found.seconds
        },
        "pages": [
            {"path": page.path, "role": page.role, "status": page.status, "size": page.size}
            for page in one.pages
        ],
    }
