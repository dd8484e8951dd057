"""Claims A16 to A19: judged on request, by virtual mothers who teach and others who do not."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from made_up import made_up_cohorts

from lactflow.diagnosis.files import JUDGED_FIRST, shipped
from lactflow.diagnosis.virtual import Cohort
from lactflow.errors import ConfigError
from lactflow.recording.folder import VALIDATION, read_folder
from lactflow.report.page import write_report
from lactflow.validation import judge, recognised
from lactflow.validation.claims_records import RECORD_CLAIMS, on_request_in_words
from lactflow.validation.gaps import KNOWN_GAPS
from lactflow.validation.recognised import GRADES, Clinic, calibration, raised
from lactflow.validation.separated import ON_DAY, separated

IDS = ["A16", "A17", "A18", "A19"]


@pytest.fixture
def made_up(monkeypatch):
    """Few mothers, who were never simulated; names of the mechanisms and the numbers that were asked for."""
    asked = []

    def make(hers, rivals, how, progress=None):
        asked.append(([each.mechanism for each in rivals], how.numbers, how.cache))
        return made_up_cohorts(hers, rivals, how, progress)

    monkeypatch.setattr(recognised, "cohorts", make)
    monkeypatch.setattr(recognised, "TEACHING", range(40))
    monkeypatch.setattr(recognised, "UNSEEN", range(1000, 1020))
    return asked


def test_they_are_known_and_not_among_all():
    """So that a validation of all of it takes as long as it did; gaps may name them."""
    assert [claim.id for claim in RECORD_CLAIMS] == IDS
    assert set(IDS) <= set(judge.known_ids())
    assert not set(IDS) & set(judge.judgeable_ids())
    assert not set(IDS) & {claim.id for claim in judge.CLAIMS}
    assert all(each in on_request_in_words() for each in IDS)
    assert {each for each in KNOWN_GAPS if each in IDS} == {"A16"}


def test_each_is_judged_with_its_adversary(made_up, tmp_path):
    """By the same mothers, each simulated once, from the cache that is given; progress goes from 0 to 1."""
    shares = []
    results = judge.judge(IDS, 1, lambda share, _: shares.append(share), cache=tmp_path)
    assert [each.id for each in results] == IDS
    assert all(each.kind == "claim" and each.verdict in ("met", "not met") for each in results)
    assert all(each.reason.startswith("without ") for each in results)
    assert made_up == [
        (list(JUDGED_FIRST), range(1000, 1020), tmp_path),
        (list(JUDGED_FIRST), range(40), tmp_path),
        (["weak_transfer"], range(1000, 1020), tmp_path),
        (["weak_transfer"], range(1000, 1020), tmp_path),
    ]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    recognised_, permuted = results[0].observed[:9], results[0].observed[9:]
    assert recognised_[0].value == pytest.approx(np.mean([each.value for each in recognised_[1:]]))
    assert recognised_[0].value > 0.2
    (chance,) = permuted
    assert chance.value == pytest.approx(1 / 8, abs=0.05)
    assert (chance.without is None, recognised_[0].without) == (False, None)


def test_one_needs_no_more_mothers_than_it_is_judged_by(made_up):
    """A small gland and a weak transfer, and nobody who teaches."""
    (result,) = judge.judge(["A19"], 1)
    assert result.id == "A19"
    assert [names for names, _, _ in made_up] == [["small_gland", "weak_transfer"]]


def test_it_needs_scikit_learn(made_up, monkeypatch):
    """One line, before anything is simulated."""
    monkeypatch.setattr(judge, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"^A17 needs scikit-learn: pip install 'lactflow\[calibrate\]'$"):
        judge.judge(["A17"], 1)
    assert made_up == []


def test_grades_are_parts_of_the_spread(made_up):
    """And else the shipped mechanism."""
    for (name, (low, high)), cohort in zip(GRADES.items(), Clinic(1).graded.values(), strict=True):
        draw = cohort.rival.draws["latch"]
        assert (draw.low, draw.high) == (low, high), name
        assert cohort.rival.model_copy(update={"draws": shipped("weak_transfer").draws}) == shipped("weak_transfer")
        assert all(low <= each["latch"] <= high for each in cohort.drawn)


def test_calibration_by_hand():
    """Ten mothers at 0.75, of whom five are right: off by 0.25; two at 0.95, both right: off by 0.05."""
    found = np.array([[0.75, 0.25]] * 10 + [[0.95, 0.05]] * 2)
    truth = np.array([0] * 5 + [1] * 5 + [0, 0])
    judged = calibration(found, truth)
    assert judged["expected_calibration_error"] == pytest.approx((10 * 0.25 + 2 * 0.05) / 12, abs=1e-4)
    assert [each["n"] for each in judged["bins"]] == [10, 2]
    assert judged["bins_outside"] == 0
    many = calibration(np.repeat(found[:10], 20, axis=0), np.repeat(truth[:10], 20))
    assert many["bins_outside"] == 1
    assert raised(np.array([[0.75, 0.25]]), 3.0)[0, 0] == pytest.approx(27 / 28)


def cohort(name, left, taken, weights):
    """Mothers with one feed on the day, and the weight of the infant at its end."""
    numbers = range(len(weights))
    start = (ON_DAY - 1) * 1440.0 + 60.0
    removals = pd.DataFrame(
        {"mother": numbers, "session": 0, "kind": "feed", "start_min": start, "removed_ml": taken}
    ).assign(available_ml=np.array(left) + np.array(taken))
    infants = pd.DataFrame({"mother": numbers, "time_min": ON_DAY * 1440.0, "infant": 0, "weight_kg": weights})
    return Cohort(shipped(name), tuple(numbers), ({},) * len(weights), {"removals": removals, "infants": infants})


def test_pairs_weigh_alike():
    """The nearest within 100 g, each once; milk left keeps them apart, and what was taken says nothing."""
    small = cohort("small_gland", [1.0, 2.0, 3.0], [50.0, 60.0, 70.0], [3.0, 3.2, 4.0])
    weak = cohort("weak_transfer", [40.0, 41.0, 42.0], [50.0, 60.0, 70.0], [3.05, 3.25, 4.5])
    found = separated(small, weak)
    assert found == {"pairs": 2, "left_ml": 1.0, "weight_kg": 0.75, "taken_ml": 0.5}


def test_the_command_and_its_page_say_what_was_left(invoke, tmp_path, monkeypatch):
    """In one line, where all was asked for; not where items were named."""
    monkeypatch.setattr(judge, "judge", lambda *_: [])
    printed = invoke("validate", "--out", "out", "--quiet").stdout
    assert on_request_in_words() in printed
    (folder,) = (tmp_path / "out").iterdir()
    assert read_folder(folder, VALIDATION)[0]["on_request"] == [on_request_in_words()]
    named = invoke("validate", "A19", "--out", "other", "--quiet").stdout
    assert "on request" not in named


def test_the_page_of_a_validation_has_the_line(invoke, tmp_path, made_up, monkeypatch):
    """Below its overview."""
    (result,) = judge.judge(["A19"], 1)
    monkeypatch.setattr(judge, "judge", lambda *_: [result])
    invoke("validate", "--out", "out", "--quiet")
    (folder,) = (tmp_path / "out").iterdir()
    page = write_report(folder).read_text(encoding="utf-8")
    assert on_request_in_words() in page
    found = json.loads(invoke("validate", "A19", "--out", "out", "--json").stdout)["results"]
    assert [each["id"] for each in found] == ["A19"]
