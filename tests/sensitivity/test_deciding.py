"""The table of the quantities that decide most: `benchmarks/deciding.py`."""

from __future__ import annotations

import json
import sys

import deciding
import pandas as pd
import pytest


def ranked(measure, effects):
    """A ranking with these mean effects by key."""
    keys = sorted(effects, key=lambda key: -abs(effects[key]))
    sizes = [abs(effects[key]) for key in keys]
    return pd.DataFrame(
        {
            "measure": measure,
            "rank": range(1, len(keys) + 1),
            "key": keys,
            "mu_star": sizes,
            "mu": [effects[key] for key in keys],
            "low": [0.5 * size for size in sizes],
            "high": [2.0 * size for size in sizes],
            "chance_share": [0.0 if size > 1.0 else 0.5 for size in sizes],
        }
    )


def test_a_quantity_counts_by_its_largest_share():
    """Of the largest effect on any of the measures."""
    ranking = pd.concat(
        [
            ranked("onset_h", {"a": 20.0, "b": -10.0, "c": 1.0}),
            ranked("infant_weight_kg@60", {"a": 0.1, "b": 0.2, "c": -2.0}),
        ]
    )
    table = deciding.deciding(ranking, top=2)
    assert table["key"].tolist() == ["a", "c"]
    assert table["share"].tolist() == [1.0, 1.0]
    lines = deciding.markdown(table, ["onset_h", "infant_weight_kg@60"]).splitlines()
    assert lines[0] == "|  | quantity | onset [h] | weight, day 60 [kg] |"
    assert lines[2] == "| 1 | `a` | +20 (10 to 40; 1.) | +0.1 (0.05 to 0.2; 3., 50 % chance) |"
    assert lines[3] == "| 2 | `c` | +1 (0.5 to 2; 3., 50 % chance) | -2 (1 to 4; 1.) |"


def test_shorter_runs_have_fewer_measures():
    """The onset always."""
    assert deciding.measures_until(60) == list(deciding.MEASURES)
    assert deciding.measures_until(7) == ["onset_h", "sodium_mmol_per_l@5"]


@pytest.mark.slow
def test_it_works_as_typed(tmp_path, monkeypatch, capsys):
    """Two quantities, two trajectories, eight days; the sweep can be ranked again."""
    typed = ["deciding.py", "--quantity", "gland.lumen.capacity_ml", "--quantity", "endocrine.prolactin.term_ng_per_ml"]
    more = ["--trajectories", "2", "--replicates", "1", "--days", "8", "--workers", "1"]
    monkeypatch.setattr(sys, "argv", [*typed, *more, "--dry-run"])
    deciding.main()
    assert json.loads(capsys.readouterr().out)["keys"] == 2
    monkeypatch.setattr(sys, "argv", [*typed, *more, "--out", str(tmp_path)])
    deciding.main()
    printed = capsys.readouterr().out
    assert "`endocrine.prolactin.term_ng_per_ml`" in printed
    (made,) = tmp_path.iterdir()
    monkeypatch.setattr(sys, "argv", ["deciding.py", "--resume", str(made)])
    deciding.main()
    assert capsys.readouterr().out == printed
