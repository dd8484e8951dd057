"""Pages of sweeps and rankings: what stands in them, and that figures show the numbers that they are made of."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from altered import PAYLOAD
from matplotlib.figure import Figure
from page_reading import Page, assert_sound, sections
from small_sweeps import CAPACITY

import lactflow
from lactflow.analysis.drawing.key_axis import KeyAxis, short
from lactflow.analysis.drawing.swept import by_importance
from lactflow.analysis.in_words import measure
from lactflow.errors import ConfigError
from lactflow.report.page import write_report
from lactflow.report.ranking import bars
from lactflow.report.swept import against_keys, over_keys, spread


@pytest.fixture
def page(tmp_path):
    """The page of a folder, read; outside of the folder."""
    return lambda folder: Page(write_report(folder, tmp_path / "page.html"))


def test_page_of_a_grid(finished_sweep):
    """Points, a figure for each measure that differs with a line for each side, chance, provenance."""
    file = write_report(finished_sweep)
    assert file == finished_sweep / "report.html"
    page = Page(file)
    assert_sound(page, file)
    assert sections(page) == ["Points", "Measures", "Chance", "Provenance", "How to cite"]
    for text in ("6 points, 12 runs", CAPACITY, "120, 180, 240", "left, both", "measures, fullness@30", "side = left"):
        assert text in page.text
    figures = [each for each in page.all("figure") if each.get("data-choice") == "measures"]
    results = lactflow.open_sweep(finished_sweep).results
    assert len(figures) == len(re.findall("5th to 95th percentile", page.text)) == 10
    assert "10 of 23 measures are drawn; the table has all of them." in page.text
    assert "fullness, day 30" in page.text
    first = next(each for each in page.headings if each[0] == 3)[1]
    assert first == "fullness, day 30"
    assert len(results) == 12


def test_page_of_a_ranking(screened):
    """Bars of each measure that was ranked, strips of the quantities in their order, what was left out."""
    file = write_report(screened)
    page = Page(file)
    assert_sound(page, file)
    assert sections(page)[:4] == ["Points", "Measures", "Ranking", "Chance"]
    choices = [each["data-choice"] for each in page.all("figure") if "data-choice" in each]
    assert choices.count("ranking") == 2
    assert "milk removed, day 30: ranking" in page.text
    assert "The thin bar inside is the share of chance." in page.text


def test_page_of_a_sweep_that_is_not_done(copied, finished_sweep, page):
    """Units that are missing are counted; with none there is nothing to show."""
    cut = copied(finished_sweep)
    for ledger in (cut / "ledger").iterdir():
        ledger.unlink()
    shown = page(cut)
    assert "12 of 12 runs are not in these figures: 12 are to be done." in shown.text
    assert "No run is complete: there is nothing to show." in shown.text
    assert sections(shown) == ["Points", "Measures", "Provenance", "How to cite"]


def test_failures_have_their_reasons(hostile, page):
    """How many units failed for each reason, and the first of them; as text, whatever they hold."""
    shown = page(hostile["sweep"])
    assert "Failures" in sections(shown)
    assert "1 of 12 runs are not in these figures: 1 failed, and 0 are to be done." in shown.text
    assert PAYLOAD in shown.text
    assert "unit 0, " in shown.text


def test_captions_have_the_numbers():
    """The lowest and the highest mean with their points; in tables mean, percentiles and number of units."""
    rows = pd.DataFrame({"a.b": [1.0, 1.0, 3.0, 3.0], "stored_ml": [10.0, 20.0, 40.0, 40.0]})
    block = over_keys("stored_ml", rows, KeyAxis("a.b", rows["a.b"], "mL"))
    assert block.table.rows == [["1", "15.00", "10.50", "19.50", "2"], ["3", "40.00", "40.00", "40.00", "2"]]
    assert block.caption.endswith("The lowest mean is 15.00 (a.b = 1), the highest 40.00 (a.b = 3).")
    assert "a.b [mL]" in block.wide


def test_more_lines_than_colours_are_counted():
    """Ten values of the second key: six are drawn, the ends among them."""
    rows = pd.DataFrame([(a, b, a + b) for a in range(11) for b in range(10)], columns=["a", "b", "stored_ml"])
    block = over_keys("stored_ml", rows, KeyAxis("a", rows["a"]), KeyAxis("b", rows["b"]))
    assert re.findall(r"b = \d", block.wide) == ["b = 0", "b = 2", "b = 4", "b = 5", "b = 7", "b = 9"]
    assert "6 of its 10 lines are drawn" in block.caption


def test_the_key_that_goes_with_a_measure_comes_first():
    """By the size of the rank correlation, whatever its sign; words are last."""
    random = np.random.default_rng(1)
    rows = pd.DataFrame({"a": random.uniform(size=80), "b": random.uniform(size=80), "w": ["x", "y"] * 40})
    rows["stored_ml"] = rows["a"] - 20.0 * rows["b"]
    axes = {key: KeyAxis(key, rows[key]) for key in ("a", "b", "w")}
    order = by_importance(rows, axes, ["stored_ml"])["stored_ml"]
    assert order == ["b", "a", "w"]
    block = against_keys("stored_ml", rows, [axes[key] for key in order], 2)
    means = [float(row[2]) for row in block.table.rows if row[0] == "b"]
    assert means == sorted(means, reverse=True)
    assert len(means) == 8
    assert block.caption.startswith("Each dot is one of 80 runs; the line")
    assert "2 more keys are less important" in block.caption


def test_measures_without_keys_are_dots():
    """A cohort at one point."""
    block = spread("stored_ml", pd.DataFrame({"stored_ml": [1.0, 2.0, 4.0]}))
    assert "A dot for each of 3 runs. Half of them are above 2.000 mL" in block.caption
    assert [row[1] for row in block.table.rows] == ["1.000", "2.000", "4.000"]


def test_a_ranking_has_its_first_quantity_in_words():
    """With its interval; how many others there are; nothing where nothing was ranked."""
    ranking = pd.DataFrame(
        {
            "measure": "stored_ml",
            "rank": [1.0, 2.0],
            "key": ["gland.lumen.capacity_ml", "b"],
            "mu_star": [10.0, 5.0],
            "low": [8.0, 1.0],
            "high": [12.0, 9.0],
            "mu": [10.0, -5.0],
            "sigma": [0.0, 0.0],
            "chance_share": [0.0, 0.5],
            "rank_low": [1.0, 1.0],
            "rank_high": [1.0, 2.0],
            "effects": [4, 3],
            "dropped": [0, 1],
        }
    )
    block = bars("stored_ml", ranking, "Size.")
    assert block is not None
    assert block.caption.endswith("First: gland.lumen.capacity_ml, 10.0 (8.00 to 12.0).")
    assert block.table.rows[1][:4] == ["b", "2.00", "1.0 to 2.0", "5.00"]
    assert block.table.rows[1][-1] == "1"
    assert bars("stored_ml", ranking.assign(mu_star=np.nan), "Size.") is None


def test_sweeps_draw_themselves(finished_sweep, screened):
    """Lines over two keys, strips over three; what is not there is one line."""
    sweep = lactflow.open_sweep(finished_sweep)
    axes = sweep.plot("fullness@30", Figure().add_subplot())
    assert axes.get_xlabel() == f"{CAPACITY} [mL]"
    assert len(axes.get_lines()) == 2
    assert len(lactflow.open_sweep(screened).plot("stored_ml", Figure().add_subplot()).texts) == 3
    with pytest.raises(ConfigError, match=r"no measure 'fulness' in the sweep \(nearest: fullness\)"):
        sweep.plot("fulness")
    with pytest.raises(ConfigError, match="no unit has the measure 'onset_h'"):
        sweep.plot("onset_h")


def test_names_of_measures_and_keys():
    """Days in words; of a long key the end."""
    assert measure("sodium_mmol_per_l@5") == ("sodium, day 5", "mmol/L")
    assert measure("removed_ml_per_day@20:30") == ("milk removed, days 20 to 30", "mL/day")
    assert short("gland.protein_line.vesicle_pool_ml") == "protein_line.vesicle_pool_ml"
    assert short("gland.lumen.capacity_ml") == "gland.lumen.capacity_ml"


def test_rankings_that_are_not_drawn_are_tables(screened, page, monkeypatch):
    """So that a page is made in seconds whatever was ranked."""
    monkeypatch.setattr("lactflow.report.sweep_page._MOST_PICTURES", 1)
    shown = page(screened)
    choices = [each["data-choice"] for each in shown.all("figure") if "data-choice" in each]
    assert choices == ["measures", "ranking"]
    assert "the table has all of them." in shown.text
    assert shown.text.count(": ranking") >= 2
