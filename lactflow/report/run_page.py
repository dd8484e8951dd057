"""
The page of a run: from what was made and taken to the lobes, the stations, the hormones and the schedule behind it.

Measures take all mothers and replicates together; what is shown over time within days is of one of them, the first.
A table that is missing or damaged costs the sections that need it, and no others.
"""

from __future__ import annotations

from functools import cache
from math import inf, isnan, nan
from typing import TYPE_CHECKING, Any

from lactflow.analysis.daily import OF_RUN, by_replicate, measures_in, summary
from lactflow.analysis.drawing.drug import drugs_of
from lactflow.analysis.drawing.style import config_of
from lactflow.analysis.in_words import measure
from lactflow.analysis.stages import Overview, StageMeasures, overview
from lactflow.analysis.tally import Tallied, tallied
from lactflow.errors import LactflowError, PluginError
from lactflow.plugins import Plugin, load
from lactflow.plugins import found as found_plugins
from lactflow.recording.verify import BALANCE_TOLERANCE
from lactflow.report import provenance
from lactflow.report.blocks import Block, Note, Page, Section, Table, Tile
from lactflow.report.moments import moments
from lactflow.report.numbers import TimeAxis, in_words, number
from lactflow.report.run_cohort import cohort
from lactflow.report.run_contents import contents
from lactflow.report.run_course import fullness, hormones, levels
from lactflow.report.run_days import by_day, composition, infants, milk
from lactflow.report.run_drugs import drugs
from lactflow.report.run_pictures import day_and_feed, growth, log, schedule, shown_day
from lactflow.report.run_stations import pipeline, stations
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from lactflow.analysis.run import Run

_TILES = ("removed_ml_per_day", "intake_ml_per_day", "sessions_per_day", "fullness", "fat_g_per_l", "onset_h")
_MOST_INTERVENTIONS = 200
_DAYS = (1, 3, 7, 14, 30, 60, 90, 180, 270, 365)
_MOST_OF_A_DAY = 0.9


def run_page(run: Run) -> Page:
    """
    What a run left behind, as a page.

    Parameters
    ----------
    run
        Opened; whether it ended, is under way or was killed.
    """
    config = provenance.configured(run)
    name = config.name or run.path.resolve().name
    notes = provenance.ended(run.status, run.manifest.get("error"))
    if config.problem:
        reason = provenance.cut(config.problem)
        notes.append(
            Note(
                f"The config cannot be read, so birth is taken to be at 00:00 and no warm-up is left out: {reason}",
                "warning",
            )
        )
    spans = run.spans_min
    sections: list[Section] = []
    tiles: list[Tile] = []
    length = ""
    if spans:
        counted = cache(lambda: tallied(run, config.warm_up_days * DAY_MIN))
        found = cache(lambda: overview(run, config.warm_up_days, config=config_of(run), tallied=counted()))
        sections, tiles = _sections(run, config, found, counted), _tiles(found)
        length = f", {_extent(spans)}"
    else:
        notes.append(Note("Nothing was recorded: there is nothing to draw.", "warning"))
    if len(spans) > 1:
        mother, replicate = next(iter(spans))
        notes.append(
            Note(
                f"{len(spans):,} runs of the model (mothers times replicates). Measures and days are of all of them "
                f"together; courses within days are those of mother {mother}, replicate {replicate}."
            )
        )
    return Page(
        kind="run",
        title=config.title or name,
        subtitle=f"{name}{length}",
        status=run.status,
        sections=[*sections, *_closing(run)],
        tiles=tiles,
        notes=notes,
    )


def _extent(spans: Mapping[tuple[int, int], tuple[float, float]]) -> str:
    """How much was simulated, as the summary of a run counts it."""
    women, replicates = ({unit[part] for unit in spans} for part in range(2))
    parts = [
        *([f"{len(women):,} women"] if len(women) > 1 else []),
        *([f"{len(replicates):,} replicates"] if len(replicates) > 1 else []),
        in_words(max(end - start for start, end in spans.values())),
    ]
    return " \N{MULTIPLICATION SIGN} ".join(parts)


