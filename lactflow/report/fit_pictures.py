"""Pictures and tables of a fitted mother, for her page and for that of several."""

from __future__ import annotations

import re
from functools import partial
from math import exp, isfinite, isnan
from typing import TYPE_CHECKING, Any

from lactflow.analysis.drawing.fitted import breasts_of, draw_forecast, draw_predicted, draw_volumes
from lactflow.analysis.drawing.traits import draw_left, draw_traits, trait_names
from lactflow.analysis.forecasts import score
from lactflow.experiments.fit_trust import nearest_coverage
from lactflow.report.blocks import Block, Table
from lactflow.report.numbers import evenly, number, signed
from lactflow.report.picture import by_breast, picture
from lactflow.report.provenance import cut
from lactflow.report.trait_words import for_her, what_it_is

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lactflow.report.blocks import Picture

_SHORT_ROWS = 14
_ROW_PX, _FRAME_PX = 24.0, 92.0
_NARROW_LEGEND_PX = 46.0
_NORMAL_95 = 1.96
_METHODS = {
    "forecast": "virtual mothers",
    "yesterday": "same as on the last day used",
    "rate": "constant rate times interval",
}


def traits_picture(traits: pd.DataFrame) -> Picture:
    """
    Traits with their intervals on the spread of women.

    Parameters
    ----------
    traits
        As `lactflow.experiments.fit_plots.with_spread` gives them.
    """
    rows = traits.to_dict("records")
    names = trait_names(traits)
    several = "log" in traits
    height_px = _FRAME_PX + _ROW_PX * traits["key"].nunique()
    return picture(
        "traits",
        f"{'Their' if several else 'Her'} traits among those of other women",
        "Bands show where 95 of 100 women lie, and 1 is the usual woman. A line shows where the value most likely "
        "lies: such lines hold the true value 95 times in 100 (95 % intervals). "
        f"{_identified(traits, names)} Open markers with dotted lines: the log says too little about these."
        f"{_at_edge(traits, names)}",
        lambda figure: draw_traits(traits, figure.add_subplot()),
        Table(
            "Times the usual woman's value",
            ["trait", "value", "low", "high", "95 % of women from", "to"],
            [
                [
                    name,
                    *(number(row[each] / row["reference"]) for each in ("value", "low", "high")),
                    *_women(row["spread"]),
                ]
                for name, row in zip(names, rows, strict=True)
            ],
        ),
        height_px=height_px,
        narrow_px=height_px + _NARROW_LEGEND_PX,
    )


def _identified(traits: pd.DataFrame, names: list[str]) -> str:
    """Which traits are identified, with their intervals; by log, where there are several."""
    found: dict[str, list[str]] = {}
    for name, row in zip(names, traits.to_dict("records"), strict=True):
        of_log = found.setdefault(str(row.get("log", "The log")), [])
        if row["identified"]:
            value = f"{name} {number(row['value'])} {row['unit']}".rstrip()
            of_log.append(f"{value} ({number(row['low'])} to {number(row['high'])})")
    return " ".join(f"{log} identifies {', '.join(of_log) or 'no trait'}." for log, of_log in found.items())


def _at_edge(traits: pd.DataFrame, names: list[str]) -> str:
    """Which values are held at the edge of what women have; nothing where none is."""
    held = dict.fromkeys(name for name, at_edge in zip(names, traits["at_edge"], strict=True) if at_edge)
    return f" Held at the edge of what nearly all women have (a diamond): {', '.join(held)}." if held else ""


def _women(spread: float) -> tuple[str, str]:
    """Factors between which 95 % of women lie; dashes where the spread is not known."""
    if isnan(spread):
        return "-", "-"
    return number(exp(-_NORMAL_95 * spread)), number(exp(_NORMAL_95 * spread))


def meanings_tables(traits: pd.DataFrame) -> list[Table]:
    """
    What the identified traits mean for her, and what the others are, in plain words.

    Parameters
    ----------
    traits
        Of a fit of one log.
    """
    known: list[list[str]] = []
    others: list[list[str]] = []
    for name, row in zip(trait_names(traits), traits.to_dict("records"), strict=True):
        what = what_it_is(str(row["trait"]))
        if row["identified"]:
            known.append([name, what, for_her(str(row["trait"]), row["value"] / row["reference"])])
        else:
            others.append([name, what])
    tables = []
    if known:
        tables.append(Table("What hers mean", ["trait", "what it is", "for her"], known, frozenset({1, 2})))
    if others:
        title = "What the traits are that her log does not show"
        tables.append(Table(title, ["trait", "what it is"], others, frozenset({1}), folded=True))
    return tables


