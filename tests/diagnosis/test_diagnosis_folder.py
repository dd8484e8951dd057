"""The folder of a diagnosis in other commands: cite, diff, verify and export; and the names of its files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_up import made_up_cohorts
from records import BIRTH, HEADER

import lactflow
from lactflow.config.scenario import load_scenario
from lactflow.diagnosis import diagnose as module
from lactflow.diagnosis.citations import cited
from lactflow.diagnosis.diagnose import diagnose
from lactflow.diagnosis.diagnosis import CONFIG, MECHANISMS, NO_DEVICE, open_diagnosis
from lactflow.diagnosis.given import config_of, mechanisms_of
from lactflow.errors import ArchiveError, DamagedRunError

SODIUM = "2031-05-05 09:00,sodium,left,40,mmol/L,"
WEIGHED = "2031-05-06 10:00,test_weigh,,30,g,untrained"
LOG = "start,kind,left_min,right_min\n2031-05-04 08:10,breast,12,8\n2031-05-04 11:10,breast,12,8\n"
SOME = {"mechanisms": ["none", "late_onset"], "mothers": 40}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder with a record; mothers that were never simulated."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "cohorts", made_up_cohorts)
    record(SODIUM, WEIGHED)
    return tmp_path


def record(*rows, file="record.csv"):
    """A record."""
    Path(file).write_text("\n".join([HEADER, BIRTH, *rows, ""]), encoding="utf-8")


@pytest.mark.parametrize("log", ["record.csv", "Record.CSV", "log.csv"])
def test_no_log_of_a_config_takes_the_name_of_the_record(here, log):
    """Whatever a user calls it: both are kept, and the config of the folder finds the log."""
    mine = here / "mine"
    mine.mkdir()
    (mine / log).write_text(LOG, encoding="utf-8")
    schedule = f"[{{kind: log, file: {log}, first_day: 2, from_day: 2}}, {{kind: on_demand, from_day: 3}}]"
    (mine / "mine.yaml").write_text(f"format: 1\nschedule: {schedule}\n", encoding="utf-8")
    found = diagnose("record.csv", config="mine/mine.yaml", **SOME)
    assert (found.path / "record.csv").read_bytes() == Path("record.csv").read_bytes()
    (kept,) = (path for path in found.path.glob("*.csv") if path.name != "record.csv")
    assert kept.read_text(encoding="utf-8") == LOG
    assert list(load_scenario(found.path / CONFIG).files) == [kept.name]
    assert (kept.name == log) == (log == "log.csv")


def test_two_logs_keep_names_of_their_own(here):
    """The name that one gets in place of that of the record is not one that another has."""
    mine = here / "mine"
    mine.mkdir()
    for name in ("record.csv", "log.csv"):
        (mine / name).write_text(LOG, encoding="utf-8")
    phases = "".join(
        f"{{kind: log, file: {name}, first_day: {day}, from_day: {day}}}, "
        for name, day in (("record.csv", 2), ("log.csv", 3))
    )
    (mine / "mine.yaml").write_text(
        f"format: 1\nschedule: [{phases}{{kind: on_demand, from_day: 4}}]\n", encoding="utf-8"
    )
    found = diagnose("record.csv", config="mine/mine.yaml", **SOME)
    assert sorted(load_scenario(found.path / CONFIG).files) == ["log-2.csv", "log.csv"]


def test_what_it_rests_on_can_be_read_again(here):
    """The config of virtual mothers, and mechanisms as they were."""
    found = diagnose("record.csv", **SOME)
    assert config_of(found).mother.cohort > 0
    assert [rival.mechanism for rival in mechanisms_of(found)] == ["none", "late_onset"]
    (found.path / MECHANISMS).write_text("[]", encoding="utf-8")
    with pytest.raises(DamagedRunError, match=r"mechanisms\.json is damaged"):
        mechanisms_of(open_diagnosis(found.path))


def test_its_references_are_cited(invoke, here):
    """Of the spreads of its mechanisms, of the kinds that were observed and their instruments; others are not."""
    found = diagnose("record.csv", **SOME)
    result = invoke("cite", str(found.path))
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "late_onset, hours: Hartmann P, Cregan M 2001" in text
    assert "small_gland" not in text
    for key in ("Savenije2006", "NoelWeiss2008", "Lai2018", "Kent2006"):
        assert f"{key} " in text
    assert "Schulster1989" not in text  # no prolactin was measured
    shown = json.loads(invoke("cite", str(found.path), "--json").stdout)
    keys = {key for paper in shown["references"] for key in paper["quantities"]}
    assert {"instruments.untrained_test_weigh_sd_g", "kinds.sodium", "newborns.fluid_lost_log_sd"} <= keys
    assert [each["mechanism"] for each in shown["mechanisms"]] == ["late_onset"]
    assert "@misc{mechanism-1," in invoke("cite", str(found.path), "--bibtex").stdout


def test_what_mechanisms_change_is_cited_too(here):
    """Quantities that no ordinary virtual mother has."""
    plain, inflamed = (
        {reference.source.key: set(reference.own) for reference in cited(diagnose("record.csv", **of)).papers}
        for of in (SOME, SOME | {"mechanisms": ["none", "mastitis"]})
    )
    assert set().union(*plain.values()) != set().union(*inflamed.values())


def test_an_unfinished_one_is_cited_without_what_was_observed(invoke, here, monkeypatch):
    """Its mechanisms and its config are known."""

    def ends(*_):
        raise ArchiveError("outputs: no space left")

    monkeypatch.setattr(module, "cohorts", ends)
    with pytest.raises(ArchiveError):
        diagnose("record.csv", **SOME)
    (path,) = Path("outputs").iterdir()
    result = invoke("cite", str(path))
    assert result.exit_code == 0, result.output
    assert "late_onset, hours" in result.stdout
    assert "Savenije2006" not in result.stdout


def test_the_same_twice_is_identical(invoke, here):
    """Whatever the folders are called."""
    first, again = (diagnose("record.csv", name=name, **SOME) for name in ("one", "other"))
    assert lactflow.diff(first.path, again.path).identical
    result = invoke("diff", str(first.path), str(again.path))
    assert result.exit_code == 0, result.output


def test_what_two_diagnoses_differ_in_is_shown(invoke, here):
    """A line of the record, a key of the config, a spread of a mechanism, and the tables of the answer."""
    own = "format: 1\nmechanism: own\ntitle: own\nmeaning: own\nacting: {gland_size: a}\ndraws: "
    for file, low in (("first.yaml", 0.5), ("second.yaml", 0.6)):
        Path(file).write_text(f"{own}{{a: {{what: a, low: {low}, high: 0.9}}}}\n", encoding="utf-8")
    record(SODIUM.replace("40", "20"), WEIGHED, file="later.csv")
    first = diagnose("record.csv", mechanisms=["none", "first.yaml"], mothers=40)
    second = diagnose("later.csv", mechanisms=["none", "second.yaml"], mothers=40, settings=["mother.weight_kg=82"])
    found = lactflow.diff(first.path, second.path)
    assert not found.identical
    keys = {setting.key: (setting.a, setting.b) for setting in found.config}
    assert keys["record.csv:3"] == (SODIUM, SODIUM.replace("40", "20"))
    assert keys["mechanisms.own.draws.a.low"] == ("0.5", "0.6")
    assert "mother.weight_kg" in keys
    assert not any(table.is_same for table in found.counted if table.table == "diagnoses")
    result = invoke("diff", str(first.path), str(second.path))
    assert result.exit_code == 1
    assert "record.csv:3" in result.stdout
    json.loads(invoke("diff", str(first.path), str(second.path), "--json").stdout)


def test_a_line_that_one_record_has_is_shown_alone(here):
    """The other side has nothing there; the order of lines does not matter."""
    record(WEIGHED, SODIUM, "2031-05-07 09:00,weight,,3300,g,", file="more.csv")
    first, second = (diagnose(file, **SOME) for file in ("record.csv", "more.csv"))
    keys = {setting.key: (setting.a, setting.b) for setting in lactflow.diff(first.path, second.path).config}
    assert keys["record.csv:5"] == (None, "2031-05-07 09:00,weight,,3300,g,")
    assert [key for key in keys if key.startswith("record.csv")] == ["record.csv:5"]


def test_it_is_verified_and_exported(invoke, here):
    """What was altered is found; whoever gets the tables is shown what they are not."""
    found = diagnose("record.csv", **SOME)
    assert invoke("verify", str(found.path)).stdout.strip() == "complete: sound"
    for form in ("csv", "parquet", "datapackage", "crate"):
        result = invoke("export", str(found.path), "--to", form)
        assert result.exit_code == 0, result.output
        assert NO_DEVICE in " ".join(result.stderr.split())
    crate = json.loads(next(Path("exports").glob("*-crate/ro-crate-metadata.json")).read_text(encoding="utf-8"))
    assert any("ScholarlyArticle" in str(each.get("@type")) for each in crate["@graph"])
    result = invoke("export", str(found.path), "--to", "trace")
    assert result.exit_code == 2
    assert "a trace is made of a run" in " ".join(result.output.split())
    (found.path / MECHANISMS).write_text("[]", encoding="utf-8")
    assert invoke("verify", str(found.path)).exit_code == 1
