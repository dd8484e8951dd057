"""
What `lactflow diagnose` recognises of its own mechanisms: the criteria of `docs/background/criteria-diagnosis.md`.

    python benchmarks/diagnosis.py [--cache DIR] [--workers N]

Writes `benchmarks/diagnosis.json`, with commit and date. Ten to fifteen minutes of two cores, compiled.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from diagnosis_found import put
from scipy.stats import binom, mannwhitneyu, spearmanr
from threadpoolctl import threadpool_limits

from lactflow.chance import Streams
from lactflow.diagnosis.evidence import Outlook, candidates
from lactflow.diagnosis.files import JUDGED_FIRST, shipped
from lactflow.diagnosis.finding import CANNOT_TELL, NONE_OF_THESE, answer_of, read_all
from lactflow.diagnosis.her import her
from lactflow.diagnosis.observing import Readings, observations_of
from lactflow.diagnosis.probabilities import Model
from lactflow.diagnosis.record import read_record
from lactflow.diagnosis.virtual import Cohort, Simulated, cohorts
from lactflow.experiments.crew import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED = 20261130
TEACHING, UNSEEN = range(150), range(1000, 1200)
RANKED = 160
"""Unseen mothers over whom the expected fall of entropy is averaged."""
BIRTH_KG = 3.4
RECORD = """time,kind,breast,value,unit,note
2026-03-01 00:00,birth,,3400,g,
2026-03-03 10:00,weight,,3200,g,
2026-03-05 10:00,weight,,3250,g,
2026-03-07 10:00,weight,,3350,g,
2026-03-10 10:00,weight,,3500,g,
2026-03-03 11:00,sodium,left,30,mmol/L,
2026-03-03 11:00,sodium,right,30,mmol/L,
2026-03-05 11:00,sodium,left,20,mmol/L,
2026-03-05 11:00,sodium,right,20,mmol/L,
2026-03-07 11:00,sodium,left,15,mmol/L,
2026-03-07 11:00,sodium,right,15,mmol/L,
2026-03-07 12:00,test_weigh,,60,g,untrained
2026-03-07,feeds_per_day,,10,,
2026-03-08,feeds_per_day,,10,,
2026-03-09,feeds_per_day,,10,,
2026-03-10 12:00,pump,both,120,mL,
"""
"""The clinic set of the criteria with one pumping; what its values are does not matter here."""
LARGEST_SODIUM = 200.0
TEN = float(np.log(10.0))
SHARPENED = 3.0
"""Power to which the adversary of A17 and A18 raises probabilities."""
SEPARATED = ("small_gland", "weak_transfer")
ON_DAY, MATCHED_KG = 10, 0.1


def main() -> None:
    """Simulate, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("outputs/virtual-mothers"))
    parser.add_argument("--workers", type=int, default=cores())
    given = parser.parse_args()
    with TemporaryDirectory() as folder, threadpool_limits(limits=1, user_api="blas"):
        path = Path(folder) / "clinic.csv"
        path.write_text(RECORD, encoding="utf-8")
        record = read_record(path)
        own = her(record)
        observations, _ = observations_of(record)
        readings = Readings(observations, BIRTH_KG)
        rivals = [shipped(name) for name in JUDGED_FIRST]
        weak = shipped("weak_transfer")
        kinds = {"mild": (0.55, 0.8), "severe": (0.1, 0.2)}
        cut = {
            name: weak.model_copy(
                update={
                    "draws": {
                        "latch": weak.draws["latch"].model_copy(update=dict(zip(("low", "high"), ends, strict=True)))
                    }
                }
            )
            for name, ends in kinds.items()
        }
        kept, begun = given.cache.exists(), time.perf_counter()
        teaching = cohorts(own, rivals, Simulated(SEED, TEACHING, given.workers, given.cache))
        teaching_s = time.perf_counter() - begun
        unseen = cohorts(own, rivals, Simulated(SEED, UNSEEN, given.workers, given.cache))
        graded = {
            name: cohorts(own, [rival], Simulated(SEED, UNSEEN, given.workers, given.cache))[0]
            for name, rival in cut.items()
        }
        judged = Judged(own, readings, teaching, unseen)
        result = {
            "commit": _commit(),
            "date": f"{datetime.now(tz=UTC):%Y-%m-%d}",
            "teaching": len(TEACHING),
            "unseen": len(UNSEEN) * len(rivals),
            "seconds_of_teaching_mothers": None if kept else round(teaching_s, 1),
            "sets": {name: judged.recognised(columns) for name, columns in judged.sets().items()},
            "permuted": judged.permuted(),
            "cannot_tell": {name: judged.share_of(cohort, CANNOT_TELL) for name, cohort in graded.items()},
            "cannot_tell_of_ordinary": judged.share_of(unseen[0], CANNOT_TELL),
            "sharpened": {
                "cannot_tell_of_mild": judged.share_of(graded["mild"], CANNOT_TELL, SHARPENED),
                **judged.calibration(SHARPENED),
            },
            "small_gland_or_weak_transfer": separated(*(unseen[JUDGED_FIRST.index(name)] for name in SEPARATED)),
            "none_of_these": judged.damaged(),
            "next": judged.ranked(),
        }
    target = Path(__file__).with_name("diagnosis.json")
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    put(result)


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()


