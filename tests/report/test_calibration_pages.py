"""Pages of calibrations: what stands in them, and that drawings show the numbers that they are made of."""

from __future__ import annotations

import json
from math import nan

import pandas as pd
import pytest
from altered import PAYLOAD
from matplotlib.figure import Figure
from page_reading import Page, assert_sound, sections
from sealing import reseal
from small_sweeps import CAPACITY

import lactflow
from lactflow.errors import ConfigError, DamagedRunError
from lactflow.report.calibrated import distances, intervals, losses, profile
from lactflow.report.page import write_report

HALF = "gland.inhibitor.half_effect"


@pytest.fixture
def page(tmp_path):
    """The page of a folder, read; outside of the folder."""
    return lambda folder: Page(write_report(folder, tmp_path / "page.html"))


def test_page_of_a_calibration(finished_calibration):
    """Sections in their order; quantities, both kinds of targets, profiles, what cannot be distinguished, trials."""
    file = write_report(finished_calibration)
    assert file == finished_calibration / "report.html"
    page = Page(file)
    assert_sound(page, file)
    assert sections(page) == [
        "Quantities",
        "Targets",
        "Profiles",
        "What the targets cannot distinguish",
        "Trials",
        "Provenance",
        "How to cite",
    ]
    found = lactflow.open_calibration(finished_calibration)
    assert [each["data-choice"] for each in page.all("figure") if "data-choice" in each] == ["profiles"] * 2
    for text in (
        f"tiny: {CAPACITY} and {HALF}",
        "What was found",
        "Fitted to",
        "Not fitted to",
        "150.0 ± 5.00",
        "Ward 2031",
        "Measurements that were compared with",
        "Loss by trial",
        "2 replicates",
        "Config with these values: calibrated.yaml",
        *found.quantities["verdict"],
        *(line[1:] for line in (*found.manifest["words"], *found.manifest["notes"])),
    ):
        assert text in page.text
    assert f"{found.quantities['value'][0]:.1f}" in page.text


def test_page_of_a_calibration_that_was_stopped(stopped_calibration, page):
    """What is looked for, the table of targets, the trials so far from the ledger, and how to go on."""
    shown = page(stopped_calibration)
    assert sections(shown) == ["Quantities", "Targets", "Trials", "Provenance", "How to cite"]
    ended = (stopped_calibration / "trials.jsonl").read_text(encoding="utf-8").count('"trial"')
    assert 0 < ended < 14
    for text in (
        "It was interrupted",
        f"lactflow calibrate --resume {stopped_calibration} goes on.",
        "What is looked for; nothing is found yet",
        "100.0 to 300.0",
        "stored,stored_ml,150,5,,Ward 2031",
        f"{ended} start",
    ):
        assert text in shown.text


def test_lines_of_a_manifest_become_sentences(copied, finished_calibration, page):
    """Words begin with a capital letter; keys do not change."""
    cut = copied(finished_calibration)
    reseal(cut, notes=["the targets are not met", "infants.0.appetite lies at the end", ""], words=["one. "])
    shown = page(cut).text
    assert "The targets are not met." in shown
    assert "infants.0.appetite lies at the end." in shown


@pytest.mark.parametrize(("status", "words"), [("running", "was killed"), ("failed", "It failed")])
def test_page_before_the_first_trial(copied, stopped_calibration, page, status, words):
    """There is no ledger yet; one that says it is running, and that nobody holds, was killed."""
    cut = copied(stopped_calibration)
    (cut / "trials.jsonl").unlink()
    reseal(cut, status=status)
    shown = page(cut)
    assert words in shown.text
    assert sections(shown)[:3] == ["Quantities", "Targets", "Trials"]


def test_failures_have_their_reasons(hostile, page):
    """How many trials failed for each reason, as text."""
    shown = page(hostile["calibration"])
    assert "Why trials failed" in shown.text
    assert shown.text.count(PAYLOAD) > 10


