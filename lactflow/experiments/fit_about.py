"""What a fit reports about itself: in its manifest, and at the head of the config that it writes."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from lactflow.analysis.forecasts import score
from lactflow.config.text import counted
from lactflow.experiments.fit_learning import CUT, LEFT_OUT, USED, Learned, as_plain
from lactflow.experiments.fit_log import HerLog
from lactflow.systems import shell_word
from lactflow.units import DAY_MIN

CHANCE_SD = 3.0
"""A mean difference within so many of its standard errors may be chance."""
MISSED_SHARE = 0.25
"""And one within this share of her mean volume is within what days differ by. Ours."""


if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def about(her: HerLog, learned: Learned, days: float, hold_out: str | None) -> dict[str, Any]:
    """
    What the manifest states about a log and its volumes.

    Parameters
    ----------
    her
        The log.
    learned
        What virtual mothers and the log give.
    days
        Length of their run.
    hold_out
        What is held out, as the user wrote it.
    """
    volumes = learned.volumes
    used = volumes[volumes["use"] == USED]
    far = volumes[volumes["use"] == LEFT_OUT]
    never = her.volumes(before_min=days * DAY_MIN) - len(volumes)
    columns = ["line", "start", "kind", "breast", "recorded_ml", "expected_ml"]
    held = None
    if learned.forecast is not None:
        held = {"span": hold_out, **as_plain(score(learned.forecast))}
    return {
        "log": her.file,
        "fed": her.fed,
        "at_breast": her.at_breast,
        "mothers": learned.mothers,
        "volumes": len(used),
        "recorded_ml": float(used["recorded_ml"].mean()),
        "left_out": [
            {name: None if value != value else value for name, value in row.items()}  # noqa: PLR0124 - NaN
            for row in far[columns].astype({"line": float}).to_dict("records")
        ],
        "cut": int((volumes["use"] == CUT).sum()) + max(0, never),
        "hold_out": held,
        "scatter": learned.scatter,
        "distance": learned.distance,
    }


def misses(agrees: Mapping[str, float | None], volumes: int, recorded_ml: float) -> bool:
    """
    Whether the fitted mother does not give the volumes of the log: nobody among the virtual mothers is like her.

    Parameters
    ----------
    agrees
        `bias_ml` and `sd_ml` of the check.
    volumes, recorded_ml
        Number and mean of the volumes that the fit used.
    """
    bias_ml, sd_ml = agrees["bias_ml"], agrees["sd_ml"]
    if bias_ml is None or sd_ml is None:
        return False
    return abs(bias_ml) > max(CHANCE_SD * sd_ml / sqrt(volumes), MISSED_SHARE * recorded_ml)


def header(table: pd.DataFrame, learned: Learned, hold_out: str | None) -> str:
    """
    What the config of a fitted mother rests on, as comments.

    Parameters
    ----------
    table
        Her traits: see `lactflow.experiments.fitting.Fit.traits`.
    learned
        What virtual mothers and the log give.
    hold_out
        What is held out, as the user wrote it.
    """
    lines = ["# Made by lactflow fit: the reference mother, with what the log says. A model; no medical advice."]
    for row in table.to_dict("records"):
        if row["identified"]:
            low, high = row["low"], row["high"]
            edge = ", held at the edge of what nearly all women have" if row["at_edge"] else ""
            lines.append(
                f"# {row['trait']}: {row['key']} = {row['value']:.4g} {row['unit']} ({low:.4g} to {high:.4g}){edge}"
            )
    lines.append("# Other values that are not usual are the most probable ones together; none is known by itself.")
    if learned.forecast is not None:
        held = counted(len(learned.forecast), "volume")
        lines.append(f"# The last {hold_out} of the log ({held}) were held out: they did not change the values.")
    lines.append("# The seed is not that of the fit: a run of this file is a check with other random numbers.")
    return "\n".join([*lines, "#", ""])


def questions(config: str, facts: Mapping[str, Any], out: str | None = None) -> list[tuple[str, str]]:
    """
    What to ask of a fitted mother next, each with the arguments of `lactflow` that answer it.

    Parameters
    ----------
    config
        Her config, as the shell takes it.
    facts
        What the fit reports of her: has she an infant (`fed`), and does it come to the breast (`at_breast`)?
    out
        Folder for the answers, as the shell takes it; the usual one when None.
    """
    where = "" if out is None else f" --out {out}"
    gap = 'night_gap: {from: "23:00", to: "06:00"}'
    fed = facts.get("fed") is True
    suckled = facts.get("at_breast", fed) is True
    often, seldom = ("on_demand",) * 2 if suckled else ("pump, per_day: 7", "pump, per_day: 5")
    nights = f"schedule=[{{kind: {often}}}],[{{kind: {seldom}, {gap}}}]"
    # Where all milk is pumped, an infant would have nothing to drink.
    alone = f" --set {shell_word('infants=[]')}" if fed and not suckled else ""
    return [
        ("What does she give on her own log, with other random numbers?", f"run {config}{where}"),
        (
            "What would she give without the night?",
            f"compare {config} --days 30 --vary {shell_word(nights)}{alone}{where}",
        ),
    ]
