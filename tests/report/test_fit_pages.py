"""Pages and pictures of fits: of one log, of several, cut short, and with names that must stay text."""

from __future__ import annotations

import re

import numpy as np
import pytest
from altered import PAYLOAD
from click.testing import CliRunner
from crew_of_one import CrewOfOne
from fitted_folders import together, written
from page_reading import Page, assert_sound, sections

import lactflow
from lactflow.analysis.drawing.traits import draw_traits, trait_names
from lactflow.cli import main
from lactflow.config.cohort import TRAITS
from lactflow.errors import ArchiveError, ConfigError
from lactflow.experiments import comparing as comparing_module
from lactflow.experiments.fit_plots import with_spread
from lactflow.recording.folder import ResultFolder
from lactflow.recording.verify import verify
from lactflow.report.numbers import number
from lactflow.report.page import write_report
from lactflow.report.trait_words import MEANINGS, apart, for_her, what_it_is


def shown(folder, tmp_path):
    """The page of a folder, read."""
    return Page(write_report(folder, tmp_path / "page.html"))


def test_page_of_a_fit(tmp_path):
    """Traits, what is open, volumes, trust, forecast, questions and the config; the folder stays sound."""
    folder = written(tmp_path)
    file = write_report(folder)
    page = Page(file)
    assert_sound(page, file)
    assert sections(page) == [
        "What the log shows",
        "What it leaves open",
        "Amounts of milk, recorded and predicted",
        "How far to trust it",
        "Forecast",
        "Answers",
        "The config that simulates her",
        "Warnings",
        "Provenance",
        "How to cite",
    ]
    for text in (
        "Fitted mother: hers.csv",
        "2 of 5",
        "The log identifies gland size 41.0 mL-eq/h (36.0 to 47.0), storage capacity 420 mL (330 to 480).",
        "Held at the edge of what nearly all women have (a diamond): storage capacity.",
        "Not identifiable from this log: let-down interval, birth weight of infant 1, birth weight of infant 2.",
        "gives 2 mL more each time than was written down (mean difference +2.50 mL), and two times in three it is no",
        "It closely follows the ups and downs of the log (correlation 0.70).",
        "1 amount left out",
        "105 % more than usual: longer pauses cost her less milk, and one session can give much",
        "what the baby weighed at birth",
        "six pumpings a day",
        "The last 1 day of the log: 4 amounts of milk",
        "Nearest on average: constant rate times interval, 3.00 mL off.",
        "--vary",
        "name: mother",
    ):
        assert text in page.text
    pictures = {each["aria-label"] for each in page.all("div") if each.get("role") == "img"}
    assert {
        "Her traits among those of other women",
        "How much the log leaves open",
        "Forecast and recorded",
    } <= pictures
    assert verify(folder) == ("complete", [])


def test_a_fit_whose_mother_does_not_give_her_volumes_says_so_first(tmp_path):
    """Nor is one that is unlike all virtual mothers, or whose volumes scatter, shown without a word."""
    page = shown(written(tmp_path, misses=True, distance=1.0, scatter=2.5), tmp_path)
    for text in ("Do not use the intervals", "further from the usual than those of 100 %", "scatter 2.5 times"):
        assert text in page.text
        assert page.text.index(text) < page.text.index("Her traits among those of other women")


def test_every_trait_has_plain_words():
    """What it is, and what more and less of it mean; none says the same twice."""
    assert set(MEANINGS) == set(TRAITS)
    for meaning in MEANINGS.values():
        assert len(set(meaning)) == 3
    assert for_her("storage_capacity", 1.05) == "about as in the usual woman"
    assert for_her("storage_capacity", 0.67).startswith("33 % less than usual: her breasts fill sooner")
    assert for_her("of_a_later_version", 1.5) == "50 % more than usual"
    assert what_it_is("of_a_later_version") == ""


@pytest.mark.parametrize(
    ("bias_ml", "correlation", "said"),
    [
        (-10.4, 0.1, "gives 10 mL less each time"),
        (0.3, 0.5, "gives as much as was written down"),
        (7.0, None, "gives 7 mL more each time"),
    ],
)
def test_how_near_the_model_comes_is_said_in_words(bias_ml, correlation, said):
    """The numbers of a paper stand behind them."""
    text = apart(bias_ml, 18.0, correlation, "the model")
    assert said in text
    assert "SD 18.0 mL" in text
    follows = {0.1: "It hardly follows", 0.5: "It partly follows"}.get(correlation)
    assert ("ups and downs" not in text) if follows is None else (follows in text)


def test_mothers_read_no_jargon(tmp_path):
    """Words that mothers did not understand."""
    text = shown(written(tmp_path), tmp_path).text
    for words in ("a volume", "on the spread of women", "less log", "Spread that the log leaves"):
        assert words not in text


def test_a_fit_that_was_stopped_has_a_page(tmp_path):
    """With nothing but how it ended."""
    folder = ResultFolder.create(tmp_path, "fit", "fit", {"command": ["lactflow", "fit"]})
    folder.finish("interrupted", error="stopped by signal 2")
    page = shown(folder.path, tmp_path)
    assert "It was interrupted" in page.text
    assert "It has no traits: there is nothing to show." in page.text
    assert sections(page) == ["Provenance", "How to cite"]


def test_a_damaged_table_costs_its_own_section(tmp_path):
    """And says which."""
    folder = written(tmp_path)
    (folder / "volumes.parquet").write_bytes(b"nothing")
    page = shown(folder, tmp_path)
    assert "This cannot be shown: " in page.text
    assert "volumes.parquet" in page.text
    assert "Her traits among those of other women" in page.text


