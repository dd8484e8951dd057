"""
What a diagnosis recognises of its own mechanisms: virtual mothers who teach, and unseen ones who are judged.

The criteria were fixed before the code (docs/background/criteria-diagnosis.md). Virtual mothers are simulated when they
are first asked for. Claims A16 to A19 and `benchmarks/diagnosis.py` are judged by the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lactflow.chance import Streams
from lactflow.diagnosis.files import JUDGED_FIRST, shipped
from lactflow.diagnosis.finding import answer_of, read_all
from lactflow.diagnosis.her import Her, her
from lactflow.diagnosis.observing import Readings, observations_of
from lactflow.diagnosis.probabilities import Model, Taught
from lactflow.diagnosis.record import read_record
from lactflow.diagnosis.rival import Rival
from lactflow.diagnosis.virtual import Cohort, Simulated, cohorts
from lactflow.experiments.work import ShowProgress, part_of
from lactflow.validation.separated import SEPARATED

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

SEED: Final = 20261130
TEACHING, UNSEEN = range(150), range(1000, 1200)
"""Numbers of the mothers of each mechanism."""
BIRTH_KG: Final = 3.4
RECORD: Final = """time,kind,breast,value,unit,note
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
SHARPENED: Final = 3.0
"""Power to which the adversary of A17 and A18 raises probabilities."""
GRADES: Final[Mapping[str, tuple[float, float]]] = {"mild": (0.55, 0.8), "severe": (0.1, 0.2)}
"""Ends of the latch of weak transfers, relative to that of other infants."""
_BINS: Final = 10


class Clinic:
    """
    Teaching mothers, and unseen ones who are judged by what these teach.

    Parameters
    ----------
    workers
        Processes that simulate them.
    cache
        Folder of virtual mothers that were simulated before; None for none.
    progress
        Called with the share of the mothers that are simulated; may raise to stop.
    kinds
        Kinds of mothers that will be asked for, among `teaching`, `unseen`, `separated` (two of the unseen mechanisms)
        and `graded`: what progress is a share of.

    Attributes
    ----------
    own
        What all mothers have in common.
    readings
        What is observed of them: the clinic set and one pumping.
    """

    def __init__(
        self,
        workers: int,
        cache: Path | None = None,
        progress: ShowProgress | None = None,
        kinds: Sequence[str] = ("teaching", "unseen", "graded"),
    ) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "clinic.csv"
            path.write_text(RECORD, encoding="utf-8")
            record = read_record(path)
        self.own: Her = her(record)
        self.readings = Readings(observations_of(record)[0], BIRTH_KG)
        self._workers, self._cache, self._progress = workers, cache, progress
        many = len(JUDGED_FIRST)
        counts = {
            "teaching": many * len(TEACHING),
            "unseen": many * len(UNSEEN),
            "separated": 0 if "unseen" in kinds else len(SEPARATED) * len(UNSEEN),
            "graded": len(GRADES) * len(UNSEEN),
        }
        self._total, self._done = sum(counts[kind] for kind in kinds), 0
        self._unseen: dict[str, Cohort] = {}
        self._models: dict[tuple[int, ...], Model] = {}

    def _simulated(self, rivals: Sequence[Rival], numbers: range) -> list[Cohort]:
        done = self._done + len(rivals) * len(numbers)
        total = max(self._total, done)
        part = part_of(self._progress, self._done / total, done / total)
        self._done = done
        return cohorts(self.own, rivals, Simulated(SEED, numbers, self._workers, self._cache), part)

    @cached_property
    def teaching(self) -> list[Cohort]:
        """Virtual mothers of each mechanism who teach."""
        return self._simulated([shipped(name) for name in JUDGED_FIRST], TEACHING)

    @property
    def unseen(self) -> list[Cohort]:
        """Virtual mothers of each mechanism who are judged."""
        return self.unseen_with(JUDGED_FIRST)

    def unseen_with(self, mechanisms: Sequence[str]) -> list[Cohort]:
        """Those of some mechanisms."""
        new = [name for name in mechanisms if name not in self._unseen]
        if new:
            self._unseen |= dict(zip(new, self._simulated([shipped(name) for name in new], UNSEEN), strict=True))
        return [self._unseen[name] for name in mechanisms]

    @cached_property
    def graded(self) -> dict[str, Cohort]:
        """Virtual mothers with a mild or a severe weak transfer, who are judged."""
        rivals = [_weak_transfer(*ends) for ends in GRADES.values()]
        return {
            name: cohort
            for name, rival in zip(GRADES, rivals, strict=True)
            for cohort in self._simulated([rival], UNSEEN)
        }

    @cached_property
    def taught(self) -> Taught:
        """Readings of the teaching mothers."""
        return read_all(self.teaching, self.readings, SEED).taught

    @cached_property
    def read(self) -> Array:
        """What a clinic reads of the unseen mothers, once; NaN where there was no milk."""
        return np.concatenate([read_once(cohort, self.readings) for cohort in self.unseen])

    @cached_property
    def truth(self) -> Labels:
        """Numbers of the mechanisms of the unseen mothers."""
        return np.repeat(np.arange(len(self.unseen)), [len(cohort.numbers) for cohort in self.unseen])

    @property
    def prior(self) -> list[float]:
        """Of each mechanism: the same."""
        return [1.0 / len(JUDGED_FIRST)] * len(JUDGED_FIRST)

    def sets(self) -> dict[str, list[int]]:
        """Columns of the sets of observations; the last one is all of them."""
        kinds = [each.kind for each in self.readings.observations]

        def among(*wanted: str) -> list[int]:
            return [number for number, kind in enumerate(kinds) if kind in wanted]

        return {
            "weights": among("weight"),
            "weights and sodium": among("weight", "sodium"),
            "clinic set": among("weight", "sodium", "test_weigh", "feeds_per_day"),
            "clinic set and one pumping": list(range(len(kinds))),
        }

    def _model(self, columns: Sequence[int]) -> Model:
        key = tuple(columns)
        if key not in self._models:
            self._models[key] = Model(self.taught.only(columns), self.prior)
        return self._models[key]

    def _each(self, read: Array, columns: Sequence[int], of: Callable[[Model, Array], Array]) -> Array:
        """Something of each mother by the model of what could be read of her."""
        patterns: dict[tuple[int, ...], list[int]] = {}
        for row in range(len(read)):
            patterns.setdefault(tuple(column for column in columns if not np.isnan(read[row, column])), []).append(row)
        found = np.empty((len(read), len(JUDGED_FIRST)))
        for there, rows in patterns.items():
            found[rows] = of(self._model(there), read[np.ix_(rows, there)])
        return found

    def probabilities(self, read: Array, columns: Sequence[int]) -> Array:
        """
        Of each mechanism, for each mother.

        Parameters
        ----------
        read
            Readings with gaps, a row for each mother.
        columns
            Those that are used.
        """
        return self._each(read, columns, lambda model, rows: model.probabilities(rows))

    @cached_property
    def of_unseen(self) -> Array:
        """Probabilities of each mechanism for each unseen mother, by the whole set."""
        return self.probabilities(self.read, range(self.read.shape[1]))

    def permuted(self) -> float:
        """Mean posterior of the truth where the mechanisms of the teaching mothers are permuted."""
        order = np.random.default_rng(SEED).permutation(len(self.taught.half))
        wrong = replace(self.taught, half=self.taught.half[order])
        whole = ~np.isnan(self.read).any(axis=1)
        found = Model(wrong, self.prior).probabilities(self.read[whole])
        return round(float(found[np.arange(len(found)), self.truth[whole]].mean()), 4)

    def answers(self, read: Array, power: float = 1.0) -> list[str]:
        """
        What is said of each mother.

        Parameters
        ----------
        read
            Readings with gaps, a row for each.
        power
            To which probabilities are raised.
        """
        columns = range(read.shape[1])
        found = raised(self.probabilities(read, columns), power)
        distances = self._each(read, columns, lambda model, rows: model.distances(rows))
        return [answer_of(*each) for each in zip(found, distances, strict=True)]

    def share_of(self, cohort: Cohort, answer: str, power: float = 1.0) -> float:
        """
        Share of mothers who get an answer.

        Parameters
        ----------
        cohort
            The mothers.
        answer
            As `answer_of` says it.
        power
            To which probabilities are raised.
        """
        answers = self.answers(read_once(cohort, self.readings), power)
        return round(answers.count(answer) / len(answers), 4)


