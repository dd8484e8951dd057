"""Pages and pictures of diagnoses, what the command prints, and that all of them say what they are not."""

from __future__ import annotations

import inspect
import json
import re

import pandas as pd
import pytest
from altered import PAYLOAD
from click.testing import CliRunner
from diagnosed_folders import FILES, courses, diagnosed
from matplotlib.figure import Figure
from page_reading import Page, assert_sound, sections

import lactflow
from lactflow.analysis.drawing.diagnosis import MOST_PANELS, draw_courses_of, draw_probabilities
from lactflow.cli import main
from lactflow.diagnosis import diagnose as diagnose_module
from lactflow.diagnosis.diagnosis import NO_DEVICE
from lactflow.diagnosis.limits import LIMITS
from lactflow.errors import ConfigError
from lactflow.recording.folder import ResultFolder
from lactflow.recording.verify import verify
from lactflow.report.page import write_report

OWN = [
    "Which mechanisms fit",
    "Both at once?",
    "Her course in each mechanism",
    "What each observation contributes",
    "What to measure next",
    "How often such a record is recognised",
]
ALWAYS = ["Assumed and not used", "What it cannot know", "Warnings", "Provenance", "How to cite"]


def shown(folder, tmp_path):
    """The page of a folder, read."""
    return Page(write_report(folder, tmp_path / "page.html"))


def test_page_of_a_diagnosis(tmp_path):
    """The answer first, then what it rests on, what would decide, and what it cannot know; the folder stays sound."""
    folder = diagnosed(tmp_path)
    file = write_report(folder)
    page = Page(file)
    assert_sound(page, file)
    assert sections(page) == [*OWN, *ALWAYS]
    for text in (
        "Cannot tell weak transfer from small gland",
        "52 %",
        "weak transfer, 41 % to 66 %",
        "60 virtual mothers of each mechanism",
        "The last one, 3.26 kg, lies in the band of weak transfer.",
        "<12.0 mmol/L",
        "12.0 a day",
        "23.0",
        "6.00 to 50.0",
        "40 %",
        "declared in a file of the user",
        "Would hardly help: feeds per day.",
        "Cannot tell small gland and weak transfer at once from weak transfer alone (both 30%, small gland alone 23%",
        "before the record they had 25 %",
        "small gland alone23 %",
        "any other11 %-15 %",
        "Virtual mothers with weak transfer get 61 % for it on average.",
        "feeds are on demand",
        "2 rows of feeds",
    ):
        assert text in page.text, text
    assert all(each.text in page.text for each in LIMITS)
    drawn = {each["aria-label"] for each in page.all("div") if each.get("role") == "img"}
    assert {
        "Probability of each mechanism",
        "Weight of the infant",
        "Milk that the infant takes in a day",
        "For weak transfer, or for small gland",
    } <= drawn
    assert verify(folder) == ("complete", [])


def test_doubt_is_a_share_of_all_of_it(tmp_path):
    """0.4 nats of the entropy of 0.52, 0.33, 0.148 and 0.002, which is 1.0."""
    text = " ".join(shown(diagnosed(tmp_path), tmp_path).text.split())
    assert "pumping40 %both breasts pumped once" in text
    assert "prolactin20 %a blood sample" in text
    assert "entropy, now 1.00 nats" in text


def test_the_page_says_at_both_ends_that_it_is_no_medical_device(tmp_path):
    """Before the first section and after the last, whatever there is between them."""
    for name, more in (("whole", {}), ("none", {"answer": "none of these"}), ("empty", {"without": FILES})):
        text = shown(diagnosed(tmp_path, name, **more), tmp_path).text
        assert text.count(NO_DEVICE) == 2, name
        assert text.index(NO_DEVICE) < text.index("Assumed and not used")
        assert text.rindex(NO_DEVICE) > text.rindex("How to cite")


