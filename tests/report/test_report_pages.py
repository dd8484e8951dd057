"""Pages of runs, comparisons and validations: what stands in them, and what can never get into them."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from altered import PAYLOAD
from page_reading import Page, assert_sound, sections
from sealing import reseal

import lactflow
from lactflow.analysis import in_words
from lactflow.analysis.daily import MEASURES
from lactflow.analysis.drug_names import DRUG_MEASURES
from lactflow.errors import ArchiveError
from lactflow.recording.reader import StoredRun
from lactflow.recording.verify import verify
from lactflow.report.page import write_report
from lactflow.report.thinning import MOST_POINTS, means, thinned


@pytest.fixture
def page(tmp_path):
    """The page of a folder, read; outside of the folder."""
    return lambda folder: Page(write_report(folder, tmp_path / "page.html"))


def test_page_of_a_run(finished_run):
    """In its folder, and the folder is sound afterwards."""
    file = write_report(finished_run)
    assert file == finished_run / "report.html"
    page = Page(file)
    assert_sound(page, file)
    assert sections(page) == [
        "A day",
        "Milk a day",
        "Fullness",
        "Schedule",
        "Queues and blocking",
        "Hormones and let-downs",
        "Composition",
        "Infants",
        "Measures",
        "Interventions",
        "Balance",
        "Provenance",
        "How to cite",
    ]
    charts = json.loads(re.search(r'id="charts">(.*?)</script>', file.read_text(encoding="utf-8"))[1])
    moved = [each["data-slideshow"] for each in page.all("figure") if "data-slideshow" in each]
    assert moved == ["pipeline"]
    assert {each["data-chart"] for each in page.all("div") if "data-chart" in each} == set(charts) - set(moved)
    lines = [chart for name, chart in charts.items() if name not in moved]
    assert all(len(series["values"]) == len(chart["x"]) for chart in lines for series in chart["series"])
    assert {mark["text"] for chart in lines for mark in chart["marks"]} == {"seal, start", "seal, end"}
    pictures = [each.get("aria-label") for each in page.all("div") if each.get("role") == "img" and "class" in each]
    assert {"Day 31", "A typical session by the minute", "Sessions by time of day", "Growth"} <= set(pictures)
    for text in ("Blocked time of each station", "seal", "left fusion", "removed_ml_per_day", "packet_ml: 0.14"):
        assert text in page.text
    assert verify(finished_run) == ("complete", [])


def test_page_is_the_same_again_and_visits_are_never_read_whole(finished_run, tmp_path, monkeypatch):
    """The same run, the same bytes; visits are by far the longest table."""
    first = write_report(finished_run, tmp_path / "a.html").read_bytes()
    read = StoredRun.read

    def checked(run, table, names=None):
        assert table != "visits"
        return read(run, table, names)

    monkeypatch.setattr(StoredRun, "read", checked)
    again = write_report(finished_run, tmp_path / "b.html").read_bytes()
    assert first == again
    assert b"Blocked time of each station" in again


def test_page_of_a_killed_run(copied, finished_run, page):
    """It says so, and shows what there is."""
    killed = copied(finished_run)
    reseal(killed, status="running")
    shown = page(killed)
    assert "crashed" in shown.text
    assert "It was killed while it was simulated" in shown.text
    assert "Blocked time of each station" in shown.text


def test_page_of_a_run_killed_at_once(copied, finished_run, page):
    """There is nothing to draw, and where it comes from is shown."""
    killed = copied(finished_run)
    reseal(killed, status="running")
    (killed / "journal" / "0-0.jsonl").unlink()
    shown = page(killed)
    assert "Nothing was recorded" in shown.text
    assert sections(shown) == ["Provenance", "How to cite"]


def test_a_missing_table_costs_its_own_section(copied, finished_run, page):
    """And says which file is missing."""
    broken = copied(finished_run)
    for part in (broken / "hormones").iterdir():
        part.unlink()
    shown = page(broken)
    assert re.search(r"This cannot be shown: .*hormones/part-0000-0000-000001.parquet is missing", shown.text)
    assert shown.text.count("This cannot be shown") == 1


def test_page_of_a_comparison(finished_comparison):
    """Differences, pairs, days, schedules, and the way to the runs, one of which has a page of its own."""
    runs = sorted((finished_comparison / "runs").iterdir())
    write_report(runs[0])
    file = write_report(finished_comparison)
    page = Page(file)
    assert_sound(page, file)
    assert sections(page) == [
        "Differences",
        "Milk a day",
        "Schedules",
        "Pairs",
        "Runs",
        "Provenance",
        "How to cite",
    ]
    links = {each["href"] for each in page.all("a") if not each["href"].startswith("#")}
    assert links == {f"runs/{runs[0].name}/report.html"}
    assert runs[1].name in page.text
    assert "Blocking is read from visits" in Page(runs[0] / "report.html").text
    for text in ("every-two-hours: 12 feeds, ", "every-four-hours: 6 feeds, ", "SD ratio", "95 % interval"):
        assert text in page.text
    (sentence,) = lactflow.open_comparison(finished_comparison).in_words().values()
    assert f"every-four-hours: {sentence}" in page.text
    drawn = [each["data-choice"] for each in page.all("figure") if "data-choice" in each]
    assert drawn == ["pairs"] * 8
    assert "every-four-hours less every-two-hours; * the interval leaves out 0" in page.text


def test_page_of_a_comparison_that_was_cut_short(copied, finished_comparison, page):
    """Its runs are there, its differences are not."""
    cut = copied(finished_comparison)
    reseal(cut, status="interrupted", error="stopped by signal 2")
    (cut / "differences.parquet").unlink()
    shown = page(cut)
    assert "It was interrupted" in shown.text
    assert shown.text.count("has no differences.parquet") == 2
    assert "every-four-hours: 6 feeds" in shown.text


def test_page_of_a_comparison_that_began_nothing(copied, finished_comparison, page):
    """It died before a run was made."""
    cut = copied(finished_comparison)
    reseal(cut, status="running", scenarios={})
    assert "there is nothing to show" in page(cut).text


@pytest.mark.parametrize("kind", ["run", "comparison", "fit", "validation", "sweep", "calibration"])
def test_texts_come_out_as_text(kind, hostile, page):
    """No element but those of the template, whatever names, errors, warnings, commands and configs hold."""
    shown = page(hostile[kind])
    assert not shown.all("img")
    assert not [each for each in shown.all("svg") if "onload" in each or not each]
    assert [each.get("type") for each in shown.all("script")] == ["application/json", None, None]
    assert shown.text.count(PAYLOAD[:40]) >= 5
    assert "{{7*7}}" in shown.text


def test_links_stay_relative(copied, finished_comparison, page):
    """A place that a manifest names is no scheme."""
    odd = copied(finished_comparison)
    places = json.loads((odd / "manifest.json").read_text(encoding="utf-8"))["scenarios"]
    first = next(iter(places))
    (odd / places[first]).rename(odd / "javascript:alert(1)")
    (odd / "javascript:alert(1)" / "report.html").write_text("<p>a page</p>", encoding="utf-8")
    reseal(odd, scenarios={**places, first: "javascript:alert(1)"})
    links = [each["href"] for each in page(odd).all("a") if "javascript" in each["href"]]
    assert len(links) == 1
    assert not links[0].startswith("javascript")


def test_names_that_are_no_text(copied, finished_run, page):
    """Half a surrogate pair in a manifest does not keep the page from being written."""
    odd = copied(finished_run)
    reseal(odd, command=["lactflow", "\ud800"])
    assert "lactflow" in page(odd).text


def test_unknown_files_are_reported(tmp_path, write_validation):
    """A folder of something else, and of nothing, in one line."""
    with pytest.raises(ArchiveError, match="is not a run directory: it has no manifest"):
        write_report(tmp_path)
    with pytest.raises(ArchiveError, match="is missing"):
        write_report(tmp_path / "nowhere")
    folder = write_validation()
    reseal(folder, kind="harvest")
    with pytest.raises(ArchiveError, match="is a harvest; a report is made of a run, a comparison, a fit, a"):
        write_report(folder)


def test_every_measure_has_a_name():
    """In words, with its unit."""
    assert tuple(in_words.MEASURES) == (*MEASURES, *DRUG_MEASURES)


def test_long_series_become_short():
    """The mean of each day, with its lowest and highest sample; over years, of equal stretches."""
    from lactflow.report.numbers import TimeAxis

    time_min = np.arange(0.0, 700_000.0, 10.0)
    samples = pd.DataFrame({"time_min": time_min, "level": np.sin(time_min / 3000.0) + 2.0})
    found = thinned(samples, ["level"], TimeAxis(0.0, 700_000.0))
    assert len(found.time_min) == 487
    days = samples["level"].groupby(samples["time_min"] // 1440.0)
    np.testing.assert_allclose(found.columns["level"], days.mean())
    low, high = found.bands["level"]
    np.testing.assert_array_equal(low, days.min())
    np.testing.assert_array_equal(high, days.max())
    assert found.caption == "Lines are means over 24 h, bands from the lowest to the highest sample in it."
    assert found.named("level", "other").columns["other"] is found.columns["level"]
    longer = thinned(samples, ["level"], TimeAxis(0.0, 2_000_000.0))
    assert len(longer.time_min) == MOST_POINTS


def test_a_sample_holds_until_the_next():
    """A stretch without one has what was sampled last; before the first there is nothing."""
    found = means(np.array([1.0, 1.5, 4.0]), np.array([2.0, 4.0, np.nan]), np.arange(5.0))
    np.testing.assert_array_equal(found, [np.nan, 3.0, 3.0, 3.0])
