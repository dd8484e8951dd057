"""`lactflow diagnose`: what it prints and writes, and what it refuses before anything is written."""

from __future__ import annotations

import json
import random

import pandas as pd
import pytest
from made_up import made_up_cohorts
from records import BIRTH, HEADER
from test_diagnosis_mutated import WHOLE, mutated

from lactflow.diagnosis import diagnose as module
from lactflow.diagnosis.diagnose import FEWEST_MOTHERS, MOST_MOTHERS, diagnose
from lactflow.diagnosis.diagnosis import FILES, NO_DEVICE, open_diagnosis
from lactflow.diagnosis.finding import Found
from lactflow.diagnosis.kinds import KINDS
from lactflow.errors import ArchiveError, ConfigError, InterruptedRunError, SomeUnitsFailedError
from lactflow.records import BREASTS

ROWS = (
    "2031-05-05 09:00,weight,,3300,g,",
    "2031-05-06 09:00,weight,,3350,g,",
    "2031-05-05 09:00,sodium,left,40,mmol/L,",
    "2031-05-06 09:00,sodium,both,20,mmol/L,",
    "2031-05-06 10:00,test_weigh,,30,g,untrained",
)
FEW = ("--mothers", "40", "--mechanism", "none", "--mechanism", "small_gland", "--mechanism", "late_onset", "--quiet")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder with a record; mothers that were never simulated."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "cohorts", made_up_cohorts)
    record(tmp_path)
    return tmp_path


def record(folder, *rows, birth=BIRTH):
    """The record of a folder."""
    text = "\n".join([HEADER, birth, *(rows or ROWS), ""])
    (folder / "record.csv").write_text(text, encoding="utf-8")


def in_one_line(text):
    """Without the ends of lines that a width makes."""
    return " ".join(text.split())


def written(folder):
    """What a command left beside the record."""
    return sorted(path.name for path in folder.iterdir() if path.name != "record.csv")


def test_a_template_is_printed_and_nothing_is_done(invoke, tmp_path):
    """With every kind; it is read once the birth has a time."""
    result = invoke("diagnose", "--template")
    assert result.exit_code == 0
    assert all(f",{kind}," in result.stdout for kind in KINDS)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_printed(invoke, here):
    """In a sentence, by mechanism, with what it rests on and what to measure next; and what it is not."""
    result = invoke("diagnose", "record.csv", *FEW)
    assert result.exit_code == 0, result.output
    text = in_one_line(result.stdout)
    for words in (
        "none of the mechanisms",
        "late onset of copious milk",
        "95 % interval",
        "sodium, left breast, day 3",
        "sodium, day 4",
        "measure next",
        "Assumed: feeds are on demand: neither a log nor a config says when they were.",
        "There are 40 virtual mothers of each mechanism",
        NO_DEVICE,
    ):
        assert words in text
    (made,) = written(here / "outputs")
    assert text.endswith(f"lactflow report outputs/{made}")
    assert result.stderr == ""


def test_the_same_as_json(invoke, here):
    """One object, without NaN, with the tables."""
    result = invoke("diagnose", "record.csv", *FEW, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout, parse_constant=pytest.fail)
    assert found["note"] == NO_DEVICE
    assert found["answer"] in ("mechanism", "cannot tell", "none of these")
    assert found["leaders"] == [row["mechanism"] for row in found["diagnoses"]][:2]
    assert sum(row["probability"] for row in found["diagnoses"]) == pytest.approx(1.0)
    assert {row["mechanism"] for row in found["diagnoses"]} == {"none", "small_gland", "late_onset"}
    assert len(found["confusion"]) == 9
    assert [row["observation"] for row in found["observations"]][:2] == ["sodium, left breast, day 3", "weight, day 3"]
    assert (found["mothers"], found["seed"]) == (40, 1)
    assert open_diagnosis(found["diagnosis_dir"]).manifest["answer"] == found["answer"]


