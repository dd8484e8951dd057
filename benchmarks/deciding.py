"""
Which 20 quantities decide milk a day, the onset of copious milk, sodium on day 5 and the infant's weight on day 60.

All declared quantities are moved one at a time within their plausible ranges (Morris), on common random numbers, in one
mother who feeds on demand and nothing else, from two days before birth to day 60, at the coarse resolution. Milk is
what is removed a day, as a mean of days 20 to 30. It is a sweep, which goes on after any kind of death, on any number
of machines (`lactflow sweep work`).

    python benchmarks/deciding.py --dry-run                      units, core-hours, files, disk
    python benchmarks/deciding.py [--trajectories 10] [--replicates 2] [--workers N] [--out DIR] [--cache DIR]
    python benchmarks/deciding.py --resume DIR                   goes on, or makes the table of a sweep that is complete
    python benchmarks/deciding.py --quantity "gland.lumen.*" --trajectories 2 --days 12        tries it

The table goes to stdout as Markdown; `--write` puts the ranking and its circumstances into
`benchmarks/results/deciding.json`. `lactflow report DIR` makes the page.
"""

from __future__ import annotations

import json
import sys
import warnings
from argparse import ArgumentParser, Namespace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from circumstances import circumstances

import lactflow
from lactflow.errors import ScenarioWarning, SomeUnitsFailedError
from lactflow.experiments.crew import cores
from lactflow.experiments.sensitivity import plan_screening, sensitivity_of
from lactflow.experiments.sweep.estimate import estimate
from lactflow.experiments.sweep.keys import measures_of_level

if TYPE_CHECKING:
    from lactflow.experiments.sensitivity import Sensitivity

RESULTS = Path(__file__).with_name("results") / "deciding.json"
CONFIG, START_DAY, LAST_DAY = "first-week", -1, 60
SETTINGS = ("resolution=coarse", "record.visits=false", "title=Feeding on demand from birth to day 60")
MEASURES = {
    "removed_ml_per_day@20:30": "milk, days 20 to 30 [mL/day]",
    "onset_h": "onset [h]",
    "sodium_mmol_per_l@5": "sodium, day 5 [mmol/L]",
    "infant_weight_kg@60": "weight, day 60 [kg]",
}
TOP = 20


def measures_until(last_day: int) -> list[str]:
    """The measures whose days a shorter run has; at least the onset."""
    days = {name: max(map(int, name.partition("@")[2].split(":"))) if "@" in name else 0 for name in MEASURES}
    return [name for name, day in days.items() if day <= last_day]


def deciding(ranking: pd.DataFrame, top: int = TOP) -> pd.DataFrame:
    """
    The quantities that decide any of the measures most.

    Parameters
    ----------
    ranking
        As in `Sensitivity`.
    top
        How many.

    Returns
    -------
    A row a quantity, the largest share of the largest effect on any measure first: `key`, `share`, and for each measure
    its effect with the sign, the ends of the interval of its size, its rank and the share of chance.
    """
    sizes = ranking.pivot_table("mu_star", index="key", columns="measure", sort=False)
    share = (sizes / sizes.max()).max(axis=1).rename("share")
    kept = share.sort_values(ascending=False, kind="stable").head(top)
    columns = [kept]
    for measure in ranking["measure"].drop_duplicates():
        rows = ranking[ranking["measure"] == measure].set_index("key").reindex(kept.index)
        summary = rows[["mu_star", "mu", "low", "high", "rank", "chance_share"]]
        columns.append(summary.add_prefix(f"{measure} "))
    return pd.concat(columns, axis=1).reset_index()


