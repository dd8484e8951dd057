"""Pages of validations: how much was judged, how wide bands are, and claims with their mechanism and without."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isinf

import pandas as pd
import pytest
from judged_results import NOTHING, RESULTS
from page_reading import Page, assert_sound, sections
from sealing import reseal

from lactflow.analysis.drawing.judged import Banded, decisive, draw_bands, draw_claims, margin
from lactflow.recording.verify import verify
from lactflow.report.page import write_report

PASSED = [each for each in RESULTS if each.verdict == "met"]


@pytest.fixture
def page(tmp_path):
    """The page of a folder, read; outside of the folder."""
    return lambda folder: Page(write_report(folder, tmp_path / "page.html"))


def test_page_of_a_validation(write_validation):
    """How much was judged, claims, bands, verdicts and gaps."""
    folder = write_validation()
    file = write_report(folder)
    page = Page(file)
    assert_sound(page, file)
    assert sections(page) == [
        "Overview",
        "Claims, with the mechanism and without",
        "Values in their bands",
        "Results",
        "Known gaps",
        "Provenance",
        "How to cite",
    ]
    assert page.headings[0] == (1, "4 of 161 items judged")
    verdicts = [each["data-verdict"] for each in page.all("tr") if "data-verdict" in each]
    assert sorted(verdicts) == ["met", "met", "met", "not judged", "not met"]
    assert [each["value"] for each in page.all("input")] == ["", "met", "not met", "not judged"]
    for text in (
        "157 items were not judged here",
        "n = 71, ± 17 %",
        "n not given, ± 59 %",
        "Targets that test the gland",
        "Spreads between women",
        "prolactin is permissive",
    ):
        assert text in page.text
    assert verify(folder) == ("complete", [])


def test_a_part_of_a_validation_never_says_that_nothing_is_missed(write_validation, page):
    """Of the others nobody knows."""
    text = page(write_validation(PASSED)).text
    assert "Of the 3 items that were judged none is missed; the others were not judged here." in text
    assert "none is missed." not in text.replace("none is missed; ", "")


def test_all_of_it_may_say_so(write_validation, page):
    """Where as many were judged as there are."""
    shown = page(write_validation(PASSED, items={"items": 3}))
    assert shown.headings[0] == (1, "All 3 items judged")
    assert "All 3 items were judged, and none is missed." in shown.text
    assert "not judged here" not in shown.text


def test_a_folder_of_an_older_version_does_not_know_how_many_there_are(write_validation, page):
    """Nor has it numbers of claims, or sizes of samples."""
    folder = write_validation(items={})
    frame = pd.read_parquet(folder / "results.parquet").drop(columns=["n", "statistic", "tests"])
    frame.to_parquet(folder / "results.parquet")
    (folder / "observed.parquet").unlink()
    reseal(folder, files={})
    shown = page(folder)
    assert shown.headings[0] == (1, "4 items judged")
    assert "does not say how many items there are" in shown.text
    assert "Targets of which it is not known what they test" in shown.text


def test_a_validation_of_what_has_no_numbers_has_no_pictures_of_bands(write_validation, page):
    """Nor does it fail."""
    shown = page(write_validation([replace(RESULTS[0], verdict="not judged", **{**NOTHING, "observed": ()})]))
    assert "Nothing was judged." in shown.text
    assert "Values in their bands" not in sections(shown)


@pytest.mark.parametrize(
    ("value", "low", "high", "times"),
    [
        (59.0, 48.0, 72.0, 72.0 / 59.0),
        (40.0, 350.0, None, 40.0 / 350.0),
        (30.0, None, 60.0, 2.0),
        (0.0, None, 60.0, inf),
        (None, 48.0, 72.0, 0.0),
        (inf, None, 72.0, 0.0),
        (inf, 2.5, None, inf),
    ],
)
def test_margins(value, low, high, times):
    """How many times better a number is than it must be; below 1 it is not met."""
    assert margin(value, low, high) == (times if isinf(times) else pytest.approx(times))


def observed():
    """As a validation keeps it."""
    return pd.DataFrame(
        [
            ("C05", None, "onset [h]", 59.0, 48.0, 72.0),
            ("C05", None, "day 5 [mL]", 500.0, 350.0, None),
            ("C05", "placenta", "onset [h]", 80.0, 48.0, 72.0),
            ("C05", "placenta", "day 5 [mL]", 40.0, 350.0, None),
            ("C06", None, "milk [mL]", 20.0, None, 60.0),
            ("C06", "receptor", "", None, None, None),
            ("C09", None, "membrane [m2]", 12.0, 10.0, None),
        ],
        columns=["id", "without", "what", "value", "low", "high"],
    )


def test_the_number_that_fails_most_is_shown():
    """Of a claim without an adversary the one that is nearest to failing; one with nothing to judge has no number."""
    found = decisive(observed())
    assert [(each.name, each.what, each.without, each.adverse) for each in found] == [
        ("C05", "day 5 [mL]", "placenta", 40.0),
        ("C06", "milk [mL]", "receptor", None),
        ("C09", "membrane [m2]", None, None),
    ]
    missed = observed().replace({"value": {500.0: 300.0}})
    assert [(each.what, each.without) for each in decisive(missed)][:2] == [
        ("day 5 [mL]", None),
        ("day 5 [mL]", "placenta"),
    ]
    never = observed().replace({"value": {80.0: inf, 40.0: 350.0}})
    assert "59 → never\nrequired: 48 to 72" in [each.get_text() for each in draw_claims(decisive(never)).texts]
    axes = draw_claims(found)
    assert "500 → 40\nrequired: at least 350" in [each.get_text() for each in axes.texts]
    assert axes.get_yticklabels()[2].get_text() == "C09 membrane [m2]\nwith everything there"


def test_bands_are_as_wide_as_they_are():
    """One of 98 to 775 g from nine women does not look like one of 7 %."""
    wide = Banded("T01-002", "milk intake", 433.0, 98.3, 775.0, 9)
    slim = Banded("T07-005", "potassium", 14.9, 13.0, 15.0, None)
    crossing = Banded("T09-001", "change", 9.0, -1.0, 1.0, 12)
    axes = draw_bands([wide, slim, crossing])
    widths = [each.get_width() for each in axes.patches]
    assert widths == pytest.approx([2 * 100 / 14, 2 * 100 * 338.35 / 436.65, 200.0])
    texts = [each.get_text() for each in axes.texts]
    assert texts[:3] == ["n not given, ± 7 %", "n = 9, ± 77 %", "n = 12, around 0"]
    assert "9 →" in texts
    assert [each.inside for each in (wide, slim, crossing)] == [True, True, False]