def traits_table(traits: pd.DataFrame) -> Table:
    """
    Every trait in its unit.

    Parameters
    ----------
    traits
        As `lactflow.experiments.fit_plots.with_spread` gives them.
    """
    names = trait_names(traits)
    rows = [
        [
            name,
            number(row["value"]),
            f"{number(row['low'])} to {number(row['high'])}",
            number(row["reference"]),
            str(row["unit"]),
            f"{100.0 * row['left']:.0f} %",
            ("yes" if row["identified"] else "no") + (", at the edge" if row["at_edge"] else ""),
            str(row["key"]),
        ]
        for name, row in zip(names, traits.to_dict("records"), strict=True)
    ]
    columns = ["trait", "she", "95 % interval", "usual", "unit", "spread left", "identified", "quantity"]
    return Table("Traits as numbers", columns, rows, frozenset({4, 6, 7}), identifiers=frozenset({7}))


def left_picture(traits: pd.DataFrame) -> Picture:
    """
    What the log leaves open.

    Parameters
    ----------
    traits
        `lactflow.experiments.fitting.Fit.traits`.
    """
    least = traits.sort_values("left", kind="stable").drop_duplicates("key")
    rows = [[name, f"{100.0 * left:.0f} %"] for name, left in zip(trait_names(least), least["left"], strict=True)]
    height_px = _FRAME_PX + _ROW_PX * len(least)
    return picture(
        "left",
        "How much the log leaves open",
        f"Women differ in each trait. With the log, that much of the difference is still possible: from {rows[0][1]} "
        f"({rows[0][0]}) to {rows[-1][1]}, where 100 % means that the log says nothing. Filled bars, left of the "
        "dashed line at 75 %, are of traits that it identifies.",
        lambda figure: draw_left(traits, figure.add_subplot()),
        Table("Spread left", ["trait", "of the spread of women"], rows),
        height_px=height_px,
    )


def volumes_blocks(volumes: pd.DataFrame, agreement: str) -> list[Block]:
    """
    Volumes over time, and the fitted mother's against them.

    Parameters
    ----------
    volumes
        `lactflow.experiments.fitting.Fit.volumes`.
    agreement
        How near the fitted mother comes, in words.
    """
    some = volumes.iloc[evenly(len(volumes), _SHORT_ROWS)]
    table = Table(
        "Some of the amounts",
        ["start", "kind", "breast", "use", "recorded [mL]", "expected [mL]", "95 % interval", "fitted mother [mL]"],
        [
            [
                *(str(row[name]) for name in ("start", "kind", "breast", "use")),
                number(row["recorded_ml"]),
                number(row["expected_ml"]),
                f"{number(row['low_ml'])} to {number(row['high_ml'])}",
                number(row["fitted_ml"]),
            ]
            for row in some.to_dict("records")
        ],
        frozenset({1, 2, 3}),
    )
    panels = breasts_of(volumes)
    height_px = 60.0 + 215.0 * len(panels)
    return [
        picture(
            "volumes",
            "Amounts of milk over time",
            f"Crosses are the {len(volumes)} amounts in the log. Bands show what her other amounts lead to expect: "
            "about 95 of 100 should lie in them (95 % intervals). Dots are what the fitted mother gives in the same "
            "sessions, with random numbers that the fit has not used.",
            by_breast(partial(draw_volumes, volumes), panels),
            table,
            height_px=height_px,
            narrow_px=height_px + 120.0,
        ),
        picture(
            "predicted",
            "The same, one against the other",
            "Each mark is one amount. On the dashed line the fitted mother gives what was written down, above it more, "
            f"below it less. {agreement}",
            lambda figure: draw_predicted(volumes, figure.add_subplot()),
            table,
            height_px=400.0,
            narrow_px=440.0,
        ),
    ]


