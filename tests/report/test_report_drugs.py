"""Drugs on pages and pictures: what is drawn, what is refused, and that nobody takes it for advice."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest

import lactflow
from lactflow.analysis.drawing.drug import NO_ADVICE, draw_drug, drugs_of
from lactflow.cli.compared_drugs import drug_lines, drugs_as_objects
from lactflow.errors import ConfigError
from lactflow.records import drugs as rows_of_drugs
from lactflow.report.blocks import Note, Picture, Table
from lactflow.report.numbers import NOTHING
from lactflow.report.page import write_report
from lactflow.report.run_drugs import MOST_DRUGS, compared_drugs, drugs

CONFIG = {
    "start_day": 30,
    "days": 2.5,
    "resolution": "coarse",
    "record": {"visits": False},
    "schedule": [{"kind": "clock", "times": ["02:00", "08:00", "14:00", "20:00"]}],
    "drugs": [
        {
            "drug": "paracetamol",
            "dose_mg": 1000,
            "times": ["08:00", "16:00"],
            "miss": [{"days": [31], "from": "15:00"}],
        },
        {"drug": "fluoxetine", "dose_mg": 20, "times": ["08:00"]},
    ],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two and a half days with two drugs, a metabolite and a missed dose."""
    return lactflow.run(CONFIG, out=tmp_path_factory.mktemp("drugs"), workers=1)


def labels(axes):
    """What is drawn, by its label in the legend."""
    return {line.get_label(): line for line in axes.get_lines() if not line.get_label().startswith("_")}


def test_levels_doses_and_the_infant_are_drawn(run):
    """Plasma as the table has it; full triangles where a dose was taken; the infant at the right, in micrograms."""
    axes = run.plot.drug("paracetamol", from_day=30)
    found = labels(axes)
    assert {"plasma", "milk left", "milk right", "dose", "missed dose"} <= set(found)
    table = run["drug_levels"].query("drug == 'paracetamol' and where == 'plasma' and time_min <= 44640")
    assert found["plasma"].get_ydata().tolist() == table["mg_per_l"].tolist()
    assert found["dose"].get_xdata().tolist() == [8.0, 16.0, 32.0]
    assert found["missed dose"].get_xdata().tolist() == [40.0]
    assert found["missed dose"].get_fillstyle() == "none"
    (right,) = [each for each in axes.get_figure().axes if each is not axes]
    infant = run["infant_levels"].query("drug == 'paracetamol' and time_min <= 44640")["mg_per_l"]
    assert right.get_ylabel() == "infant's plasma [\N{GREEK SMALL LETTER MU}g/L]"
    assert right.get_lines()[0].get_ydata().tolist() == pytest.approx((1000.0 * infant).tolist())
    assert NO_ADVICE in axes.get_title(loc="left")


def test_metabolites_are_drawn_without_doses(run):
    """They are taken by nobody."""
    assert drugs_of(run) == ["paracetamol", "fluoxetine", "norfluoxetine"]
    assert "dose" not in labels(run.plot.drug("norfluoxetine"))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"drug": "caffeine"}, "no drug 'caffeine' .there are paracetamol, fluoxetine, norfluoxetine"),
        ({"from_day": 40}, "day 40 is not in the run .its days: 30 to 32"),
    ],
)
def test_what_is_not_there_is_said(run, asked, message):
    """By the names and days that there are."""
    with pytest.raises(ConfigError, match=message):
        draw_drug(run, **asked)


def test_a_run_without_drugs_says_so(tmp_path):
    """And its page has no section."""
    plain = lactflow.run(
        {key: CONFIG[key] for key in CONFIG if key != "drugs"} | {"days": 0.2}, out=tmp_path, workers=1
    )
    assert drugs(plain) == []
    with pytest.raises(ConfigError, match="its config has no drugs"):
        draw_drug(plain)


def test_a_page_with_a_dose_says_that_it_is_no_advice(run):
    """In a note above, in every caption, and on the page as it is written."""
    note, table, meaning, *pictures = drugs(run)
    assert "relative infant dose" in meaning.text
    assert isinstance(note, Note)
    assert NO_ADVICE in table.title
    assert [row[0] for row in table.rows] == [*drugs_of(run), "fluoxetine with metabolites"]
    assert NO_ADVICE in note.text
    assert [each.title for each in pictures] == drugs_of(run)
    assert len(pictures) <= MOST_DRUGS
    for each in pictures:
        assert isinstance(each, Picture)
        assert NO_ADVICE in each.caption
    page = write_report(run.path).read_text(encoding="utf-8")
    assert page.count(NO_ADVICE) > len(pictures)
    assert "Other signals" not in page  # plasma is drawn with the drugs
    assert "relative infant dose as swallowed (paracetamol)" in page
    assert "rid_percent[fluoxetine]" in page