def _weak_transfer(low: float, high: float) -> Rival:
    """A weak transfer with a part of its spread."""
    weak = shipped("weak_transfer")
    return weak.model_copy(
        update={"draws": {"latch": weak.draws["latch"].model_copy(update={"low": low, "high": high})}}
    )


def read_once(cohort: Cohort, readings: Readings) -> Array:
    """
    What a clinic reads of unseen mothers, once; NaN where there was no milk.

    Parameters
    ----------
    cohort
        The mothers.
    readings
        What is observed.
    """
    found: Array = readings.read(readings.true(cohort), lambda row: Streams(SEED + 1, cohort.numbers[row]), 1)[0]
    return found


def raised(probabilities: Array, power: float) -> Array:
    """Probabilities raised to a power, so that each row adds up to 1 again."""
    powers = probabilities**power
    found: Array = powers / powers.sum(axis=1, keepdims=True)
    return found


def calibration(found: Array, truth: Labels) -> dict[str, Any]:
    """
    Expected calibration error over ten bins, and bins whose share of right answers chance does not explain.

    Parameters
    ----------
    found
        Probabilities, a row for each mother.
    truth
        Numbers of their mechanisms.
    """
    from scipy.stats import binom

    said, right = found.max(axis=1), found.argmax(axis=1) == truth
    error, bins, outside = 0.0, [], 0
    for number in range(_BINS):
        own = (said >= number / _BINS) & (said < (number + 1) / _BINS + (number == _BINS - 1))
        if not own.any():
            continue
        count, mean, share = int(own.sum()), float(said[own].mean()), float(right[own].mean())
        error += count / len(said) * abs(mean - share)
        low, high = (float(each) / count for each in binom.ppf([0.005, 0.995], count, mean))
        outside += not low <= share <= high
        named = {"said": mean, "right": share, "n": count, "low": low, "high": high}
        bins.append({name: round(value, 3) for name, value in named.items()})
    return {"expected_calibration_error": round(error, 4), "bins_outside": outside, "bins": bins}
