"""
What `lactflow fit` can be trusted with: its intervals over virtual mothers that it has not seen.

Two logs are kept by virtual mothers: six pumpings a day with the volumes of both breasts, and eight weighed feeds a
day, ten days each. The first 300 mothers teach, the others are fitted: does the 95 % interval of each trait hold the
truth, how much of the spread between women is left, and how does this go with the number of mothers that teach? The
same mothers show what one added zero does, and how well their last three days are forecast.

    python benchmarks/fit_coverage.py [--cache DIR] [--unseen 200] [--json benchmarks/fit_coverage.json]

The simulations (about ten minutes of one core) are kept in the cache folder: a second call goes on where the first was
stopped. The page `docs/guides/fit.md` is made from the JSON file, and pages of fits from the table beside
`lactflow/experiments/fit_trust.py`.
"""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from circumstances import commit
from threadpoolctl import threadpool_limits

from lactflow.analysis.forecasts import METHODS, score, simple_forecasts
from lactflow.analysis.traits import Reading
from lactflow.analysis.volumes import Forecaster, VolumeModel
from lactflow.chance import Streams
from lactflow.config.cohort import TRAITS, drawn
from lactflow.config.logs.feeding_log import read_feeding_log
from lactflow.config.model import RunConfig
from lactflow.config.overrides import Overrides
from lactflow.experiments.fit import _COARSE
from lactflow.experiments.fit_learning import READING_SD_ML
from lactflow.experiments.fit_trust import COLUMNS
from lactflow.records import MemoryRecorder, Removal, Session
from lactflow.simulation import simulate

HEADER = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml\n"
DAYS, START_DAY, HELD_DAYS = 10, 40, 3
TEACH = (60, 150, 300)
TABLE = Path(__file__).parents[1] / "lactflow" / "experiments" / "fit_coverage.csv"
ZEROS = 3
"""Volumes of each unseen mother that get a zero too many, one at a time."""


class Kind(NamedTuple):
    """A way to keep a log: words for the page, clock times, the cells of a row, whether there is an infant."""

    words: str
    hours: tuple[float, ...]
    cells: str
    fed: bool


KINDS = {
    "pumping": Kind(
        "six pumpings a day, volumes of both breasts", (6, 9.5, 12.5, 16, 19, 22.5), "pump,15,15,,80,80", fed=False
    ),
    "weighed": Kind("eight weighed feeds a day", (0.5, 4, 7, 9.5, 12.5, 15.5, 18, 21), "breast,12,12,80,,", fed=True),
}


def log_text(kind: Kind) -> str:
    """The log; hours shift from day to day by up to three quarters of an hour, as lives do."""
    rng = Streams(0).at("hours of a log")
    rows = []
    for day in range(DAYS):
        for hour in kind.hours:
            start = datetime(2001, 5, 5) + timedelta(days=day, hours=hour, minutes=float(rng.uniform(-45.0, 45.0)))  # noqa: DTZ001
            rows.append(f"{max(start, datetime(2001, 5, 5)):%Y-%m-%d %H:%M},{kind.cells}\n")  # noqa: DTZ001
    return HEADER + "".join(sorted(rows))


def config_of(kind: Kind) -> RunConfig:
    """The virtual mothers, as a fit has them."""
    data = {
        "format": 1,
        "start_day": float(START_DAY),
        "days": float(DAYS),
        "infants": ({},) if kind.fed else (),
        "schedule": ({"kind": "log", "file": "log.csv"},),
    }
    return RunConfig.model_validate(Overrides([*_COARSE, "mother.cohort=1000"], {}).apply(data))