@pytest.fixture
def printed(tmp_path, monkeypatch):
    """What the command prints of a diagnosis that is there."""
    found = lactflow.open_diagnosis(diagnosed(tmp_path))
    monkeypatch.setattr(diagnose_module, "diagnose", lambda *_, **__: found)

    def print_it(*arguments):
        result = CliRunner().invoke(main, ["diagnose", "record.csv", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    return print_it


def test_the_command_says_that_it_is_no_medical_device(printed):
    """In what people read, in what programs read, and in its help."""
    assert NO_DEVICE in " ".join(printed().split())
    assert json.loads(printed("--json"))["note"] == NO_DEVICE
    assert "no medical device" in " ".join(CliRunner().invoke(main, ["diagnose", "--help"]).stdout.split())


def test_tables_and_notebooks_say_it(tmp_path):
    """Each table has it as its note; the function by which they are made says it too."""
    assert "no medical device" in inspect.getdoc(lactflow.diagnose)
    found = lactflow.open_diagnosis(diagnosed(tmp_path))
    assert NO_DEVICE in found._repr_html_()
    assert all(getattr(found, name).attrs["note"] == NO_DEVICE for name in FILES)


def test_none_of_these_asks_for_slips_first(tmp_path):
    """Before any probability."""
    page = shown(diagnosed(tmp_path, answer="none of these"), tmp_path)
    assert "None of these: the record lies outside" in page.text
    assert page.text.index("Look for a slip in it first") < page.text.index("most probable")


def test_one_that_was_cut_short_says_so(tmp_path):
    """And still says what it cannot know."""
    folder = ResultFolder.create(tmp_path, "diagnosis", "diagnosis", {"command": ["lactflow"]})
    folder.finish("failed", error="ConfigError: why")
    page = shown(folder.path, tmp_path)
    assert "It failed: this page shows what is there. ConfigError: why" in page.text
    assert "there is nothing to show" in page.text
    assert sections(page) == [each for each in ALWAYS if each != "Warnings"]


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_table_costs_its_own_section(tmp_path, file):
    """And says which; so does one that lacks a column, or is not there."""
    folder = diagnosed(tmp_path)
    (folder / f"{file}.parquet").write_bytes(b"nothing")
    page = shown(folder, tmp_path)
    assert "This cannot be shown: " in page.text
    assert f"{file}.parquet" in page.text
    assert sections(page) == [*OWN, *ALWAYS]

    def drop(tables):
        tables[file] = pd.DataFrame({"other": [1.0]})

    assert f"{file}.parquet has no column" in shown(diagnosed(tmp_path, "other", change=drop), tmp_path).text


def test_why_a_pair_was_not_simulated_is_said(tmp_path, printed):
    """In its section; a diagnosis without a pair, or from before there were any, has no such section."""
    why = {"why_not": "a and b cannot act together (both set c)"}
    assert "It was not simulated: a and b cannot act" in shown(diagnosed(tmp_path, "why", pair=why), tmp_path).text
    for name, about in (("none", {"pair": None}), ("old", {"pair": {}, "without": ("pairs",)})):
        assert "Both at once?" not in sections(shown(diagnosed(tmp_path, name, **about), tmp_path))
    assert "both at once?" in printed()
    for name, pair in (("gone", {"mechanism": "a+b", "of": ["a", "b"]}), ("few", {"mechanism": 3})):
        assert "has no rows of both mechanisms" in shown(diagnosed(tmp_path, name, pair=pair), tmp_path).text
    assert "Both at once?" not in sections(shown(diagnosed(tmp_path, "odd", pair="x"), tmp_path))


def test_one_mechanism_is_no_diagnosis(tmp_path):
    """A table that somebody has cut."""

    def cut(tables):
        tables["diagnoses"] = tables["diagnoses"].head(1)

    assert "has fewer than two mechanisms" in shown(diagnosed(tmp_path, change=cut), tmp_path).text


def test_a_record_without_weights_or_milk(tmp_path):
    """There is nothing of hers to draw, and milk is not drawn."""

    def leave(tables):
        tables["observations"] = tables["observations"][tables["observations"]["kind"] == "sodium"]
        tables["next"]["helps"] = False

    page = shown(diagnosed(tmp_path, change=leave), tmp_path)
    assert "The record has no weights of the infant." in page.text
    assert "Milk that the infant takes" not in page.text
    assert "Nothing that can be simulated would help to decide." in page.text


def test_texts_of_a_diagnosis_come_out_as_text(tmp_path):
    """Titles, observations, units, lines of the manifest and commands; formulas of matplotlib too."""
    page = shown(diagnosed(tmp_path, twist=lambda text: f"_{text}$\\frac{PAYLOAD}$"), tmp_path)
    assert not page.all("img")
    assert not [each for each in page.all("svg") if "onload" in each]
    assert [each.get("type") for each in page.all("script")] == ["application/json", None, None]
    assert page.text.count("onerror=window.ran=1") >= 8


def test_a_manifest_may_hold_anything(tmp_path):
    """Nothing in it is relied on."""
    folder = diagnosed(tmp_path, leaders=["gone"], mothers="many", assumed={"a": 1}, unused=None, warnings=3)
    page = shown(folder, tmp_path)
    assert "Nothing was assumed of her" in page.text
    assert OWN[0] in sections(page)


def test_a_manifest_of_many_lines_is_cut(tmp_path):
    """The rest is counted."""
    assert "71 more lines in the manifest" in shown(diagnosed(tmp_path, assumed=["a"] * 101, unused=[]), tmp_path).text


def test_long_records_of_many_mechanisms_stay_small(tmp_path):
    """Two hundred days, twenty mechanisms: the most probable ones are drawn, and the page says so."""

    def grow(tables):
        row = tables["diagnoses"].iloc[-1:]
        names = [f"more_{number}" for number in range(16)]
        more = [row.assign(mechanism=name, title=name) for name in names]
        tables["diagnoses"] = pd.concat([tables["diagnoses"], *more], ignore_index=True)
        tables["courses"] = courses(list(tables["diagnoses"]["mechanism"]), 200)

    folder = diagnosed(tmp_path, change=grow)
    file = write_report(folder)
    assert_sound(Page(file), file)
    assert f"Of 20 mechanisms the {MOST_PANELS} most probable ones are shown." in Page(file).text


def test_axes_of_a_diagnosis(tmp_path):
    """A row a mechanism with its interval; bars to both sides; a panel each with the same ends, and her points."""
    found = lactflow.open_diagnosis(diagnosed(tmp_path))
    axes = found.plot()
    assert [each.get_text() for each in axes.get_yticklabels()] == list(found.diagnoses["title"])
    assert [each.get_width() for each in axes.patches] == pytest.approx([52.0, 33.0, 14.8, 0.2])
    assert list(axes.lines[0].get_xdata()) == [41.0, 66.0]
    assert [each.get_text() for each in axes.texts] == ["52 %", "33 %", "15 %", "under 1 %"]
    bars = found.plot.contributions()
    assert [each.get_width() for each in bars.patches][:3] == [1.4, -0.9, 0.3]
    assert [each.get_text() for each in bars.get_yticklabels()][:2] == [
        "test weighing, day 7",
        "sodium, left breast, day 5",
    ]
    assert bars.texts[1].get_text() == "<12.0 mmol/L (9.00 to 24.0)"
    panels = found.plot.courses()
    assert [re.sub(r", [\w ]+ %$", "", each.get_title(loc="left")) for each in panels] == list(found.diagnoses["title"])
    assert len({(each.get_xlim(), each.get_ylim()) for each in panels}) == 1
    assert panels[0].get_subplotspec().get_gridspec().ncols == 2
    hers = next(line for line in found.plot.course("small_gland").lines if line.get_label() == "hers")
    assert hers.get_xdata() == pytest.approx([2.1, 9.2])
    assert list(hers.get_ydata()) == [3.19, 3.26]
    milk = found.plot.course(what="intake_ml_per_day")
    assert milk.lines[0].get_xdata()[0] == 0.5
    assert "hers" not in [line.get_label() for line in milk.lines]


def test_on_a_phone_names_stand_above_bars_and_panels_below_one_another(tmp_path):
    """Six inches are the limit."""
    found = lactflow.open_diagnosis(diagnosed(tmp_path))
    axes = draw_probabilities(found.diagnoses, Figure(figsize=(5.0, 5.0)).add_subplot())
    assert not axes.get_yticklabels()
    assert "weak transfer" in [each.get_text() for each in axes.texts]
    panels = draw_courses_of(
        found.diagnoses,
        found.courses,
        found.observations,
        "weight_kg",
        Figure(figsize=(5.0, 20.0), layout="constrained"),
    )
    assert panels[0].get_subplotspec().get_gridspec().ncols == 1


def test_unknown_names_are_refused(tmp_path):
    """With the nearest."""
    plot = lactflow.open_diagnosis(diagnosed(tmp_path)).plot
    with pytest.raises(ConfigError, match=r"there is no mechanism 'smal_gland' .*nearest: small_gland"):
        plot.course("smal_gland")
    for call in (plot.courses, lambda what: plot.course(what=what)):
        with pytest.raises(ConfigError, match=r"there is no course 'weight' .*weight_kg"):
            call("weight")