def test_tables_of_a_diagnosis(here):
    """Whole, marked with what they are not, and the same when it is done again with any number of workers."""
    names = ["small_gland", "late_onset"]
    first, again = (diagnose("record.csv", mechanisms=names, mothers=40, workers=n, name="d") for n in (1, 2))
    assert first.status == "complete"
    for file in FILES:
        assert (first.path / file).read_bytes() == (again.path / file).read_bytes()
    for table in (first.diagnoses, first.observations, first.confusion, first.next, first.courses):
        assert table.attrs["note"] == NO_DEVICE
    rows = first.diagnoses
    assert list(rows["probability"]) == sorted(rows["probability"], reverse=True)
    assert (rows["low"] <= rows["high"]).all()
    assert set(rows["prior"]) == {1.0 / 3.0}
    confusion = first.confusion.pivot_table(index="truth", columns="mechanism", values="probability")
    assert confusion.sum(axis=1).to_list() == pytest.approx([1.0] * 3)
    assert rows.set_index("mechanism")["right"].to_dict() == {
        name: pytest.approx(confusion.loc[name, name]) for name in confusion.index
    }
    assert list(first.next["fall_nats"]) == sorted(first.next["fall_nats"], reverse=True)
    seen = first.observations.set_index("observation")
    assert seen.loc["sodium, day 4", "gone"] == 0.0
    assert (seen["leader_low"] <= seen["leader_high"]).all()
    assert set(first.courses["what"]) == {"weight_kg", "intake_ml_per_day"}
    assert set(first.courses["mechanism"]) == set(rows["mechanism"])
    assert (first.path / "record.csv").read_bytes() == (here / "record.csv").read_bytes()
    assert NO_DEVICE in first._repr_html_()
    assert first.manifest["note"] == NO_DEVICE


def test_a_mother_of_a_mechanism_is_recognised(here):
    """The readings of a late onset are that; those of no mechanism are none of these."""
    fallen = ((5, 67), (6, 62), (7, 38))
    rows = [f"2031-05-{day:02d} 09:00,sodium,{side},{value},mmol/L," for day, value in fallen for side in BREASTS]
    record(here, *rows)
    found = diagnose("record.csv", mechanisms=["small_gland", "late_onset"], mothers=60)
    assert found.manifest["answer"] == "mechanism"
    assert found.manifest["leaders"][0] == "late_onset"
    assert found.in_words().startswith("Most probable: late onset of copious milk")
    record(here, *(row.replace(",38,", ",190,") for row in rows))
    far = diagnose("record.csv", mechanisms=["small_gland", "late_onset"], mothers=60)
    assert far.manifest["answer"] == "none of these"
    assert far.in_words().startswith("None of these")
    assert far.diagnoses["distance"].min() > 1.0


def test_a_prior_is_kept(invoke, here):
    """Relative to the others, which count one."""
    result = invoke("diagnose", "record.csv", *FEW, "--json", "--prior", "late_onset=2")
    priors = {row["mechanism"]: row["prior"] for row in json.loads(result.stdout)["diagnoses"]}
    assert priors == {"none": pytest.approx(0.25), "small_gland": pytest.approx(0.25), "late_onset": pytest.approx(0.5)}


def test_what_no_virtual_mother_has_is_not_used(here, monkeypatch):
    """It says so, and the rest is judged as if it were not there."""
    record(here, *ROWS, "2031-05-05 12:00,potassium,left,15,mmol/L,")
    plain = diagnose("record.csv", mechanisms=["small_gland"], mothers=40)

    def without(*given):
        found = made_up_cohorts(*given)
        for cohort in found:
            cohort.tables["removals"]["potassium_mmol_per_l"] = float("nan")
        return found

    monkeypatch.setattr(module, "cohorts", without)
    found = diagnose("record.csv", mechanisms=["small_gland"], mothers=40)
    assert found.manifest["unused"] == [
        "potassium, left breast, day 3: 100% of virtual mothers have no milk, feed or infant to observe near that time"
    ]
    assert set(plain.observations["observation"]) - set(found.observations["observation"]) == {
        "potassium, left breast, day 3"
    }
    assert found.manifest["answer"] != "none of these"
    record(here, "2031-05-05 12:00,potassium,left,15,mmol/L,")
    with pytest.raises(ConfigError, match="none of its observations can be made of virtual mothers"):
        diagnose("record.csv", mechanisms=["small_gland"], mothers=40)


