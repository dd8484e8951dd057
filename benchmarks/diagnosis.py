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
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from diagnosis_found import put
from scipy.stats import spearmanr
from threadpoolctl import threadpool_limits

from lactflow.diagnosis.evidence import Outlook, candidates
from lactflow.diagnosis.finding import CANNOT_TELL, NONE_OF_THESE, read_all
from lactflow.diagnosis.observing import Readings
from lactflow.diagnosis.probabilities import Model
from lactflow.experiments.crew import cores
from lactflow.validation.recognised import BIRTH_KG, SEED, SHARPENED, TEACHING, Clinic, calibration, raised, read_once
from lactflow.validation.separated import SEPARATED, separated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lactflow.diagnosis.virtual import Cohort

RANKED = 160
"""Unseen mothers over whom the expected fall of entropy is averaged."""
LARGEST_SODIUM = 200.0
TEN = float(np.log(10.0))


def main() -> None:
    """Simulate, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("outputs/virtual-mothers"))
    parser.add_argument("--workers", type=int, default=cores())
    given = parser.parse_args()
    with threadpool_limits(limits=1, user_api="blas"):
        clinic = Clinic(given.workers, given.cache)
        kept, begun = given.cache.exists(), time.perf_counter()
        teaching = clinic.teaching
        teaching_s = time.perf_counter() - begun
        graded = clinic.graded
        result = {
            "commit": _commit(),
            "date": f"{datetime.now(tz=UTC):%Y-%m-%d}",
            "teaching": len(TEACHING),
            "unseen": len(clinic.read),
            "seconds_of_teaching_mothers": None if kept else round(teaching_s, 1),
            "sets": {name: recognised(clinic, columns) for name, columns in clinic.sets().items()},
            "permuted": clinic.permuted(),
            "cannot_tell": {name: clinic.share_of(cohort, CANNOT_TELL) for name, cohort in graded.items()},
            "cannot_tell_of_ordinary": clinic.share_of(clinic.unseen[0], CANNOT_TELL),
            "sharpened": {
                "cannot_tell_of_mild": clinic.share_of(graded["mild"], CANNOT_TELL, SHARPENED),
                **_without_bins(calibration(raised(clinic.of_unseen, SHARPENED), clinic.truth)),
            },
            "small_gland_or_weak_transfer": separated(*clinic.unseen_with(SEPARATED)),
            "none_of_these": damaged(clinic),
            "next": ranked(clinic, teaching),
        }
    target = Path(__file__).with_name("diagnosis.json")
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    put(result)


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()


def _without_bins(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != "bins"}


def recognised(clinic: Clinic, columns: Sequence[int]) -> dict[str, Any]:
    """Posterior of the truth, calibration and confusion."""
    found, of = clinic.probabilities(clinic.read, columns), clinic.truth
    names = list(clinic.taught.names)
    truth = found[np.arange(len(found)), of]
    return {
        "mean_posterior_of_truth": round(float(truth.mean()), 4),
        "by_mechanism": {name: round(float(truth[of == number].mean()), 3) for number, name in enumerate(names)},
        "right": round(float((found.argmax(axis=1) == of).mean()), 4),
        "log_score": round(float(np.log(truth.clip(1e-12)).mean()), 4),
        **calibration(found, of),
        "confusion": {
            name: {other: round(float(found[of == row, column].mean()), 3) for column, other in enumerate(names)}
            for row, name in enumerate(names)
        },
    }


def damaged(clinic: Clinic) -> dict[str, float]:
    """Share of ordinary records, whole and damaged, that are none of these; refused ones count."""
    kinds = [(each.kind, each.breast, each.time_min) for each in clinic.readings.observations]
    read = read_once(clinic.unseen[0], clinic.readings)
    sodium = [number for number, (kind, _, _) in enumerate(kinds) if kind == "sodium"]
    last = [number for number in sodium if kinds[number][2] == max(kinds[each][2] for each in sodium)]
    one = [kind for kind, _, _ in kinds].index
    weights = [number for number, (kind, _, time_min) in enumerate(kinds) if kind == "weight" and time_min >= 6 * 1440]
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
        outside = np.array([each == NONE_OF_THESE for each in clinic.answers(rows)])
        found[name] = round(float((refused | outside).mean()), 4)
    return found


def ranked(clinic: Clinic, teaching: Sequence[Cohort]) -> dict[str, Any]:
    """Expected fall of entropy of each candidate, and the fall of the log score when it is really added."""
    known = clinic.sets()["clinic set"]
    choice = candidates(clinic.own.next_min, ())
    readings = [Readings(each.observations, BIRTH_KG) for each in choice]
    more = [read_all(teaching, each, SEED).taught.readings for each in readings]
    extra = [np.concatenate([read_once(cohort, each) for cohort in clinic.unseen]) for each in readings]
    whole = ~np.isnan(np.hstack([clinic.read[:, known], *extra])).any(axis=1)
    taught, read, truth = clinic.taught.only(known), clinic.read[whole][:, known], clinic.truth[whole]
    outlook = Outlook(taught, clinic.prior, more)
    some = np.linspace(0, len(read) - 1, RANKED).astype(int)
    expected = np.array([outlook.falls(read[row]) for row in some]).mean(axis=0)
    rows = np.arange(len(read))
    before = np.log(Model(taught, clinic.prior).probabilities(read)[rows, truth].clip(1e-12)).mean()
    really = []
    for add, add_read in zip(more, extra, strict=True):
        found = Model(taught.beside(add), clinic.prior).probabilities(np.hstack([read, add_read[whole]]))
        really.append(float(np.log(found[rows, truth].clip(1e-12)).mean() - before))
    return {
        "rank_correlation": round(float(spearmanr(expected, really).statistic), 3),
        "candidates": {
            each.name: {"expected_nats": round(float(fall), 4), "really_nats": round(gain, 4)}
            for each, fall, gain in zip(choice, expected, really, strict=True)
        },
    }


def _add(rows: np.ndarray, columns: Sequence[int], by: float) -> None:
    rows[:, columns] += by


def _scale(rows: np.ndarray, column: int, by: float) -> None:
    rows[:, column] *= by


if __name__ == "__main__":
    main()