def test_page_of_a_fit_of_several_logs(tmp_path):
    """Traits side by side, each log in a sentence, a link to the page that is there, and what failed."""
    folder = together(tmp_path)
    parts = lactflow.open_fit(folder).logs
    write_report(folder / parts[1])
    file = write_report(folder)
    page = Page(file)
    assert_sound(page, file)
    assert sections(page)[:3] == ["What the logs show", "What they leave open", "Each log"]
    assert [each["href"] for each in page.all("a") if not each["href"].startswith("#")] == [f"{parts[1]}/report.html"]
    for text in (
        "Not fitted: c.csv: has no volumes",
        "2 of 3",
        "a.csv: 2 of 5 traits identified, 14 amounts of milk",
        "b.csv identifies",
    ):
        assert text in page.text


def test_a_fit_of_several_logs_is_cited_whole(tmp_path):
    """The papers behind the runs of all its mothers, on its page and by the command."""
    folder = together(tmp_path)
    settings = ["gland.lobes_per_breast=1", "resolution.packet_ml=1", "record.visits=false"]
    part = lactflow.open_fit(folder).logs[1]
    lactflow.run("every-three-hours", settings=settings, days=0.1, out=folder / part / "runs", workers=1)
    printed = CliRunner().invoke(main, ["cite", str(folder)])
    assert printed.exit_code == 0, printed.output
    assert "Kent2006" in printed.output
    assert re.search(r"\d+ papers behind the numbers", shown(folder, tmp_path).text)
    assert verify(folder).problems == []
    journal = next((folder / part / "runs").glob("*/journal/*.jsonl"))
    journal.write_text("", encoding="utf-8")
    assert verify(folder).problems


def test_a_damaged_log_of_several_is_found(tmp_path):
    """In the folder of all of them."""
    folder = together(tmp_path)
    assert verify(folder).problems == []
    part = lactflow.open_fit(folder).logs[0]
    (folder / part / "mother.yaml").write_text("format: 1\n", encoding="utf-8")
    assert [each.partition(":")[0] for each in verify(folder).problems] == [part]


@pytest.mark.parametrize("make", [written, together])
def test_texts_of_a_fit_come_out_as_text(make, tmp_path):
    """Whatever logs, units, keys and commands hold; formulas of matplotlib too."""
    page = shown(make(tmp_path, twist=lambda text: f"_{text}$\\frac{PAYLOAD}$"), tmp_path)
    assert not page.all("img")
    assert not [each for each in page.all("svg") if "onload" in each]
    assert [each.get("type") for each in page.all("script")] == ["application/json", None, None]
    assert page.text.count("onerror=window.ran=1") >= 5


def test_axes_of_a_fit(tmp_path):
    """Each row a trait; filled where it is identified; the bands are the spread of women that her config has."""
    found = lactflow.open_fit(written(tmp_path, config="mother: {variation: {gland_size: 0.1}}\n"))
    axes = found.plot()
    assert [each.get_text() for each in axes.get_yticklabels()] == [
        "gland size",
        "storage capacity",
        "let-down interval",
        "birth weight of infant 1",
        "birth weight of infant 2",
    ]
    assert axes.patches[0].get_x() == pytest.approx(np.exp(-0.196))
    assert axes.get_legend_handles_labels()[1] == ["she, identified by the log", "not identifiable", "95 % of women"]
    assert found.plot.left().patches[0].get_width() == pytest.approx(40.0)
    assert "700 mL, left out" in [each.get_text() for each in found.plot.volumes().texts]
    assert found.plot.predicted().get_xlim()[1] < 200.0
    assert found.plot.forecast(breast="left").get_ylabel() == "left breast [mL]"
    with pytest.raises(ConfigError, match=r"no volumes of breast 'both' \(those of the log: left, right\)"):
        found.plot.volumes(breast="both")


def test_several_logs_share_a_row(tmp_path):
    """A marker each, side by side; names of logs are shown as they are."""
    found = lactflow.open_fit(together(tmp_path, twist=lambda text: f"_{text}"))
    labels = draw_traits(with_spread(found)).get_legend_handles_labels()[1]
    assert labels[:2] == [" _a.csv", " _b.csv"]
    assert len(trait_names(found.traits.drop_duplicates("key"))) == 5
    with pytest.raises(ArchiveError, match="has no forecast"):
        found.plot.forecast()


def test_what_was_asked_of_her_is_answered_on_her_page(tmp_path, monkeypatch):
    """Comparisons below the fit, in a sentence each with its interval; one that is damaged says so."""
    folder = written(tmp_path)
    assert "Nothing was asked yet." in shown(folder, tmp_path).text
    settings = ["gland.lobes_per_breast=1", "resolution.packet_ml=1", "record.visits=false"]
    vary = "schedule=[{kind: every, hours: 3}],[{kind: every, hours: 8}]"
    monkeypatch.setattr(comparing_module, "Crew", CrewOfOne)
    made = lactflow.compare(
        ["every-three-hours"], settings=settings, days=1.0, replicates=2, vary=vary, out=folder / "answers"
    )
    page = shown(folder, tmp_path)
    row = made.differences.set_index("measure").loc["removed_ml_per_day"]
    assert f"{number(abs(row['difference']))} mL/day less milk removed than with schedule" in page.text
    assert "hours: 8" in page.text
    assert "Differences of compare-" in page.text
    assert verify(folder) == ("complete", [])
    (made.path / "differences.parquet").write_bytes(b"nothing")
    assert "cannot be shown: " in shown(folder, tmp_path).text