def _sections(
    run: Run,
    config: provenance.Configured,
    found: Callable[[], Overview | None],
    counted: Callable[[], Tallied],
) -> list[Section]:
    """What the tables show."""
    unit, span = next(iter(run.spans_min.items()))
    shown, axis = run.only(*unit), TimeAxis(*span)
    days = cache(lambda: by_day(run, axis, counted()))
    day = cache(lambda: shown_day(shown, axis, _main_end(found)))
    has_levels = "levels" in run.tables
    marks = cache(lambda: moments(shown, config.moments, _onset_h(found)))
    makers: list[tuple[str, str, Callable[[], list[Block]]]] = [
        ("a-day", "A day", lambda: day_and_feed(shown, day(), config.birth_clock_min)),
        ("cohort", "All of them together", lambda: cohort(run, counted)),
        ("milk", "Milk a day", lambda: milk(days(), shown, axis, marks())),
        ("fullness", "Fullness", lambda: fullness(shown, axis, marks())),
        ("recorded", "The log beside the model", lambda: log(shown)),
        ("schedule", "Schedule", lambda: schedule(shown, config.birth_clock_min)),
        (
            "stations",
            "Queues and blocking",
            lambda: [
                *pipeline(shown, day(), config.birth_clock_min, config.stations),
                *stations(shown, axis, config.stations),
            ],
        ),
        ("hormones", "Hormones and let-downs", lambda: hormones(shown, axis, marks())),
        ("levels", "Other signals", lambda: levels(shown, axis, marks(), drugs_of(shown)) if has_levels else []),
        ("drugs", "Drugs in milk", lambda: drugs(shown)),
        (
            "composition",
            "Composition",
            lambda: [*composition(days(), shown, axis, marks()), *contents(run, shown, axis, marks(), drugs_of(shown))],
        ),
        ("infants", "Infants", lambda: [*growth(shown), *infants(shown, axis, marks())]),
        ("measures", "Measures", lambda: _measures(run, found(), days(), config.warm_up_days, counted())),
        ("interventions", "Interventions", lambda: _interventions(shown, axis)),
        ("balance", "Balance", lambda: _balance(run)),
    ]
    made = [Section(name, title, provenance.tried(make)) for name, title, make in makers]
    shipped = [section for section in made if section.blocks]
    return [*shipped, *(_added_section(plugin, run) for plugin in found_plugins("report_sections"))]


def _onset_h(found: Callable[[], Overview | None]) -> float:
    """Copious milk, hours after birth; NaN where it is not known."""
    known = found()
    return nan if known is None else known.whole.measures["onset_h"]


def _main_end(found: Callable[[], Overview | None]) -> float:
    """Last day of the stage whose numbers come first; no end where it is not known."""
    known = found()
    return inf if known is None or not known.stages else _main(known).to_day


def _block(thing: object) -> Block:
    """
    What a section of a package returns, if it is a block.

    Raises
    ------
    PluginError
        If it is none.
    """
    if isinstance(thing, Block):
        return thing
    raise PluginError(f"{type(thing).__name__} is no block (allowed: those of lactflow.report.blocks)")


def _added_section(plugin: Plugin, run: Run) -> Section:
    """A section that a package adds: an object with a `title` and `blocks(run)`; what it raises costs that section."""
    title = plugin.name.replace("_", " ").capitalize()
    try:
        thing: Any = load(plugin)
        title = str(thing.title)
        blocks = [_block(each) for each in thing.blocks(run)]
    except Exception as error:  # noqa: BLE001 - somebody else's code
        reason = str(error) if isinstance(error, LactflowError) else f"{type(error).__name__}: {error}"
        blocks = [Note(f"This cannot be shown: {plugin.label}: {provenance.cut(reason)}", "bad")]
    return Section(f"added-{plugin.name}", title, blocks)


def _closing(run: Run) -> list[Section]:
    """Where it comes from."""
    try:
        config = run.config_text
    except (LactflowError, UnicodeDecodeError) as error:
        config = f"cannot be read: {error}"
    warnings = provenance.warnings(run.manifest)
    return [
        *([] if warnings is None else [warnings]),
        provenance.provenance(run.manifest, run.status, config),
        provenance.citing(run.manifest, run),
    ]


def _tiles(found_overview: Callable[[], Overview | None]) -> list[Tile]:
    """The most important numbers, of one stage where there are several; none where they are not known."""
    try:
        found = found_overview()
    except (LactflowError, OSError):
        return []
    if found is None:
        return []
    main = _main(found)
    of_stage = f", {main.stage}" if len(found.stages) > 1 else ""
    return [
        Tile(measure(name).label, number(value), f"{measure(name).unit}{of_stage if name not in OF_RUN else ''}")
        for name, value in ((each, (found.whole if each in OF_RUN else main).measures[each]) for each in _TILES)
        if not isnan(value)
    ]


def _main(found: Overview) -> StageMeasures:
    """The stage whose numbers come first: established lactation, or else the longest."""
    established = [each for each in found.stages if each.stage == "established"]
    return established[0] if established else max(found.stages, key=lambda each: each.observed_days)