def test_mechanisms_that_are_no_rivals_for_her_are_left_out(here):
    """With a log, feeds by the clock; without an infant, what is about feeds. Both are said."""
    (here / "feeds.csv").write_text(
        "start,kind,left_min,right_min\n"
        + "".join(f"2031-05-04 {hour:02d}:10,breast,12,8\n" for hour in range(0, 24, 3)),
        encoding="utf-8",
    )
    names = ["infrequent_removal", "weak_transfer", "small_gland"]
    logged = diagnose("record.csv", log="feeds.csv", mechanisms=names, mothers=40)
    assert set(logged.diagnoses["mechanism"]) == {"none", "weak_transfer", "small_gland"}
    assert logged.manifest["unused"] == [
        "infrequent removal is no rival: her log says when feeds were, and all virtual mothers keep it"
    ]
    record(here, "2031-05-05 12:00,pump,left,15,mL,", "2031-05-06 12:00,pump,left,25,mL,")
    pumping = diagnose("record.csv", config={"infants": []}, mechanisms=names, mothers=40)
    assert set(pumping.diagnoses["mechanism"]) == {"none", "small_gland"}
    assert len([line for line in pumping.manifest["unused"] if "there is no infant at the breast" in line]) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "a record is needed"),
        (("gone.csv",), "gone.csv: "),
        (("record.csv", "--mothers", "39"), f"mothers: 39 is outside {FEWEST_MOTHERS} to {MOST_MOTHERS}"),
        (("record.csv", "--mothers", "many"), "many"),
        (("record.csv", "--mechanism", "mastitiss"), "nearest: mastitis"),
        (("record.csv", "--mechanism", "none"), "there is one mechanism only"),
        (("record.csv", "--mechanism", "own.yaml"), "own.yaml: "),
        (("record.csv", "--prior", "mastitis"), "allowed: NAME=WEIGHT"),
        (("record.csv", "--prior", "mastitis=much"), "allowed: NAME=WEIGHT"),
        (("record.csv", "--prior", "mastitiss=2"), "nearest: mastitis"),
        (("record.csv", "--prior", "mastitis=-1"), "prior of mastitis: -1 is outside"),
        (("record.csv", "--prior", "=3"), "allowed: NAME=WEIGHT"),
        (("record.csv", "--prior", "mastitis=3", "--prior", "mastitis =1"), "mastitis has a weight already, 3"),
        (("record.csv", "--prior", "mastitis=3", "--prior", "mastitis=3"), "allowed: one for each mechanism"),
        (("record.csv", "--prior", "mastitis=nan"), "prior of mastitis: nan is outside"),
        (("record.csv", "--log", "gone.csv"), "gone.csv: cannot be read"),
        (("record.csv", "--config", "caesaren"), "nearest: caesarean"),
        (("record.csv", "--set", "mother.gland_sise=1"), "nearest: mother.gland_size"),
        (("record.csv", "--set", "days=5"), "--set: days: "),
        (("record.csv", "--workers", "0"), "0"),
        (("record.csv", "--cache", "record.csv"), "cache: record.csv is a file"),
        (("record.csv", "--name", "a/b"), "a/b"),
    ],
)
@pytest.mark.parametrize("form", ["--quiet", "--json"])
def test_mistakes_end_with_one_line_and_leave_nothing(invoke, here, arguments, message, form):
    """Exit code 2, before anything is simulated or written."""
    result = invoke("diagnose", *arguments, form)
    assert result.exit_code == 2
    assert all(part in in_one_line(result.output) for part in message.split(": "))
    assert form == "--json" or message in in_one_line(result.stderr)
    assert written(here) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("2031-05-05 09:00,sodium,left,a lot,mmol/L,",), "record.csv:3:"),
        (("2031-05-05 09:00,feed,left,12,,",), "nothing was observed"),
        (("2031-05-05 09:00,bottle_formula,,12,mL,",), "nothing was observed"),
    ],
)
def test_records_that_say_nothing_are_refused(invoke, here, rows, message):
    """Before anything is written."""
    record(here, *rows)
    result = invoke("diagnose", "record.csv", *FEW)
    assert result.exit_code == 2
    assert message in result.output
    assert written(here) == []


def test_a_mechanism_that_does_not_go_with_a_config_is_refused_before_anything_is_written(invoke, here):
    """A user's own, with a key that does not exist."""
    text = "format: 1\nmechanism: own\ntitle: own\nmeaning: own\ndraws: {a: {what: a, low: 1, high: 2}}\n"
    (here / "own.yaml").write_text(text + "factors: {mother.gland_sise: a}\n", encoding="utf-8")
    result = invoke("diagnose", "record.csv", "--mechanism", "own.yaml", "--quiet")
    assert result.exit_code == 2
    assert "nearest: mother.gland_size" in result.output
    assert written(here) == ["own.yaml"]


def test_too_few_mothers_for_so_many_observations_are_refused(invoke, here):
    """With the number that is enough; a half of a mechanism could not be learned from."""
    rows = [
        f"2031-05-{4 + day:02d} 09:00,{kind},{side},{value},mmol/L,"
        for day in range(4)
        for kind, value in (("sodium", 20), ("potassium", 15), ("lactose", 150), ("citrate", 3))
        for side in BREASTS
    ]
    record(here, *rows)
    result = invoke("diagnose", "record.csv", *FEW)
    assert result.exit_code == 2
    assert "mothers: 40 of each mechanism are too few (needed for 32 observations: 42 or more)" in result.stderr
    assert written(here) == []


