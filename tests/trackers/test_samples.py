"""Each format: a small export of every kind of row becomes the log that a person would write."""

from __future__ import annotations

import pytest
from tracker_samples import HEADER, MARKER, SAMPLES, wanted

from lactflow.errors import ConfigError
from lactflow.trackers.convert import import_logs
from lactflow.trackers.formats import shipped_formats


def test_every_format_has_a_sample():
    """Except those of files that have nothing of hers, and of weights alone."""
    taking = {
        name
        for name, found in shipped_formats().items()
        if any(take.kind != "weight" for rule in found.rows for take in rule.take)
    }
    assert {sample.name for sample in SAMPLES} == taking


def test_files_with_nothing_of_hers_are_counted(read):
    """A folder of exports is imported as a whole."""
    files = {
        "nursing.csv": "Baby,Time,Start side,Left duration (min),Right Duration (min),Note\na,13/6/31 8:00,,9,,\n",
        "sleep.csv": "Baby,Time,Duration(minutes),Note\na,13/6/31 9:00,60,\na,13/6/31 19:00,60,\n",
        "diaper.csv": "Baby,Time,Status,Note\na,13/6/31 9:00,Wet,\n",
        "other.csv": "Baby,Time,Other activity,Duration (min),Note\na,13/6/31 9:00,Tummy Time,5,\n",
        "changes.csv": "child_id,time,wet,solid,color,amount\n1,2031-06-13 08:00,1,0,,\n",
    }
    account = read(files).account
    assert account.skipped == {"sleep": 2, "diaper": 1, "other activity": 1, "diaper change": 1}
    assert (account.rows, account.taken) == (6, 1)


def test_a_file_with_nothing_of_hers_alone_is_refused(read):
    """With what is in it."""
    with pytest.raises(ConfigError, match="2 sleep"):
        read("Baby,Time,Duration (min),Note\na,13/6/31 9:00,60,\na,13/6/31 19:00,60,\n")


def test_weights_alone_are_no_log_that_can_be_read(read):
    """Beside a pumping they are rows of it."""
    weights = "id,child_id,child_first_name,weight,date,notes\n2,1,a,4.1,2031-01-20,\n1,1,a,3.6,2031-01-09,\n"
    with pytest.raises(ConfigError, match=r"no feed, pumping or bottle is in it \(2 weights\)"):
        read({"weights.csv": weights}, unit="mL")
    pumping = "start,kind,volume_ml\n2031-01-10 09:00,pump,80\n"
    imported = read({"weights.csv": weights, "own.csv": pumping}, unit="mL")
    assert imported.csv().splitlines()[1:] == [
        "2031-01-09 00:00,weight,,,,,,,,3.6",
        "2031-01-10 09:00,pump,,,80,,,,,",
        "2031-01-20 00:00,weight,,,,,,,,4.1",
    ]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_a_sample_becomes_its_log(tmp_path, sample):
    """Recognised by its header; each row is taken, counted by its kind, or reported by its line."""
    imported = import_logs([sample.write(tmp_path)], wanted(**sample.options))
    account = imported.account
    assert account.formats == [sample.name]
    header, *rows = imported.csv().splitlines()
    assert rows == sample.log
    assert header in (HEADER, f"{HEADER},value")
    assert account.skipped == sample.skipped
    assert [repair.line for repair in account.repaired if repair.dropped] == sample.dropped
    assert account.rows == account.taken + sum(account.skipped.values()) + account.dropped


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_names_and_notes_never_leave(tmp_path, sample):
    """Neither in the log nor in anything that is said of it."""
    imported = import_logs([sample.write(tmp_path)], wanted(**sample.options))
    said = imported.csv() + str(imported.account.as_object(None))
    assert MARKER.casefold() not in said.casefold()


def test_the_age_in_a_text_gives_the_date_of_birth(tmp_path):
    """A month and three days before 14 June; three weeks before it."""
    births = {}
    for sample in SAMPLES:
        if sample.name == "piyolog":
            births[sample.file] = import_logs([sample.write(tmp_path)], wanted()).account
    assert births["piyolog-en.txt"].birth.isoformat() == "2031-05-11"
    assert births["piyolog-ja.txt"].birth.isoformat() == "2031-05-24"
    assert births["piyolog-ja.txt"].first_day == 22


def test_a_profile_gives_the_date_of_birth(tmp_path):
    """Nara has a row for it; what the user says goes before it."""
    sample = next(sample for sample in SAMPLES if sample.name == "nara")
    path = sample.write(tmp_path)
    account = import_logs([path], wanted()).account
    assert (account.birth.isoformat(), account.first_day) == ("2031-01-31", 11)
    assert import_logs([path], wanted(birth="2031-02-01")).account.first_day == 10