def test_a_drug_that_was_taken_early_is_drawn_when_it_was_there(run):
    """Not on the last days, of which there would be nothing; a dose of every day still has the last two."""
    levels = run["drug_levels"]
    early = levels.assign(mg_per_l=levels["mg_per_l"].where(levels["time_min"] < 30 * 1440, 0.0))
    once = _Instead(run, early)
    assert "days 30 and 31" in draw_drug(once, "paracetamol").get_title(loc="left")
    later = levels.assign(time_min=levels["time_min"] + 1440.0 * (levels["time_min"] >= 30 * 1440))
    often = _Instead(run, later)
    assert "days 31 and 32" in draw_drug(often, "paracetamol").get_title(loc="left")
    gone = _Instead(run, later.assign(mg_per_l=later["mg_per_l"].where(later["time_min"] < 30 * 1440, 0.0)))
    assert "days 30 and 31" in draw_drug(gone, "paracetamol").get_title(loc="left")


class _Instead:
    """A run with other levels."""

    def __init__(self, run, levels):
        self._run, self._levels, self.tables, self.config_text = run, levels, run.tables, run.config_text

    def __getitem__(self, name):
        return self._levels if name == "drug_levels" else self._run[name]


def test_marks_are_below_the_table(run, monkeypatch):
    """By the drug, as a convention; and nothing where there is none."""
    found = run.drugs().assign(mark=["above 5 %, a convention", "", "", ""])
    monkeypatch.setattr(type(run), "drugs", lambda _: found)
    assert drugs(run)[3] == Note("Relative infant doses with a mark: paracetamol: above 5 %, a convention.", "warning")
    monkeypatch.setattr(type(run), "drugs", lambda _: found.assign(mark=""))
    assert isinstance(drugs(run)[3], Picture)


def test_a_comparison_has_the_drugs_of_each_scenario(tmp_path):
    """Twice the dose is twice the level and the same relative dose; a scenario without drugs has no row."""
    half = {**CONFIG, "days": 0.6, "drugs": [{"drug": "caffeine", "dose_mg": 100, "times": ["08:00"]}]}
    files = {"half": half, "whole": {**half, "drugs": [{**half["drugs"][0], "dose_mg": 200}]}}
    files["none"] = {name: value for name, value in half.items() if name != "drugs"}
    runs = {name: lactflow.run(config, out=tmp_path, workers=1) for name, config in files.items()}
    table, meaning = compared_drugs(runs)[:2]
    assert [row[:2] for row in table.rows] == [["caffeine", "half"], ["caffeine", "whole"]]
    values = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [each["dose [mg/day]"] for each in values] == ["167", "333"]
    assert float(values[1]["plasma [mg/L]"]) == pytest.approx(2.0 * float(values[0]["plasma [mg/L]"]), rel=0.01)
    assert values[0]["RID [%]"] == values[1]["RID [%]"]
    assert NO_ADVICE in table.title
    assert "conventional" in meaning.text
    assert compared_drugs({"none": runs["none"]}) == []
    printed = [line.split() for line in drug_lines(SimpleNamespace(runs=runs), None)]
    assert [line[:2] for line in printed[-2:]] == [["caffeine", "half"], ["caffeine", "whole"]]
    assert printed[-1][2] == values[1]["RID [%]"]
    assert drug_lines(SimpleNamespace(runs={"none": runs["none"]}), None) == []
    half, whole = drugs_as_objects(SimpleNamespace(runs=runs))
    assert whole["dose_mg_per_day"] == pytest.approx(2.0 * half["dose_mg_per_day"])
    json.dumps([half, whole], allow_nan=False)


@pytest.mark.parametrize("name", ["DoseTaken", "DrugTaken", "DrugLevelSample", "InfantDose", "InfantLevel"])
def test_tables_with_a_dose_say_so_too(name):
    """In the sentence that the documentation of tables has."""
    assert re.search("no medical advice", getattr(rows_of_drugs, name).__doc__)


def test_a_drug_that_is_in_plasma_alone(tmp_path):
    """Its picture has one level and its doses, and its row in the table no numbers of milk."""
    cabergoline = {"days": 2, "drugs": [{"drug": "cabergoline", "dose_mg": 1, "from_day": 30}]}
    alone = lactflow.run({**CONFIG, **cabergoline}, out=tmp_path, workers=1)
    found = labels(alone.plot.drug("cabergoline"))
    assert {"plasma", "dose"} <= set(found)
    assert not {"milk left", "milk right"} & set(found)
    (table,) = [block for block in drugs(alone) if isinstance(block, Table)]
    (row,) = table.rows
    assert row[0] == "cabergoline"
    assert row[3:] == [NOTHING] * 6