def read_once(cohort: Cohort, readings: Readings) -> np.ndarray:
    """What a clinic reads of unseen mothers, once; NaN where there was no milk."""
    return readings.read(readings.true(cohort), lambda row: Streams(SEED + 1, cohort.numbers[row]), 1)[0]


class Judged:
    """Teaching mothers, and unseen ones who are judged by what these teach."""

    def __init__(self, own: Any, readings: Readings, teaching: Sequence[Cohort], unseen: Sequence[Cohort]) -> None:
        self._own, self._readings, self._teaching, self._unseen = own, readings, teaching, unseen
        self._taught = read_all(teaching, readings, SEED).taught
        self._prior = [1.0 / len(teaching)] * len(teaching)
        self._models: dict[tuple[int, ...], Model] = {}
        self._read = np.concatenate([read_once(cohort, readings) for cohort in unseen])
        self._truth = np.repeat(np.arange(len(unseen)), [len(cohort.numbers) for cohort in unseen])

    def sets(self) -> dict[str, list[int]]:
        """Columns of the sets of observations."""
        kinds = [each.kind for each in self._readings.observations]
        among = lambda *wanted: [number for number, kind in enumerate(kinds) if kind in wanted]  # noqa: E731
        return {
            "weights": among("weight"),
            "weights and sodium": among("weight", "sodium"),
            "clinic set": among("weight", "sodium", "test_weigh", "feeds_per_day"),
            "clinic set and one pumping": list(range(len(kinds))),
        }

    def _model(self, columns: Sequence[int]) -> Model:
        key = tuple(columns)
        if key not in self._models:
            self._models[key] = Model(self._taught.only(columns), self._prior)
        return self._models[key]

    def _each(
        self, read: np.ndarray, columns: Sequence[int], of: Callable[[Model, np.ndarray], np.ndarray]
    ) -> np.ndarray:
        """Something of each mother by the model of what could be read of her."""
        patterns: dict[tuple[int, ...], list[int]] = {}
        for row in range(len(read)):
            patterns.setdefault(tuple(column for column in columns if not np.isnan(read[row, column])), []).append(row)
        found = np.empty((len(read), len(self._teaching)))
        for there, rows in patterns.items():
            found[rows] = of(self._model(there), read[np.ix_(rows, there)])
        return found

    def probabilities(self, read: np.ndarray, columns: Sequence[int]) -> np.ndarray:
        """Of each mechanism, for each mother."""
        return self._each(read, columns, lambda model, rows: model.probabilities(rows))

    def recognised(self, columns: Sequence[int]) -> dict[str, Any]:
        """Posterior of the truth, calibration and confusion."""
        found = self.probabilities(self._read, columns)
        names = list(self._taught.names)
        truth = found[np.arange(len(found)), self._truth]
        return {
            "mean_posterior_of_truth": round(float(truth.mean()), 4),
            "by_mechanism": {
                name: round(float(truth[self._truth == number].mean()), 3) for number, name in enumerate(names)
            },
            "right": round(float((found.argmax(axis=1) == self._truth).mean()), 4),
            "log_score": round(float(np.log(truth.clip(1e-12)).mean()), 4),
            **_calibration(found, self._truth),
            "confusion": {
                name: {
                    other: round(float(found[self._truth == row, column].mean()), 3)
                    for column, other in enumerate(names)
                }
                for row, name in enumerate(names)
            },
        }

    def permuted(self) -> float:
        """Mean posterior of the truth where the mechanisms of the teaching mothers are permuted."""
        order = np.random.default_rng(SEED).permutation(len(self._taught.half))
        wrong = replace(self._taught, half=self._taught.half[order])
        whole = ~np.isnan(self._read).any(axis=1)
        found = Model(wrong, self._prior).probabilities(self._read[whole])
        return round(float(found[np.arange(len(found)), self._truth[whole]].mean()), 4)

    def calibration(self, power: float) -> dict[str, Any]:
        """Calibration of probabilities that are raised to a power."""
        found = _raised(self.probabilities(self._read, range(self._read.shape[1])), power)
        return {key: value for key, value in _calibration(found, self._truth).items() if key != "bins"}

    def _answers(self, read: np.ndarray, power: float = 1.0) -> list[str]:
        columns = range(read.shape[1])
        probabilities = _raised(self.probabilities(read, columns), power)
        distances = self._each(read, columns, lambda model, rows: model.distances(rows))
        return [answer_of(*each) for each in zip(probabilities, distances, strict=True)]

    def share_of(self, cohort: Cohort, answer: str, power: float = 1.0) -> float:
        """Share of mothers who get an answer, where probabilities are raised to a power."""
        answers = self._answers(read_once(cohort, self._readings), power)
        return round(sum(each == answer for each in answers) / len(answers), 4)

    def damaged(self) -> dict[str, float]:
        """Share of ordinary records, whole and damaged, that are none of these; refused ones count."""
        kinds = [(each.kind, each.breast, each.time_min) for each in self._readings.observations]
        read = read_once(self._unseen[0], self._readings)
        sodium = [number for number, (kind, _, _) in enumerate(kinds) if kind == "sodium"]
        last = [number for number in sodium if kinds[number][2] == max(kinds[each][2] for each in sodium)]
        one = [kind for kind, _, _ in kinds].index
        weights = [
            number for number, (kind, _, time_min) in enumerate(kinds) if kind == "weight" and time_min >= 6 * 1440
        ]
        ways: dict[str, Callable[[np.ndarray], None]] = {
            "nothing": partial(_add, columns=[], by=0.0),
            "one sodium ten times": partial(_add, columns=last[:1], by=TEN),
            "all sodium ten times": partial(_add, columns=sodium, by=TEN),
            "all sodium a tenth": partial(_add, columns=sodium, by=-TEN),
            "test weighing ten times": partial(_scale, column=one("test_weigh"), by=10.0**0.5),
            "pumped volume ten times": partial(_scale, column=one("pump"), by=10.0**0.5),
            "pumped volume a tenth": partial(_scale, column=one("pump"), by=0.1**0.5),
            "weights 400 g more from day 7": partial(_add, columns=weights, by=0.4 / BIRTH_KG),
            "sodium of one breast ten times": partial(
                _add, columns=[number for number in sodium if kinds[number][1] == "left"], by=TEN
            ),
        }
        found = {}
        for name, damage in ways.items():
            rows = read.copy()
            damage(rows)
            refused = (np.nan_to_num(rows[:, sodium], nan=0.0) > np.log(LARGEST_SODIUM)).any(axis=1)
            outside = np.array([each == NONE_OF_THESE for each in self._answers(rows)])
            found[name] = round(float((refused | outside).mean()), 4)
        return found

    def ranked(self) -> dict[str, Any]:
        """Expected fall of entropy of each candidate, and the fall of the log score when it is really added."""
        known = self.sets()["clinic set"]
        choice = candidates(self._own.next_min, ())
        readings = [Readings(each.observations, BIRTH_KG) for each in choice]
        more = [read_all(self._teaching, each, SEED).taught.readings for each in readings]
        extra = [np.concatenate([read_once(cohort, each) for cohort in self._unseen]) for each in readings]
        whole = ~np.isnan(np.hstack([self._read[:, known], *extra])).any(axis=1)
        taught, read, truth = self._taught.only(known), self._read[whole][:, known], self._truth[whole]
        outlook = Outlook(taught, self._prior, more)
        some = np.linspace(0, len(read) - 1, RANKED).astype(int)
        expected = np.array([outlook.falls(read[row]) for row in some]).mean(axis=0)
        rows = np.arange(len(read))
        before = np.log(Model(taught, self._prior).probabilities(read)[rows, truth].clip(1e-12)).mean()
        really = []
        for add, add_read in zip(more, extra, strict=True):
            found = Model(taught.beside(add), self._prior).probabilities(np.hstack([read, add_read[whole]]))
            really.append(float(np.log(found[rows, truth].clip(1e-12)).mean() - before))
        return {
            "rank_correlation": round(float(spearmanr(expected, really).statistic), 3),
            "candidates": {
                each.name: {"expected_nats": round(float(fall), 4), "really_nats": round(gain, 4)}
                for each, fall, gain in zip(choice, expected, really, strict=True)
            },
        }


