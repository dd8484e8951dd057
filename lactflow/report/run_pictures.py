"""Pictures of a run that need no reading line: a day, a feed by the minute, the log, growth, the schedule."""

from __future__ import annotations

from functools import partial
from math import floor, isfinite
from typing import TYPE_CHECKING

from lactflow.analysis.drawing.day import draw_day
from lactflow.analysis.drawing.feed import draw_feed, is_together, let_downs_of, typical_session
from lactflow.analysis.drawing.fitted import breasts_of
from lactflow.analysis.drawing.growth import draw_growth
from lactflow.analysis.drawing.logged import draw_agreement, draw_log, volumes_of
from lactflow.analysis.drawing.schedule import draw_schedule
from lactflow.analysis.recorded import agreement
from lactflow.errors import ConfigError
from lactflow.report.blocks import Block, Note, Table
from lactflow.report.numbers import clock, evenly, number
from lactflow.report.picture import by_breast, picture
from lactflow.report.trait_words import apart
from lactflow.report.words import SESSIONS
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.run import Run
    from lactflow.report.numbers import TimeAxis

_SHORT_ROWS = 14
_TOGETHER = "; both breasts gave at the same time, and share its width, the left one first"
_WHOSE = (
    "The model is the mother whom the config describes: the usual woman, unless it is that of a fit. Where she gives "
    "more or less than the log, the two women differ; it does not mean that something is wrong. lactflow fit looks for "
    "a mother who gives what the log has."
)
_ROW_PX = 15.0
_TALLEST_PX = 560.0