def test_without_scikit_learn_it_says_what_to_install(invoke, here, monkeypatch):
    """Before hours of simulation, not after."""
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    result = invoke("diagnose", "record.csv", *FEW)
    assert result.exit_code == 2
    assert "pip install 'lactflow[calibrate]'" in result.output
    assert written(here) == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SomeUnitsFailedError("1 of 80 runs failed\nnone, mother 3: a bug", failed=[(3, 0)]), "failed"),
        (ArchiveError("outputs: no space left"), "failed"),
        (InterruptedRunError(2), "interrupted"),
    ],
)
def test_how_it_ended_is_in_the_manifest(here, monkeypatch, error, status):
    """Which can be read, with what was assumed; there is no answer."""

    def ends(*_):
        raise error

    monkeypatch.setattr(module, "cohorts", ends)
    with pytest.raises(type(error)) as raised:
        diagnose("record.csv", mechanisms=["small_gland"], mothers=40)
    (path,) = (here / "outputs").iterdir()
    assert status != "interrupted" or path.name in str(raised.value)
    found = open_diagnosis(path)
    assert found.status == status
    assert "answer" not in found.manifest
    assert found.manifest["note"] == NO_DEVICE
    assert "It has no result." in found._repr_html_()


def test_a_command_that_fails_is_named_line_by_line(invoke, here, monkeypatch):
    """With the code of runs that failed."""

    def ends(*_):
        raise SomeUnitsFailedError("1 of 80 runs failed\nnone, mother 3: a bug", failed=[(3, 0)])

    monkeypatch.setattr(module, "cohorts", ends)
    result = invoke("diagnose", "record.csv", *FEW)
    assert result.exit_code == 3
    assert "none, mother 3: a bug" in result.stderr


@pytest.fixture
def up_to_simulation(monkeypatch):
    """Nothing is simulated, and nothing is judged."""
    rows = {
        "mechanism": ["none", "small_gland"],
        "title": ["a", "b"],
        "probability": [0.9, 0.1],
        "low": 0.0,
        "high": 1.0,
    }
    table = pd.DataFrame({**rows, "prior": 0.5, "distance": 0.5, "right": 0.9})
    seen = pd.DataFrame({"observation": ["x"], "value": [1.0], "unit": ["g"], "log_odds": [0.0]})
    after = pd.DataFrame({"measurement": ["x"], "effort": ["x"], "fall_nats": [0.1], "helps": [True]})
    tables = {"diagnoses": table, "observations": seen, "confusion": seen, "next": after, "courses": seen}
    monkeypatch.setattr(module, "cohorts", lambda *_: [])
    monkeypatch.setattr(module, "found", lambda *_: Found("mechanism", ("none", "small_gland"), tables, ()))


def read_or_refused(invoke, folder, seed, number):
    """How many of so many damaged records were diagnosed; the others are refused, and leave nothing."""
    chance, done = random.Random(seed), 0
    for _ in range(number):
        (folder / "record.csv").write_bytes(mutated(chance.choice(WHOLE), chance))
        before = len(written(folder))
        result = invoke("diagnose", "record.csv", "--mechanism", "none", "--mechanism", "mastitis", "--quiet")
        assert result.exit_code in (0, 2), result.output
        assert result.exit_code == 0 or (result.output.strip() and len(written(folder)) == before)
        done += result.exit_code == 0
    return done


def test_damaged_records_are_diagnosed_or_refused(invoke, tmp_path, up_to_simulation):
    """Some of each, so that both ways are tried."""
    assert 5 < read_or_refused(invoke, tmp_path, "few", 40) < 35


@pytest.mark.slow
def test_many_damaged_records(invoke, tmp_path, up_to_simulation):
    """Two thousand."""
    assert 100 < read_or_refused(invoke, tmp_path, "many", 2000) < 1900


@pytest.mark.slow
@pytest.mark.fast_build
def test_a_whole_diagnosis(invoke, tmp_path):
    """Simulated; the second time from the cache, with the same answer."""
    record(tmp_path)
    options = (
        "diagnose",
        "record.csv",
        "--mothers",
        "40",
        "--mechanism",
        "none",
        "--mechanism",
        "small_gland",
        "--json",
    )
    first, again = (json.loads(invoke(*options).stdout) for _ in range(2))
    assert first.pop("diagnosis_dir") != again.pop("diagnosis_dir")
    assert first == again
    assert first["answer"] in ("mechanism", "cannot tell", "none of these")
    assert all(row["gone"] == 0.0 for row in first["observations"])
    assert len(list((tmp_path / "outputs" / "virtual-mothers").iterdir())) == 2
