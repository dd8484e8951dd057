"""From virtual mothers to what is said: the halves of a mechanism, whatever a user's own draws."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import made_up_cohorts
from records import read

from lactflow.diagnosis.evidence import candidates
from lactflow.diagnosis.files import NONE, shipped, shipped_files
from lactflow.diagnosis.finding import FEWEST_OF_HALF, _next, found, halves_of, read_all
from lactflow.diagnosis.her import her
from lactflow.diagnosis.observing import Readings, observations_of
from lactflow.diagnosis.probabilities import Model
from lactflow.diagnosis.rival import Draw, Rival
from lactflow.diagnosis.truth import Truth
from lactflow.diagnosis.virtual import Simulated

ROWS = ("2031-05-05 09:00,weight,,3300,g,", "2031-05-05 09:00,sodium,left,40,mmol/L,")


def own(**draw):
    """A mechanism of one draw, a factor on the latch, or a side."""
    drawn = Draw(what="a", **draw)
    about = {"format": 1, "mechanism": "own", "title": "own", "meaning": "own", "draws": {"a": drawn}}
    if drawn.is_number:
        return Rival(factors={"infants.*.latch": "a"}, **about)
    return Rival(interventions=({"kind": "mastitis", "side": {"draw": "a"}, "start_day": 3},), **about)


def made_up(folder, *rivals, mothers=40):
    """Her, and virtual mothers of mechanisms."""
    hers = her(read(folder, *ROWS))
    return hers, made_up_cohorts(hers, rivals, Simulated(1, range(mothers), 1, None))


@pytest.mark.parametrize("name", [name for name in shipped_files() if name != NONE])
def test_shipped_mechanisms_have_two_halves(tmp_path, name):
    """About as many mothers each, those with less of what is drawn first in the lower one."""
    _, (cohort,) = made_up(tmp_path, shipped(name), mothers=150)
    half, first = halves_of(cohort), next(iter(cohort.rival.draws))
    assert 50 < half.sum() < 110
    values = [drawn[first] for drawn in cohort.drawn]
    lower, upper = ([value for value, of in zip(values, half, strict=True) if of == which] for which in (0, 1))
    assert set(lower).isdisjoint(upper)
    assert isinstance(values[0], str) or max(lower) < min(upper)


@pytest.mark.parametrize(
    "rival",
    [
        shipped(NONE),
        own(low=0.5, high=0.5),
        own(among=(0.5,)),
        own(among=("left",)),
        own(among=(0.3,) * 19 + (0.6,)),
        own(among=("right",) * 19 + ("left",)),
    ],
)
def test_a_half_of_few_mothers_is_none_of_its_own(tmp_path, rival):
    """Nothing can be learned from it, and folds without it would end in a traceback."""
    hers, virtual = made_up(tmp_path, shipped("late_onset"), rival)
    half = halves_of(virtual[1])
    assert set(half) in ({0}, {0, 1})
    assert len(set(half)) == 1 or min(half.sum(), len(half) - half.sum()) >= FEWEST_OF_HALF
    observations, _ = observations_of(hers.record)
    taught = read_all(virtual, Readings(observations, 3.41), 1).taught
    assert set(taught.half) == set(range(len(taught.of)))
    result = found(hers, observations, virtual, [0.5, 0.5], 1)
    assert np.isfinite(result.tables["diagnoses"][["probability", "low", "high", "distance"]]).all(axis=None)


def test_readings_of_all_mothers_lie_in_the_order_of_their_labels(tmp_path):
    """Repeats of a mother have her number, her mechanism and her half."""
    hers, virtual = made_up(tmp_path, shipped(NONE), shipped("late_onset"))
    observations, _ = observations_of(hers.record)
    read_ = read_all(virtual, Readings(observations, 3.41), 1, repeats=3)
    taught = read_.taught
    assert taught.readings.shape == (2 * 40 * 3, 2)
    assert taught.names == (NONE, "late_onset")
    assert taught.of == (0, 1, 1)
    for number in (0, 1):
        for mother in (0, 7, 39):
            rows = (taught.mechanism == number) & (taught.mother == mother)
            assert rows.sum() == 3
            assert len(set(taught.half[rows])) == 1
            sodium = np.exp(taught.readings[rows, 0])
            assert sodium == pytest.approx(np.full(3, read_.true[number][mother, 0]), rel=0.5)
            assert len(set(sodium)) == 3
    assert read_.gone == (0.0, 0.0)


def test_nothing_is_done_twice_for_one_answer(tmp_path, monkeypatch):
    """An answer from the cache is waited for: tables are cut once, and what was observed is learned once."""
    cut, learned = [], []
    rows, made = Truth._rows, Model.__init__
    monkeypatch.setattr(Truth, "_rows", lambda self, *of: (cut.append((id(self), *of)), rows(self, *of))[1])
    monkeypatch.setattr(
        Model, "__init__", lambda self, taught, prior: (learned.append(taught), made(self, taught, prior))[1]
    )
    hers, virtual = made_up(tmp_path, shipped(NONE), shipped("late_onset"))
    observations, _ = observations_of(hers.record)
    found(hers, observations, virtual, [0.5, 0.5], 1)
    assert len(cut) == len(set(cut))
    assert len(learned) == 1 + len(observations) + len(candidates(hers.next_min, []))


def test_no_expected_fall_is_reported_below_nothing(tmp_path):
    """An estimate below it is 0; the order is that of the estimates."""
    hers = her(read(tmp_path, *ROWS))
    names = [each.name for each in candidates(hers.next_min, [])]
    falls = [0.3, *(-0.001 * (len(names) - number) for number in range(1, len(names)))]
    table = _next(hers, falls)
    assert list(table["fall_nats"]) == [0.3] + [0.0] * (len(names) - 1)
    assert list(table["measurement"]) == [names[0], *names[:0:-1]]
    assert list(table["helps"]) == [True] + [False] * (len(names) - 1)