def shown_day(shown: Run, axis: TimeAxis, until_day: float) -> int:
    """
    The day that a page shows: the last whole one up to `until_day` on which somebody was at a breast.

    Parameters
    ----------
    shown
        One unit of work.
    axis
        Of the page.
    until_day
        The last that may be shown; later ones belong to another stage of lactation.
    """
    first = floor(axis.from_min / DAY_MIN) + 1
    last = max(first, min(floor(axis.to_min / DAY_MIN), floor(until_day)))
    starts = shown.read("removals", ["start_min"])["start_min"]
    days = (starts // DAY_MIN + 1)[starts < last * DAY_MIN]
    return last if days.empty else max(first, int(days.max()))


def day_and_feed(shown: Run, day: int, birth_clock_min: float) -> list[Block]:
    """One day, and a typical session up to its end by the minute."""
    unit = next(iter(shown.spans_min))
    whose = dict(zip(("mother", "replicate"), unit, strict=True))
    from_min, to_min = (day - 1) * DAY_MIN, day * DAY_MIN
    sessions = shown.read("sessions", ["session", "kind", "start_min", "end_min", "intake_ml"])
    mine = sessions[(sessions["start_min"] >= from_min) & (sessions["start_min"] < to_min)]
    removals = shown.read("removals", ["session", "breast", "removed_ml", "let_downs"])
    blocks: list[Block] = [
        picture(
            "day",
            f"Day {day}",
            f"Milk stored in each breast over day {day}. {_volumes(mine)}: the numbers above. Ticks at the bottom are "
            "let-downs, dotted lines storage capacities, and the night is shaded.",
            lambda figure: draw_day(shown, day, figure.add_subplot(), **whose),
            _sessions_table(mine, removals, birth_clock_min),
            height_px=330.0,
            narrow_px=400.0,
        )
    ]
    try:
        blocks.append(_feed(shown, to_min, whose))
    except ConfigError as error:  # nobody was at a breast
        blocks.append(Note(f"No session by the minute: {error}."))
    return blocks


def _volumes(sessions: pd.DataFrame) -> str:
    """What sessions of each kind gave: `6 pumps gave 842 mL, 6 bottles gave 620 mL`."""
    parts = [
        f"{counted(rows)} gave {rows['intake_ml'].sum():.0f} mL"
        for kind in SESSIONS
        if len(rows := sessions[sessions["kind"] == kind])
    ]
    return ", ".join(parts) or "No sessions"


def _feed(shown: Run, until_min: float, whose: dict[str, int]) -> Block:
    """One session."""
    session = typical_session(shown, until_min, **whose)
    rows = let_downs_of(shown, session, **whose)
    fat = rows["fat_g_per_l"]
    return picture(
        "feed",
        "A typical session by the minute",
        f"Each bar is a let-down: as wide as the contraction lasts, as high as the flow, with the milk that it gave"
        f"{_TOGETHER if is_together(rows) else ''}. "
        f"Points are its fat: {number(fat.iloc[0])} g/L in the first, {number(fat.iloc[-1])} g/L in the last of "
        f"{len(rows)} let-downs.",
        lambda figure: draw_feed(shown, session, figure.add_subplot(), **whose),
        Table(
            "Let-downs of this session",
            ["minute", "breast", "milk [mL]", "flow [mL/min]", "fat [g/L]"],
            [
                [number(minute), side, number(milk), number(flow), number(rich)]
                for side, minute, milk, flow, rich in zip(
                    rows["breast"], rows["minute"], rows["removed_ml"], rows["flow_ml_per_min"], fat, strict=True
                )
            ],
            words=frozenset({1}),
        ),
        narrow_px=360.0,
    )


def _sessions_table(sessions: pd.DataFrame, removals: pd.DataFrame, birth_clock_min: float) -> Table:
    """Sessions of a day with what each breast gave."""
    by_side = removals.pivot_table(index="session", columns="breast", values="removed_ml", aggfunc="sum", observed=True)
    let_downs = removals.groupby("session")["let_downs"].max()
    rows = [
        [
            clock(start + birth_clock_min),
            kind,
            *(number(by_side[side].get(session) if side in by_side else None) for side in ("left", "right")),
            number(let_downs.get(session)),
            number(end - start),
        ]
        for session, kind, start, end in zip(
            sessions["session"], sessions["kind"], sessions["start_min"], sessions["end_min"], strict=True
        )
    ]
    columns = ["time of day", "kind", "left [mL]", "right [mL]", "let-downs", "length [min]"]
    return Table("Sessions of this day", columns, rows, words=frozenset({1}))


def log(shown: Run) -> list[Block]:
    """Recorded beside simulated volumes; nothing where the run has none."""
    unit = next(iter(shown.spans_min))
    volumes = volumes_of(shown, unit[0])
    if volumes.empty:
        return []
    some = volumes.iloc[evenly(len(volumes), _SHORT_ROWS)]
    table = Table(
        "Some of the amounts",
        ["day", "kind", "breast", "recorded [mL]", "simulated [mL]"],
        [
            [f"{day:.2f}", kind, side, number(recorded), number(simulated)]
            for day, kind, side, recorded, simulated in zip(
                *(some[name] for name in ("day", "kind", "breast", "recorded_ml", "simulated_ml")), strict=True
            )
        ],
        words=frozenset({1, 2}),
    )
    found = agreement(volumes)
    panels = breasts_of(volumes)
    height_px = 60.0 + 215.0 * len(panels)
    near = apart(found.bias_ml, found.sd_ml, found.correlation, "the model") if isfinite(found.sd_ml) else ""
    return [
        Note(_WHOSE),
        picture(
            "log",
            "Milk in the log and in the model",
            f"Open markers are the {len(volumes)} amounts of milk in the log, pumped or weighed; filled ones are what "
            "the model gives in the same sessions. Light bars reach one standard deviation of the differences to both "
            "sides.",
            by_breast(partial(draw_log, shown, mother=unit[0]), panels),
            table,
            height_px=height_px,
            narrow_px=height_px + 90.0,
        ),
        picture(
            "agreement",
            "The same, one against the other",
            "Each mark is one amount, and points to its breast. On the dashed line the model gives what was written "
            f"down, above it more, below it less. {near}".strip(),
            lambda figure: draw_agreement(shown, figure.add_subplot(), mother=unit[0]),
            table,
            height_px=400.0,
            narrow_px=420.0,
        ),
    ]


def growth(shown: Run) -> list[Block]:
    """Weight of the infants on the curves of the WHO; nothing where there are none."""
    samples = shown.read("infants", ["time_min", "infant", "weight_kg"])
    if samples.empty:
        return []
    whose = dict(zip(("mother", "replicate"), next(iter(shown.spans_min)), strict=True))
    some = samples.iloc[evenly(len(samples), _SHORT_ROWS)]
    return [
        picture(
            "growth",
            "Growth",
            "Weight of each infant on the weight-for-age curves of the WHO: the median, and one and two z-scores to "
            "both sides. The dotted line is the weight at birth.",
            lambda figure: draw_growth(shown, figure.add_subplot(), **whose),
            Table(
                "Some of the weights",
                ["day", "infant", "weight [kg]"],
                [
                    [f"{time / DAY_MIN:.1f}", str(infant), number(weight)]
                    for time, infant, weight in some[["time_min", "infant", "weight_kg"]].itertuples(index=False)
                ],
            ),
            height_px=360.0,
            narrow_px=380.0,
        )
    ]


def schedule(shown: Run, birth_clock_min: float) -> list[Block]:
    """Every session by time of day."""
    sessions = shown.read("sessions", ["kind", "start_min", "end_min", "intake_ml"])
    if sessions.empty:
        return [Note("There were no sessions.")]
    days = floor(sessions["end_min"].max() / DAY_MIN) - floor(sessions["start_min"].min() / DAY_MIN) + 1
    height_px = min(_TALLEST_PX, 90.0 + max(_ROW_PX, 40.0 / days) * days)
    whose = dict(zip(("mother", "replicate"), next(iter(shown.spans_min)), strict=True))
    some = sessions.iloc[evenly(len(sessions), _SHORT_ROWS)]
    return [
        picture(
            "schedule",
            "Sessions by time of day",
            f"A day a row, the first at the top; in each, the left breast above the right: {counted(sessions)}.",
            lambda figure: draw_schedule(shown, figure.add_subplot(), **whose),
            Table(
                "Some of the sessions",
                ["day", "kind", "start", "length [min]", "milk [mL]"],
                [
                    [
                        f"{floor((start + birth_clock_min) / DAY_MIN) + 1}",
                        kind,
                        clock(start + birth_clock_min),
                        number(end - start),
                        number(milk),
                    ]
                    for kind, start, end, milk in some.itertuples(index=False)
                ],
                words=frozenset({1}),
            ),
            height_px=height_px,
            narrow_px=height_px + 40.0,
        )
    ]


def counted(sessions: pd.DataFrame) -> str:
    """How many sessions of each kind there are: `9 feeds, 1 bottle`."""
    counts = {kind: int((sessions["kind"] == kind).sum()) for kind in SESSIONS}
    return (
        ", ".join(f"{count:,} {kind}{'s' * (count != 1)}" for kind, count in counts.items() if count) or "no sessions"
    )
