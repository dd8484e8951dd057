"""Each format: a small export of every kind of row becomes the log that a person would write."""

from __future__ import annotations

import pytest
from tracker_samples import HEADER, MARKER, SAMPLES, wanted

from lactflow.trackers.convert import import_logs
from lactflow.trackers.formats import shipped_formats


def test_every_format_has_a_sample():
    """A format without one is not tested."""
    assert {sample.name for sample in SAMPLES} == set(shipped_formats())


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