def _raised(probabilities: np.ndarray, power: float) -> np.ndarray:
    raised = probabilities**power
    return raised / raised.sum(axis=1, keepdims=True)


def separated(small: Cohort, weak: Cohort) -> dict[str, Any]:
    """A19: what separates two mechanisms in mothers whose infants weigh alike."""
    rows = [_on_the_day(cohort) for cohort in (small, weak)]
    left = rows[1].copy()
    pairs = []
    for mother in rows[0].sort_values("weight_kg").index:
        off = (left["weight_kg"] - rows[0].loc[mother, "weight_kg"]).abs()
        if len(off) and off.min() <= MATCHED_KG:
            pairs.append((mother, off.idxmin()))
            left = left.drop(off.idxmin())
    matched = [rows[side].loc[[pair[side] for pair in pairs]] for side in (0, 1)]

    def area(name: str) -> float:
        statistic = mannwhitneyu(matched[1][name], matched[0][name]).statistic / len(pairs) ** 2
        return round(float(max(statistic, 1.0 - statistic)), 3)

    return {"pairs": len(pairs), **{name: area(name) for name in ("left_ml", "weight_kg", "taken_ml")}}


def _on_the_day(cohort: Cohort) -> Any:
    """Weight of each infant, and what it took and left at its feeds, on the day that is compared."""
    infants, removals = cohort.tables["infants"], cohort.tables["removals"]
    weighed = infants[infants["time_min"] == ON_DAY * 1440.0].set_index("mother")["weight_kg"]
    fed = removals[(removals["kind"] == "feed") & (removals["start_min"] // 1440.0 == ON_DAY - 1)]
    fed = fed.assign(left_ml=fed["available_ml"] - fed["removed_ml"])
    sums = fed.groupby(["mother", "session"])[["left_ml", "removed_ml"]].sum().groupby("mother").mean()
    return sums.rename(columns={"removed_ml": "taken_ml"}).assign(weight_kg=weighed)


def _add(rows: np.ndarray, columns: Sequence[int], by: float) -> None:
    rows[:, columns] += by


def _scale(rows: np.ndarray, column: int, by: float) -> None:
    rows[:, column] *= by


def _calibration(found: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """Expected calibration error over ten bins, and bins whose share of right answers chance does not explain."""
    said, right = found.max(axis=1), found.argmax(axis=1) == truth
    error, bins, outside = 0.0, [], 0
    for number in range(10):
        own = (said >= number / 10) & (said < (number + 1) / 10 + (number == 9))
        if not own.any():
            continue
        count, mean, share = int(own.sum()), float(said[own].mean()), float(right[own].mean())
        error += count / len(said) * abs(mean - share)
        low, high = binom.ppf([0.005, 0.995], count, mean) / count
        outside += not low <= share <= high
        bins.append(
            {
                "said": round(mean, 3),
                "right": round(share, 3),
                "n": count,
                "low": round(float(low), 3),
                "high": round(float(high), 3),
            }
        )
    return {"expected_calibration_error": round(error, 4), "bins_outside": outside, "bins": bins}


if __name__ == "__main__":
    main()
