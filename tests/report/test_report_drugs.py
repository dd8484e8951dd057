"""Drugs on pages and pictures: what is drawn, what is refused, and that nobody takes it for advice."""

from __future__ import annotations

import re

import pytest

import lactflow
from lactflow.analysis.drawing.drug import NO_ADVICE, draw_drug, drugs_of
from lactflow.errors import ConfigError
from lactflow.records import drugs as rows_of_drugs
from lactflow.report.blocks import Note, Picture, Table
from lactflow.report.numbers import NOTHING
from lactflow.report.page import write_report
from lactflow.report.run_drugs import MOST_DRUGS, drugs

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
    """Plasma as the table has it; full triangles where a dose was taken; the infant at the right, in ug/L."""
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
    assert right.get_ylabel() == "infant's plasma [ug/L]"
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
    note, table, *pictures = drugs(run)
    assert isinstance(note, Note)
    assert NO_ADVICE in table.title
    assert [row[0] for row in table.rows] == drugs_of(run)
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


@pytest.mark.parametrize("name", ["DoseTaken", "DrugLevelSample", "InfantDose", "InfantLevel"])
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
    assert row[3:] == [NOTHING] * 7
