"""Substances that a run adds to milk, on its page: a chart each, of a litre of what was taken."""

from __future__ import annotations

import pytest

import lactflow
from lactflow.report.blocks import Note
from lactflow.report.numbers import TimeAxis
from lactflow.report.run_contents import _title, contents
from lactflow.report.run_page import run_page

CONFIG = {
    "start_day": 30,
    "days": 5,
    "resolution": "coarse",
    "record": {"visits": False},
    "mother": {"cohort": 2},
    "schedule": [{"kind": "every", "hours": 6}],
    "analytes": ["siga", "glucose"],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Five days of two women."""
    return lactflow.run(CONFIG, out=tmp_path_factory.mktemp("contents"), workers=1)


@pytest.fixture(scope="module")
def page(run):
    """Their page."""
    return run_page(run)


def test_days_are_of_the_milk_of_all_units(run):
    """By hand for the first day: grams of both women over litres of both."""
    siga, glucose, _ = contents(run, run.only(0, 0), TimeAxis(*next(iter(run.spans_min.values()))), [])
    assert (siga.title, siga.y_label) == ("Secretory IgA", "g/L")
    assert (glucose.title, glucose.y_label) == ("Glucose", "mmol/L")
    removals, added = run["removals"], run["removal_contents"].query("analyte == 'siga'")
    begin_min = removals["start_min"] // 1440.0 == 29.0
    sessions = removals[begin_min & (removals["removed_ml"] > 0.0)][["mother", "session", "breast"]]
    grams = added.merge(sessions, on=["mother", "session", "breast"])["amount"].sum()
    litres = removals.loc[begin_min, "removed_ml"].sum() / 1000.0
    (drawn,) = siga.series
    assert (drawn.label, drawn.joined) == ("Secretory IgA", False)
    assert len(drawn.values) == 5
    assert drawn.values[0] == pytest.approx(grams / litres, rel=1e-3)


def test_short_runs_show_removals_of_the_one_that_is_shown(run):
    """As many points as it took milk, with what the table has; each breast is a course of its own."""
    shown = run.only(1, 0)
    siga = contents(run, shown, TimeAxis(29 * 1440.0, 32 * 1440.0), [])[0]
    taken = shown["removals"].query("removed_ml > 0")
    assert len(siga.series[0].values) == len(taken)
    added = shown["removal_contents"].query("analyte == 'siga' and mean_per_l > 0")
    assert [(each.label, each.joined) for each in siga.series] == [("left", True), ("right", True)]
    for each in siga.series:
        means = added.loc[added["breast"] == each.label, "mean_per_l"]
        values = [value for value in each.values if value is not None]
        assert sorted(values) == pytest.approx(sorted(means), rel=1e-3)


def test_they_are_in_the_section_of_composition_and_drugs_are_not(run, page):
    """Drugs have a section; parts of protein have their rest."""
    (section,) = [each for each in page.sections if each.name == "composition"]
    titles = [each.title for each in section.blocks]
    assert titles == ["Fat", "Lactose", "Protein", "Sodium", "Secretory IgA", "Glucose", "Other protein"]
    axis = TimeAxis(*next(iter(run.spans_min.values())))
    assert [each.title for each in contents(run, run, axis, [], ["siga", "other_protein"])] == ["Glucose"]


@pytest.mark.parametrize(
    ("name", "title"), [("EGF", "EGF"), ("my_growth_factor", "my_growth_factor"), ("hmo", "Oligosaccharides")]
)
def test_what_others_declare_is_called_as_they_call_it(name, title):
    """No letter of it is changed; what comes with lactflow has a heading."""
    assert _title(name) == title
    assert _title("lysozyme") == "Lysozyme"


def test_nothing_is_left_out_silently(run, monkeypatch):
    """Of many substances the names of the others; of too many removals that there are."""
    axis = TimeAxis(*next(iter(run.spans_min.values())))
    monkeypatch.setattr("lactflow.report.run_contents._MOST_DRAWN", 1)
    assert contents(run, run, axis, [])[1:] == [
        Note("Not drawn, and in the table removal_contents: glucose, other_protein.")
    ]
    monkeypatch.setattr("lactflow.report.run_contents.MOST_POINTS", 2)
    assert contents(run, run, axis, [])[0] == Note("siga: there are too many removals to draw.")


def test_measures_without_any_value_have_no_row(page, tmp_path):
    """A plain run has nothing of secretory IgA, and none that begins after it has an onset."""
    plain = lactflow.run(
        {key: value for key, value in CONFIG.items() if key != "analytes"} | {"days": 0.5}, out=tmp_path, workers=1
    )

    def rows(each):
        (section,) = [found for found in each.sections if found.name == "measures"]
        return {row[-1] for row in section.blocks[-1].rows}

    assert rows(page) - rows(run_page(plain)) == {"siga_g_per_day"}
    assert "onset_h" not in rows(page)
