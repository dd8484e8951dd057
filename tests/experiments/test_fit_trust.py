"""What a fit can be trusted with, as pages have it: the numbers that the benchmark has measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lactflow.config.cohort import TRAITS
from lactflow.experiments.fit_trust import measured_coverage, nearest_coverage

MEASURED = json.loads((Path(__file__).parents[2] / "benchmarks" / "fit_coverage.json").read_text(encoding="utf-8"))


def test_the_table_has_what_was_measured():
    """Every trait of both logs, by as many virtual mothers as a fit has unless it is asked for others."""
    rows = {(each.log, each.trait): each for each in measured_coverage()}
    wanted = {
        (name, trait): row for name, log in MEASURED["logs"].items() for trait, row in log["traits"]["300"].items()
    }
    assert rows.keys() == wanted.keys()
    for key, row in wanted.items():
        assert rows[key].coverage == pytest.approx(row["coverage"], abs=5e-4)
        assert rows[key].left == pytest.approx(row["left_in_unseen"], abs=5e-4)
    assert {(each.commit, each.date, each.unseen) for each in rows.values()} == {
        (MEASURED["commit"], MEASURED["date"], MEASURED["unseen"])
    }


def test_a_log_without_feeds_is_nearest_to_the_pumped_one():
    """And one with feeds to that of weighed feeds; traits are those of a cohort."""
    assert {each.log for each in nearest_coverage(fed=False)} == {"pumping"}
    assert {each.log for each in nearest_coverage(fed=True)} == {"weighed"}
    assert {each.trait for each in measured_coverage()} <= set(TRAITS)