def simulated(name: str, mothers: int, cache: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Volumes and log factors, a row a mother; and when breasts were emptied, by her first one."""
    kind = KINDS[name]
    logs = {"log.csv": read_feeding_log(log_text(kind).encode(), "log.csv").sessions}
    config = config_of(kind)
    first = {keys[0] for keys in TRAITS.values()}
    file = cache / f"fit-coverage-{name}.jsonl"
    rows = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    with file.open("a") as stream:
        for mother in range(len(rows), mothers):
            woman, traits = drawn(config, mother)
            recorder = MemoryRecorder(visits=False)
            simulate(woman, recorder, logs=logs, mother=mother)
            planned = {fact.session: fact.planned_min for fact in recorder.facts if isinstance(fact, Session)}
            if kind.fed:
                facts = [fact for fact in recorder.facts if isinstance(fact, Session)]
                volumes = [[fact.planned_min, fact.kind, "both", fact.intake_ml] for fact in facts]
            else:
                taken = [fact for fact in recorder.facts if isinstance(fact, Removal)]
                volumes = [[planned[fact.session], fact.kind, fact.breast, fact.removed_ml] for fact in taken]
            emptied = [[planned[fact.session], fact.breast] for fact in recorder.facts if isinstance(fact, Removal)]
            factors = {
                each.key: float(np.log(each.factor))
                for each in traits
                if each.key in first or each.key.startswith("infants.")
            }
            rows.append({"volumes": volumes, "traits": factors, "emptied": emptied if not mother else None})
            stream.write(json.dumps(rows[-1]) + "\n")
            stream.flush()
    keys = ["planned_min", "kind", "breast"]
    long = pd.concat(
        [pd.DataFrame(row["volumes"], columns=[*keys, "ml"]).assign(mother=n) for n, row in enumerate(rows[:mothers])]
    )
    volumes = long.pivot_table(index="mother", columns=keys, values="ml").fillna(0.0)
    traits = pd.DataFrame([row["traits"] for row in rows[:mothers]])
    return volumes, traits, pd.DataFrame(rows[0]["emptied"], columns=["planned_min", "breast"])


def coverage(volumes: pd.DataFrame, traits: pd.DataFrame, teach: int) -> dict[str, Any]:
    """Traits of unseen mothers by `teach` others; the mean over as many disjoint groups as there are."""
    most = max(TEACH)
    unseen = range(most, len(volumes))
    trait_of = {key: trait for trait, keys in TRAITS.items() for key in keys}
    found: dict[str, list[tuple[bool, float, float, bool]]] = {str(key): [] for key in traits}
    for begin in range(0, most, teach):
        if begin + teach > most:
            break
        reading = Reading(volumes.iloc[begin : begin + teach], traits.iloc[begin : begin + teach], READING_SD_ML)
        for mother in unseen:
            table = reading.of(volumes.iloc[mother])
            for key, row in table.iterrows():
                truth = traits[key].iloc[mother]
                held = bool(row["low"] <= truth <= row["high"])
                found[str(key)].append((held, row["mean"] - truth, row["left"], bool(row["identified"])))
    rows = {}
    for key, tries in found.items():
        spread = float(traits[key].iloc[list(unseen)].std())
        trait = trait_of[".".join("*" if part.isdecimal() else part for part in key.split("."))]
        rows[trait] = {
            "coverage": float(np.mean([each[0] for each in tries])),
            "left": float(np.mean([each[2] for each in tries])),
            "left_in_unseen": float(np.sqrt(np.mean([each[1] ** 2 for each in tries])) / spread) if spread else 1.0,
            "identified": float(np.mean([each[3] for each in tries])),
        }
    return rows


def one_zero(volumes: pd.DataFrame, traits: pd.DataFrame) -> dict[str, Any]:
    """What a zero too many does to gland size and storage capacity, screened and not; false alarms of the screening."""
    teach, rng = volumes.iloc[: max(TEACH)], Streams(0).at("which volume gets a zero")
    model = VolumeModel(teach.to_numpy(float), READING_SD_ML)
    keys = [TRAITS[trait][0] for trait in ("gland_size", "storage_capacity")]
    whole = Reading(teach, traits[keys].iloc[: len(teach)], READING_SD_ML)
    alarms, found, moved, naive = 0, 0, [], []
    for mother in range(len(teach), len(volumes)):
        hers = volumes.iloc[mother]
        alarms += int((~model.screened(hers.to_numpy(float)).kept).sum())
        honest = whole.of(hers)["mean"]
        for at in rng.choice(len(hers), ZEROS, replace=False):
            slip = hers.copy()
            slip.iloc[at] = 10.0 * round(slip.iloc[at])
            kept = model.screened(slip.to_numpy(float)).kept
            found += not kept[at]
            naive.append(np.exp(np.abs(whole.of(slip)["mean"] - honest)) - 1.0)
            if mother < len(teach) + 30:  # learning anew for each is slow
                less = Reading(teach, traits[keys].iloc[: len(teach)], READING_SD_ML, kept)
                moved.append(np.exp(np.abs(less.of(slip)["mean"] - honest)) - 1.0)
    tried = ZEROS * (len(volumes) - len(teach))
    return {
        "tried": tried,
        "found": found,
        "honest_volumes": int(volumes.iloc[len(teach) :].size),
        "honest_left_out": alarms,
        "moved_median": dict(zip(("gland_size", "storage_capacity"), np.median(moved, axis=0).tolist(), strict=True)),
        "moved_most": dict(zip(("gland_size", "storage_capacity"), np.max(moved, axis=0).tolist(), strict=True)),
        "unscreened_median": dict(
            zip(("gland_size", "storage_capacity"), np.median(naive, axis=0).tolist(), strict=True)
        ),
    }


def held_out(volumes: pd.DataFrame, emptied: pd.DataFrame) -> dict[str, Any]:
    """Forecasts of the last days of unseen mothers."""
    when = volumes.columns.get_level_values("planned_min").to_numpy(float)
    held = when >= (START_DAY - 1 + DAYS - HELD_DAYS) * 1440.0
    keys = volumes.columns.to_frame(index=False)
    forecaster = Forecaster(volumes.iloc[: max(TEACH)], held, READING_SD_ML)
    scores = []
    for mother in range(max(TEACH), len(volumes)):
        hers = volumes.iloc[mother]
        hers_by_key = keys.assign(recorded_ml=hers.to_numpy(float))
        simple = simple_forecasts(hers_by_key[~held], hers_by_key[held], emptied)
        ours = forecaster.of(hers).reset_index(drop=True).set_index(simple.index)
        scores.append(score(hers_by_key[held].join(ours).join(simple)))
    mae = {name: float(np.mean([each.mae_ml[name] for each in scores])) for name in METHODS}
    better = {
        name: float(np.mean([each.mae_ml["forecast"] <= each.mae_ml[name] for each in scores]))
        for name in ("yesterday", "rate")
    }
    return {
        "volumes": int(held.sum()),
        "mean_ml": float(volumes.iloc[max(TEACH) :, held].to_numpy().mean()),
        "mae_ml": mae,
        "bias_ml": {name: float(np.mean([each.bias_ml[name] for each in scores])) for name in METHODS},
        "better_than": better,
        "inside": float(np.mean([each.inside for each in scores])),
    }


def as_written(volumes: pd.DataFrame) -> pd.DataFrame:
    """Volumes of unseen mothers as somebody reads and writes them; those that teach stay exact."""
    read = volumes.copy()
    noise = READING_SD_ML * Streams(0).at("reading of unseen mothers").standard_normal(volumes.shape)
    blurred = (volumes + noise).clip(lower=0.0).round()
    read.iloc[max(TEACH) :] = blurred.iloc[max(TEACH) :]
    return read


def as_csv(result: Mapping[str, Any]) -> str:
    """The table of `lactflow.experiments.fit_trust`: coverage by the most virtual mothers that teach."""
    content = StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(COLUMNS)
    teach = str(max(TEACH))
    for name, log in result["logs"].items():
        about = [name, log["words"], log["volumes"], result["days"], result["start_day"], teach, result["unseen"]]
        for trait, row in log["traits"][teach].items():
            shares = [f"{row[share]:.4g}" for share in ("coverage", "left_in_unseen")]
            writer.writerow([*about, trait, *shares, result["commit"], result["date"]])
    return content.getvalue()


def main() -> None:
    """Measure and write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("outputs"))
    parser.add_argument("--unseen", type=int, default=200)
    parser.add_argument("--json", type=Path, default=Path(__file__).with_suffix(".json"))
    parser.add_argument("--only-simulate", choices=KINDS)
    given = parser.parse_args()
    given.cache.mkdir(parents=True, exist_ok=True)
    if given.only_simulate:
        simulated(given.only_simulate, max(TEACH) + given.unseen, given.cache)
        return
    result: dict[str, Any] = {
        "commit": commit(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "unseen": given.unseen,
        "days": DAYS,
        "start_day": START_DAY,
        "held_days": HELD_DAYS,
        "logs": {},
    }
    threadpool_limits(limits=1, user_api="blas")
    for name, kind in KINDS.items():
        exact, traits, emptied = simulated(name, max(TEACH) + given.unseen, given.cache)
        volumes = as_written(exact)
        result["logs"][name] = {
            "words": kind.words,
            "volumes": volumes.shape[1],
            "traits": {str(teach): coverage(volumes, traits, teach) for teach in TEACH},
            "one_zero": one_zero(volumes, traits),
            "forecast": held_out(volumes, emptied),
        }
        print(json.dumps(result["logs"][name], indent=1))
    given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    TABLE.write_text(as_csv(result), encoding="utf-8")


if __name__ == "__main__":
    main()