def test_damage_is_reported_where_it_is(copied, finished_calibration, page):
    """A table that is gone takes its section only; a manifest that states nothing about a calibration is refused."""
    cut = copied(finished_calibration)
    (cut / "profiles.parquet").unlink()
    shown = page(cut)
    assert shown.text.count("This cannot be shown: ") == 2
    assert "has no profiles.parquet" in shown.text
    assert "What was found" in shown.text
    about = copied(finished_calibration, "about")
    reseal(about, calibration=None)
    with pytest.raises(DamagedRunError, match="does not say what was looked for"):
        page(about)


def test_a_damaged_ledger_is_reported(copied, stopped_calibration, page):
    """In the section of the trials."""
    cut = copied(stopped_calibration)
    lines = (cut / "trials.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (cut / "trials.jsonl").write_text("".join(["{}\n", *lines]), encoding="utf-8")
    assert "line 1 is not what was written" in page(cut).text


def quantity(**more):
    """A row of the table of quantities."""
    return {
        "key": CAPACITY,
        "unit": "mL",
        "start": 200.0,
        "value": 150.0,
        "low": 100.0,
        "high": 200.0,
        "range_low": 100.0,
        "range_high": 300.0,
        "logarithmic": False,
        "verdict": "at most",
        **more,
    }


def test_calibrations_draw_themselves(finished_calibration):
    """All quantities, or the profile of one."""
    found = lactflow.open_calibration(finished_calibration)
    axes = found.plot(axes=Figure().add_subplot())
    assert [label.get_text() for label in axes.get_yticklabels()] == [CAPACITY, HALF]
    assert found.plot(HALF, Figure().add_subplot()).get_xlabel() == HALF
    with pytest.raises(ConfigError, match="'half' was not looked for"):
        found.plot("half")


def target(z, use="fitted", **more):
    """A row of the table of targets, of which only what is drawn matters."""
    return {"id": f"t{z}", "use": use, "sd": 2.0, "model_error": 1.0, "z": z, **more}


def test_captions_have_the_numbers():
    """Decided quantities, targets within one SD, the interval of a profile, the smallest loss; nothing of nothing."""
    decided = intervals(pd.DataFrame([quantity(), quantity(verdict="decided")]))
    assert "1 of 2 are decided." in decided.caption
    near = distances(pd.DataFrame([target(1.0), target(-2.0, "held out", model_error=nan), target(nan)]))
    assert near is not None
    assert "within one SD, where 1 of 2 are." in near.caption
    assert near.caption.endswith("by chance. The model gives no value for 1 more.")
    assert distances(pd.DataFrame([target(nan)])) is None
    rows = pd.DataFrame({"key": CAPACITY, "value": [100.0, 200.0], "above_least": [0.0, 5.0]})
    assert "the interval, 100.0 to 200.0 mL, the upright line" in profile(CAPACITY, rows, quantity()).caption
    trials = pd.DataFrame({"trial": [0, 1], "stage": "start", "loss": [3.0, nan], "status": ["complete", "failed"]})
    block = losses(trials)
    assert block is not None
    assert "in the end 3.00, of trial 0. The axis is logarithmic. 1 trial failed" in block.caption
    assert losses(trials.assign(loss=nan)) is None


def test_the_farthest_targets_are_drawn():
    """Forty of more; what is beyond six SDs is drawn there."""
    block = distances(pd.DataFrame([target(0.1 * place) for place in range(100)]))
    assert block is not None
    assert len(block.table.rows) == 40
    assert block.table.rows[0] == ["t6.0", "+6.00"]
    assert "What lies beyond 6 SDs is an arrow there. The 40 of 100 that are farthest are drawn." in block.caption


def test_targets_of_validate_have_no_table(copied, stopped_calibration, page):
    """The published ones stand in no file of the folder."""
    cut = copied(stopped_calibration)
    about = json.loads((cut / "manifest.json").read_text(encoding="utf-8"))["calibration"]
    reseal(cut, calibration={**about, "targets": "validate"})
    assert sections(page(cut))[:2] == ["Quantities", "Trials"]
