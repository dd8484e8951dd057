"""Parts of protein that come to more than all of it are said, once a run and by days."""

from __future__ import annotations

import pytest

import lactflow
from lactflow.analysis.proteins import excess_in_words, other_protein_by_day
from lactflow.errors import ScenarioWarning

TEXT = """
format: 1
start_day: 31
days: 2
resolution: {packet_ml: 1.0}
gland: {lobes_per_breast: 1}
record: {visits: false}
schedule: [{kind: pump, times: ["02:00", "08:00", "14:00", "20:00"], minutes: 10}]
infants: []
"""


def played(tmp_path, settings):
    """A run of two days."""
    path = tmp_path / "day.yaml"
    path.write_text(TEXT)
    return lactflow.run(path, workers=1, out=tmp_path, settings=settings)


def test_a_day_is_what_was_removed_on_it(tmp_path):
    """The total less its part; nothing is said while there is enough of it."""
    run = played(tmp_path, ["analytes=[siga]"])
    removals, contents = run["removals"], run["removal_contents"]
    total = (removals["protein_g_per_l"] * removals["removed_ml"]).sum() / 1000.0
    part = contents.loc[contents["analyte"] == "siga", "amount"].sum()
    days = other_protein_by_day(run)
    assert days["day"].tolist() == [31, 32]
    assert abs(days["other_protein_g"].sum() - (total - part)) < 1e-9
    assert excess_in_words(run) == []
    assert run.manifest["warnings"] == []


def test_too_much_of_a_part_is_said(tmp_path):
    """10 g a day of each breast are more than all protein of its milk."""
    with (
        pytest.warns(ScenarioWarning, match="come to more than all protein"),
        pytest.warns(ScenarioWarning, match="outside its plausible range"),
    ):
        run = played(tmp_path, ["analytes={siga: {per_day: 10}}"])
    (line,) = excess_in_words(run)
    assert line.startswith("the declared parts of protein come to more than all protein in the milk removed on 2 days")
    assert line in run.manifest["warnings"]


def test_a_run_without_parts_says_nothing(tmp_path):
    """Sugars are parts of nothing, and most runs have no such table."""
    for settings in ([], ["analytes=[hmo]"]):
        run = played(tmp_path, settings)
        assert other_protein_by_day(run).empty
        assert excess_in_words(run) == []
