"""Pictures of several scenarios: days, schedules, and a log beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lactflow.analysis.daily import daily
from lactflow.analysis.drawing.fitted import breasts_of
from lactflow.analysis.drawing.logged import draw_log, volumes_of
from lactflow.analysis.drawing.scenarios import MOST_POINTS, by_day, draw_courses, draw_days, last_day
from lactflow.analysis.drawing.style import literal
from lactflow.analysis.in_words import measure
from lactflow.analysis.recorded import agreement
from lactflow.report.blocks import Block, Note, Picture, Table
from lactflow.report.numbers import clock, evenly, number, signed
from lactflow.report.picture import by_breast, picture
from lactflow.report.run_pictures import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lactflow.analysis.run import Run

_COURSES = ("removed_ml_per_day", "fullness")
_MOST_SESSIONS = 100
_SHORT_ROWS = 14


def courses(runs: Mapping[str, Run]) -> list[Block]:
    """Days of each scenario, by its name: means over its units of work, and bands."""
    days = {name: daily(run) for name, run in runs.items()}
    days = {name: frame for name, frame in days.items() if len(frame)}
    if not days:
        return [Note("Nothing was recorded.")]
    return [_course(days, name) for name in _COURSES if any(frame[name].notna().any() for frame in days.values())]


def _course(days: Mapping[str, pd.DataFrame], name: str) -> Picture:
    """One measure day by day."""
    words = measure(name)
    found = {other: by_day(frame, name) for other, frame in days.items()}
    ends = "; ".join(
        f"{other}: {number(each['mean'].iloc[0])} to {number(each['mean'].iloc[-1])}" for other, each in found.items()
    )
    every = sorted(set().union(*(each.index for each in found.values())))
    steps = (
        "day by day"
        if max(frame["day"].nunique() for frame in days.values()) <= MOST_POINTS
        else "over stretches of days"
    )
    rows = [
        [f"{every[place]:g}", *(number(each["mean"].get(every[place])) for each in found.values())]
        for place in evenly(len(every), _SHORT_ROWS)
    ]
    return picture(
        name.replace("_", "-"),
        words.label.capitalize(),
        f"Means over replicates and mothers, {steps}; bands from the lowest to the highest. From the first to the last "
        f"day [{words.unit}]: {ends}.",
        lambda figure: draw_courses(days, name, figure.add_subplot()),
        Table(f"{words.label} [{words.unit}]: some of the days", ["day", *found], rows),
        height_px=260.0,
        narrow_px=250.0 + 9.0 * len(days),
    )


def schedules(runs: Mapping[str, Run]) -> list[Block]:
    """The last whole day of each scenario, by its name."""
    days = {name: last_day(run) for name, run in runs.items() if run.spans_min}
    if not days:
        return [Note("Nothing was recorded.")]
    numbers = " and ".join(f"day {each}" for each in sorted({day.number for day in days.values()}))
    counts = "; ".join(
        f"{name}: {counted(day.sessions)}, {day.sessions['intake_ml'].sum():.0f} mL" for name, day in days.items()
    )
    rows = [
        [name, kind, clock(start), number(end - start), number(milk)]
        for name, day in days.items()
        for kind, start, end, milk in day.sessions[["kind", "start_min", "end_min", "intake_ml"]].itertuples(
            index=False
        )
    ]
    return [
        picture(
            "strips",
            "A day of each schedule",
            f"Sessions of the first replicate by time of day, the left breast above the right, on {numbers}. {counts}.",
            lambda figure: draw_days(days, figure.add_subplot()),
            Table(
                "Sessions of that day",
                ["schedule", "kind", "start", "length [min]", "milk [mL]"],
                rows[:_MOST_SESSIONS],
                words=frozenset({1}),
            ),
            height_px=70.0 + 44.0 * len(days),
            narrow_px=90.0 + 56.0 * len(days),
        )
    ]


def log(runs: Mapping[str, Run]) -> list[Block]:
    """Recorded volumes beside those of every scenario, by its name; nothing where none follows a log with volumes."""
    mothers = {name: next(iter(run.spans_min), (0, 0))[0] for name, run in runs.items()}
    tables = {name: volumes_of(run, mothers[name]) for name, run in runs.items() if run.spans_min}
    tables = {name: table for name, table in tables.items() if len(table)}
    if not tables:
        return []
    found = {name: agreement(table) for name, table in tables.items()}
    said = "; ".join(
        f"{name}: {signed(each.bias_ml)} mL each time on average, SD of the differences {number(each.sd_ml)} mL, "
        f"{each.sessions} amounts"
        for name, each in found.items()
    )
    rows = [
        [name, f"{day:.2f}", kind, number(recorded), number(simulated)]
        for name, table in tables.items()
        for day, kind, recorded, simulated in table.iloc[evenly(len(table), _SHORT_ROWS)][
            ["day", "kind", "recorded_ml", "simulated_ml"]
        ].itertuples(index=False)
    ]
    drawn = {literal(name): runs[name] for name in tables}
    panels = breasts_of(next(iter(tables.values())))
    return [
        picture(
            "log",
            "Milk in the log and in each scenario",
            "Open markers are the amounts of milk in the feeding log, filled ones what each scenario gives in the same "
            f"sessions, more or less than the log: {said}. Light bars reach one standard deviation of the differences "
            "of the first scenario to both sides.",
            by_breast(partial(draw_log, drawn, mother=next(iter(mothers.values()))), panels),
            Table(
                "Some of the amounts",
                ["scenario", "day", "kind", "recorded [mL]", "simulated [mL]"],
                rows,
                words=frozenset({2}),
            ),
            height_px=60.0 + 215.0 * len(panels),
            narrow_px=120.0 + 215.0 * len(panels) + 12.0 * len(drawn),
        )
    ]