def coverage_about(*, fed: bool) -> str:
    """
    What coverage was measured with, in words.

    Parameters
    ----------
    fed
        Whether the log of the fit has feeds or bottles.
    """
    about = nearest_coverage(fed=fed)[0]
    return (
        f"{about.date} (commit {about.commit}) over {about.unseen} virtual mothers whom a fit by {about.mothers} "
        f"others had not seen, with a log of {about.words}: {about.volumes} volumes, {about.days} days from day "
        f"{about.start_day}"
    )


def coverage_table(traits: pd.DataFrame, *, fed: bool) -> Table:
    """
    How often intervals hold the truth, of the kind of log that is nearest.

    Parameters
    ----------
    traits
        Of the fit.
    fed
        Whether the log has feeds or bottles.
    """
    measured = {each.trait: each for each in nearest_coverage(fed=fed)}
    first = traits.drop_duplicates("trait")
    rows = [
        [trait_names(first.iloc[[place]])[0], *_coverage(measured.get(trait)), f"{100.0 * left:.0f} %"]
        for place, (trait, left) in enumerate(zip(first["trait"], first["left"], strict=True))
    ]
    return Table(
        "Coverage as measured, and what this log leaves",
        ["trait", "coverage of 95 % intervals", "spread left there", "spread left here"],
        rows,
    )


def _coverage(measured: Any) -> tuple[str, str]:
    """Shares of one trait; dashes where it was not measured."""
    if measured is None:
        return "not measured", "-"
    return f"{100.0 * measured.coverage:.0f} %", f"{100.0 * min(1.0, measured.left):.0f} %"


def forecast_blocks(forecast: pd.DataFrame, held: Mapping[str, Any]) -> list[Block]:
    """
    Volumes that were held out beside their forecasts.

    Parameters
    ----------
    forecast
        `lactflow.experiments.fitting.Fit.forecast`.
    held
        `hold_out` of the manifest; what is not there is not shown.
    """
    found = score(forecast)
    rows = [
        [words, f"{number(found.mae_ml[name])} mL", f"{signed(found.bias_ml[name])} mL"]
        for name, words in _METHODS.items()
    ]
    known = {name: error for name, error in found.mae_ml.items() if isfinite(error)}
    best = min(known, key=lambda name: known[name]) if known else None
    nearest = "" if best is None else f" Nearest on average: {_METHODS[best]}, {number(known[best])} mL off."
    span = f"The last {_span(held['span'])} of the log" if isinstance(held.get("span"), str) else "The end of the log"
    panels = breasts_of(forecast)
    height_px = 60.0 + 215.0 * len(panels)
    return [
        picture(
            "forecast",
            "Forecast and recorded",
            f"{span}: {len(forecast)} amounts of milk that were not used, forecast from the days before. "
            f"{100.0 * found.inside:.0f} % lie in the bands, where about 95 % should (95 % intervals).{nearest}",
            by_breast(partial(draw_forecast, forecast), panels),
            _forecasts_table(forecast),
            height_px=height_px,
            narrow_px=height_px + 120.0,
        ),
        Table(
            f"How well {found.volumes} of them were forecast",
            ["forecast", "off by, on average", "too high or too low"],
            rows,
        ),
    ]


def _span(text: str) -> str:
    """A span as it was given, with its unit in words: `2 days` for `2d`, `72 h`."""
    found = re.fullmatch(r"\s*([\d.]+)\s*([dh])\s*", text)
    if found is None:
        return cut(text, 40)
    count, unit = found.groups()
    return f"{count} h" if unit == "h" else f"{count} day{'s' * (count != '1')}"


def _forecasts_table(forecast: pd.DataFrame) -> Table:
    """Some of the volumes with each forecast."""
    some = forecast.iloc[evenly(len(forecast), _SHORT_ROWS)]
    names = ["recorded_ml", "forecast_ml", "low_ml", "high_ml", "yesterday_ml", "rate_ml"]
    return Table(
        "Some of the amounts",
        ["start", "breast", "recorded [mL]", "forecast [mL]", "from", "to", "as on the last day", "constant rate"],
        [
            [str(row["start"]), str(row["breast"]), *(number(row[name]) for name in names)]
            for row in some.to_dict("records")
        ],
        frozenset({1}),
    )