def _by_stage(found: Overview | None) -> list[Block]:
    """Every measure, stage by stage; nothing for a run that lies in one."""
    if found is None or len(found.stages) < 2:
        return []
    rows = [
        [measure(name).label, *(number(stage.measures[name]) for stage in found.stages), measure(name).unit]
        for name in measures_in(found.whole.measures)
        if _known(name, found.whole.measures)
    ]
    headings = [
        f"{stage.stage}, day {stage.from_day}"
        if stage.from_day == stage.to_day
        else f"{stage.stage}, days {stage.from_day} to {stage.to_day}"
        for stage in found.stages
    ]
    return [Table("By stage", ["measure", *headings, "unit"], rows, frozenset({len(headings) + 1}))]


def _known(name: str, measures: Mapping[str, float]) -> bool:
    """Whether there is something to show: runs without a substance have nothing of it, most have no onset."""
    return not isnan(measures[name])


def _on_days(days: pd.DataFrame) -> list[Block]:
    """Every measure on the days that textbooks show; nothing for a run that has fewer than two of them."""
    chosen = days[days["day"].isin(_DAYS) & (days["observed_days"] >= _MOST_OF_A_DAY)].set_index("day")
    if len(chosen) < 2:
        return []
    names = [name for name in measures_in(chosen) if name in chosen and chosen[name].notna().any()]
    rows = [[measure(name).label, *map(number, chosen[name]), measure(name).unit] for name in names]
    headings = [f"day {day}" for day in chosen.index]
    return [Table("On some days", ["measure", *headings, "unit"], rows, frozenset({len(headings) + 1}))]


def _measures(
    run: Run, found: Overview | None, days: pd.DataFrame, warm_up_days: float, counted: Tallied
) -> list[Block]:
    """Every measure by stage and over the whole run; with its spread, where there are several units of work."""
    measures = found.whole.measures if found is not None else summary(run, warm_up_days)
    units = by_replicate(run, warm_up_days, counted)
    several = len(units) > 1
    rows = []
    for name in (each for each in measures_in(measures) if _known(each, measures)):
        words = measure(name)
        ends = [units[name].min(), units[name].max()] if several else []
        rows.append([words.label, number(measures[name]), *(number(each) for each in ends), words.unit, name])
    left_out = f", the first {warm_up_days:g} days left out" if warm_up_days else ""
    columns = ["measure", "value", *(["lowest", "highest"] if several else []), "unit", "name in the tables"]
    return [
        *_by_stage(found),
        *_on_days(days),
        Table(
            f"Over the whole run{left_out}",
            columns,
            rows,
            frozenset({len(columns) - 2, len(columns) - 1}),
            identifiers=frozenset({len(columns) - 1}),
        ),
    ]


def _interventions(shown: Run, axis: TimeAxis) -> list[Block]:
    changes = shown["interventions"]
    if changes.empty:
        return [Note("The run has no interventions.")]
    some = changes.head(_MOST_INTERVENTIONS)
    rows = [
        [number(at), kind, action]
        for at, kind, action in zip(axis.of(some["time_min"]), some["intervention"], some["action"], strict=True)
    ]
    left_out = [Note(f"{len(changes) - len(some):,} more stand in the table interventions.")]
    table = Table("What took place", [axis.label, "intervention", "action"], rows, frozenset({1, 2}))
    return [table, *(left_out if len(changes) > len(some) else [])]


def _balance(run: Run) -> list[Block]:
    """What came in equals what is there and what went out."""
    balance = run["balance"]
    if balance.empty:
        return [Note("The books were not closed: a balance is written when a run ends.", "warning")]
    worst = balance.loc[balance.groupby("quantity", sort=False)["residual"].apply(lambda each: each.abs().idxmax())]
    residual = float(worst["residual"].abs().max())
    sound = residual <= BALANCE_TOLERANCE
    names = ["initial", "made", "gained", "stored", "in_transit", "removed", "lost"]
    rows = [
        [
            row["quantity"].replace("_", " "),
            *(number(row[name], 4) for name in names),
            row["unit"].replace("m2", "m\N{SUPERSCRIPT TWO}"),
            f"{row['residual']:.1e}" if row["residual"] else "0",
        ]
        for row in worst.to_dict("records")
    ]
    columns = ["quantity", *(name.replace("_", " ") for name in names), "unit", "residual"]
    verdict = "it is rounding" if sound else f"that is more than rounding ({BALANCE_TOLERANCE:.0e})"
    return [
        Note(
            "Initial + made + gained = stored + in transit + removed + lost. "
            f"The worst residual is {residual:.1e}: {verdict}.",
            "good" if sound else "bad",
        ),
        Table(
            "Of each quantity the mother and replicate with the largest residual"
            if balance["quantity"].duplicated().any()
            else "What came in and went out over the whole run",
            columns,
            rows,
            frozenset({len(columns) - 2}),
        ),
    ]