def markdown(table: pd.DataFrame, measures: list[str]) -> str:
    """The table for people: effects with their signs, intervals of their sizes, ranks."""
    heads = ["", "quantity", *(MEASURES[name] for name in measures)]
    lines = [f"| {' | '.join(heads)} |", "|---:|---|" + "---|" * len(measures)]
    for number, row in enumerate(table.to_dict("records"), start=1):
        cells = [_cell(row, measure) for measure in measures]
        lines.append(f"| {number} | `{row['key']}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def as_text(summary: dict[str, object], ranking: pd.DataFrame) -> str:
    """The text of the result file: the ranking last, a line for each of its rows, with four digits."""
    rows = ranking.map(lambda value: float(f"{value:.4g}") if isinstance(value, float) else value)
    lines = json.loads(rows.to_json(orient="split", index=False, double_precision=15))
    data = ",\n".join(json.dumps(row) for row in lines["data"])
    ranked = f'"ranking": {{"columns": {json.dumps(lines["columns"])}, "data": [\n{data}\n]}}'
    return f"{json.dumps(summary, indent=1)[:-2]},\n {ranked}\n}}\n"


def _cell(row: dict[str, float], measure: str) -> str:
    size, mean, low, high, rank = (row[f"{measure} {name}"] for name in ("mu_star", "mu", "low", "high", "rank"))
    if isnan(size) or isnan(rank):
        return "-"
    if size == 0.0:
        return "0"
    sign = "±" if abs(mean) < 0.5 * size else "+" if mean > 0.0 else "-"
    chance = row[f"{measure} chance_share"]
    noise = f", {100.0 * chance:.0f} % chance" if chance >= 0.1 else ""
    return f"{sign}{size:.3g} ({low:.3g} to {high:.3g}; {rank:.0f}.{noise})"


def _options(given: Namespace) -> dict[str, object]:
    return {"days": float(given.days), "replicates": given.replicates, "seed": given.seed, "name": "deciding"}


def dry_run(given: Namespace) -> None:
    """Print what it will take, of a few units that are simulated."""
    measures = measures_until(START_DAY + given.days - 1)
    plan, notes = plan_screening(CONFIG, given.quantity, measures, given.trajectories, SETTINGS, **_options(given))
    for note in notes:
        print(note, file=sys.stderr)
    expected = estimate(plan, given.workers or cores())
    print(json.dumps({"keys": len(plan.about["keys"]), "points": plan.about["points"], **expected._asdict()}, indent=2))


def ranked(folder: Path) -> Sensitivity:
    """Rank by those of the measures that a sweep has."""
    at_days = {str(each) for each in measures_of_level(lactflow.open_sweep(folder).plan.level)}
    return sensitivity_of(folder, [name for name in MEASURES if "@" not in name or name in at_days])


def screened(given: Namespace) -> Sensitivity:
    """Simulate the screening, or what is left of it, and rank."""
    if given.resume is not None:
        return ranked(lactflow.resume(given.resume, workers=given.workers, cache=given.cache, progress=_shown).path)
    return lactflow.screen(
        CONFIG,
        quantities=given.quantity,
        measures=measures_until(START_DAY + given.days - 1),
        trajectories=given.trajectories,
        settings=SETTINGS,
        workers=given.workers,
        cache=given.cache,
        out=given.out,
        progress=_shown,
        command=[Path(sys.executable).name, *sys.argv],
        **_options(given),
    )


def _shown(share: float, _time_min: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{share:.1%}", end="", file=sys.stderr)


def main() -> None:
    """Make the table."""
    given = _arguments()
    warnings.simplefilter("ignore", ScenarioWarning)
    if given.dry_run:
        dry_run(given)
        return
    try:
        found = screened(given)
    except SomeUnitsFailedError as error:
        print(error, file=sys.stderr)
        found = ranked(Path(str(error.kept)))
    measures = found.ranking["measure"].drop_duplicates().tolist()
    table = deciding(found.ranking, given.top)
    print(markdown(table, measures))
    for note in found.notes:
        print(note, file=sys.stderr)
    print(f"{found.sweep.path}: lactflow report makes the page", file=sys.stderr)
    if given.write:
        counts, about = found.sweep.counts, found.sweep.plan.about
        summary = {
            **circumstances("benchmarks/results"),
            "units": counts.units,
            "complete": counts.complete,
            "cpu_s": counts.cpu_s,
            "points": about["points"],
            "keys": len(about["keys"]),
            "model": about["model"],
            "notes": list(found.notes),
            "chance": json.loads(found.chance.to_json(orient="records")) if found.chance is not None else [],
        }
        RESULTS.write_text(as_text(summary, found.ranking), encoding="utf-8")


def _arguments() -> Namespace:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--trajectories", type=int, default=10)
    parser.add_argument("--replicates", type=int, default=2)
    parser.add_argument("--days", type=int, default=LAST_DAY - START_DAY + 1, help="length of the run")
    parser.add_argument("--quantity", action="append", default=[], metavar="KEY", help="move only these")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--out", default="outputs")
    parser.add_argument("--cache")
    parser.add_argument("--resume", metavar="DIR")
    parser.add_argument("--top", type=int, default=TOP)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
