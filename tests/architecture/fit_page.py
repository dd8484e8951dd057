"""The generated part of `docs/guides/fit.md`: what `benchmarks/fit_coverage.py` has measured, in words and tables."""

from __future__ import annotations

import json
from pathlib import Path

RESULT = Path(__file__).parents[2] / "benchmarks" / "fit_coverage.json"
METHODS = {
    "forecast": "forecast of `lactflow fit`",
    "yesterday": "same as on the last day used",
    "rate": "constant rate times interval",
}


def fit_part():
    """Coverage, spread left, one added zero and forecasts, for each of the two logs."""
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    about = (
        f"Measured on {result['date']} at commit {result['commit']} with {result['unseen']} unseen virtual mothers for "
        f"each log, {result['days']} days from day {result['start_day']} on."
    )
    lines = ["", about]
    for log in result["logs"].values():
        lines += ["", f"### {log['words'][0].upper()}{log['words'][1:]} ({log['volumes']} volumes)", ""]
        lines += [*_traits(log["traits"]), "", *_by_number(log["traits"]), "", *_forecast(log["forecast"], result)]
        lines += ["", _one_zero(log["one_zero"])]
    return "\n".join([*lines, "", ""])


def _row(*cells):
    return "| " + " | ".join(cells) + " |"


def _percent(share):
    return f"{100.0 * share:.0f} %"


def _verdict(share):
    """Whether a trait is identifiable: by all groups of virtual mothers, by some, by none."""
    if share in (0.0, 1.0):
        return "yes" if share else "no"
    return f"by {_percent(share)} of groups"


def _traits(by_number):
    """Every trait with the most virtual mothers."""
    most = max(by_number, key=int)
    rows = sorted(by_number[most].items(), key=lambda item: item[1]["left_in_unseen"])
    return [
        _row("trait", f"coverage of the 95 % interval ({most} mothers)", "spread left", "identifiable"),
        "|---|---|---|---|",
        *(
            _row(name, _percent(row["coverage"]), f"{row['left_in_unseen']:.2f}", _verdict(row["identified"]))
            for name, row in rows
        ),
    ]


def _by_number(by_number):
    """Coverage and what is left by the number of virtual mothers that teach."""
    numbers = sorted(by_number, key=int)
    mean = {
        number: sum(row["coverage"] for row in by_number[number].values()) / len(by_number[number])
        for number in numbers
    }
    names = ("gland_size", "storage_capacity")
    heading = [f"{name}: left, identifiable" for name in names]
    lines = [_row("virtual mothers", "coverage, mean of all traits", *heading), "|---|---|---|---|"]
    for number in numbers:
        rows = [by_number[number][name] for name in names]
        texts = [f"{row['left_in_unseen']:.2f}, {_verdict(row['identified'])}" for row in rows]
        lines.append(_row(number, _percent(mean[number]), *texts))
    return lines


def _forecast(found, result):
    """Errors of the three forecasts."""
    about = (
        f"The last {result['held_days']} days, held out and forecast ({found['volumes']} volumes of each mother, "
        f"{found['mean_ml']:.0f} mL on average):"
    )
    lines = [
        about,
        "",
        _row("forecast", "mean absolute error", "bias", "mothers for whom that of `fit` is as good or better"),
        "|---|---|---|---|",
    ]
    for name, words in METHODS.items():
        worse = _percent(found["better_than"][name]) if name in found["better_than"] else ""
        lines.append(_row(words, f"{found['mae_ml'][name]:.1f} mL", f"{found['bias_ml'][name]:+.1f} mL", worse))
    return [*lines, "", f"{_percent(found['inside'])} of the volumes lie in the 95 % interval of the forecast."]


def _one_zero(found):
    """What one zero too many does."""
    moved, most, naive = (
        " and ".join(f"{name.replace('_', ' ')} by {100.0 * share:.1f} %" for name, share in found[key].items())
        for key in ("moved_median", "moved_most", "unscreened_median")
    )
    return (
        f"One added zero: in {found['tried']:,} trials it was left out {found['found']:,} times. That moves {moved} "
        f"(medians; at most {most}). Were it used, it would move {naive}. Of {found['honest_volumes']:,} volumes "
        f"without a slip {found['honest_left_out']:,} were left out."
    )
