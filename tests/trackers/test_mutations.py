"""
Damaged exports of every format: read or refused, never a traceback, and no minute or millilitre is lost in silence.

What went in is counted by a reader that shares no code with the import (`second_reader`); what came out is the log, and
what the report says was left out.
"""

from __future__ import annotations

import csv
import io
import random

import pytest
import second_reader
from readable import assert_readable
from tracker_samples import MARKER, SAMPLES, wanted

from lactflow.errors import ConfigError
from lactflow.trackers.convert import import_logs

_OZ = 29.5735
_JUNK = [
    "",
    " ",
    "abc",
    "-5",
    "1e5",
    "nan",
    "inf",
    "0",
    "00",
    "7",
    "999999999999",
    "99999",
    "5000ml",
    "12:75",
    "3:4:5",
    "1/2",
    "?",
    "L",
    "é",
    "5,5,5",
    "'",
]
_LETTERS = '0123456789:/-.,; abLRmlozAPM"\n\t()'


def mutated(sample, chance):
    """Cells of a sample with one to four changes."""
    header, rows = list(sample.header), [list(row) for row in sample.rows]
    for _ in range(chance.randint(1, 4)):
        if not rows:
            break
        if chance.random() < 0.6:
            row = chance.choice(rows)
            place = chance.randrange(len(row))
            row[place] = _changed(row[place], rows, place, chance)
        else:
            _move(rows, sample, chance)
    return header, rows


def _changed(cell, rows, place, chance):
    """Another content of a cell."""
    what = chance.randrange(5)
    digits = [at for at, letter in enumerate(cell) if letter.isdigit()]
    if what == 0:
        return chance.choice(_JUNK)
    if what == 1 and digits:
        at = chance.choice(digits)
        return cell[:at] + chance.choice("0123456789") + cell[at + 1 :]
    if what == 2:
        return cell.upper() if chance.random() < 0.5 else f"  {cell} "
    other = chance.choice(rows)
    return other[min(place, len(other) - 1)] if what == 3 else ""


def _move(rows, sample, chance):
    """A row repeated, left out, cut short, or all in another order."""
    at = chance.randrange(len(rows))
    what = chance.randrange(4)
    if what == 0:
        rows.insert(chance.randrange(len(rows) + 1), list(rows[at]))
    elif what == 1:
        del rows[at]
    elif what == 2 and len(rows[at]) > 1:
        del rows[at][chance.randrange(1, len(rows[at])) :]
    elif not sample.file.endswith(".txt"):
        chance.shuffle(rows)


def refused(path, sample):
    """What is wrong with a file, None where it is read."""
    try:
        return None, import_logs([path], wanted(**sample.options))
    except ConfigError as error:
        return error, None


def checked(sample, path):
    """Import a file and hold the books against the second reader; gives whether it was read."""
    error, imported = refused(path, sample)
    if error is not None:
        assert error.problems
        assert all("\n" not in str(problem) for problem in error.problems)
        assert MARKER not in str(error)
        return False
    account = imported.account
    assert account.rows == account.taken + sum(account.skipped.values()) + account.dropped
    assert MARKER not in imported.csv() + str(account.as_object(None))
    unit = _OZ if sample.options.get("unit") == "oz" else 1.0
    rows, minutes, ml = second_reader.total(sample.name, path, unit)
    other = account.skipped.get("lines that are no event", 0)
    tolerance = 0.02 * (rows + 1)
    content = path.read_bytes()
    assert account.rows - other == rows, content
    assert account.minutes + account.left_out_minutes == pytest.approx(minutes, abs=tolerance), content
    assert account.ml + account.left_out_ml == pytest.approx(ml, abs=0.1 * (rows + 1)), content
    assert_readable(imported)
    written = list(csv.DictReader(io.StringIO(imported.csv())))
    assert len(written) == account.written
    assert _ml(written) == pytest.approx(account.ml, abs=0.01)
    return True


def _ml(rows):
    sides = sum(float(row["left_ml"] or 0) + float(row["right_ml"] or 0) for row in rows)
    whole = sum(float(row["volume_ml"] or 0) for row in rows if not row["left_ml"] and not row["right_ml"])
    return sides + whole


def _run(tmp_path, number, seed):
    chance = random.Random(seed)
    read = 0
    for turn in range(number):
        sample = SAMPLES[turn % len(SAMPLES)]
        header, rows = mutated(sample, chance)
        read += checked(sample, sample.write(tmp_path, header, rows))
    return read


def test_the_second_reader_agrees_on_whole_samples(tmp_path):
    """Nothing is changed: nothing is lost."""
    for sample in SAMPLES:
        assert checked(sample, sample.write(tmp_path))


@pytest.mark.slow
def test_three_hundred_damaged_exports(tmp_path):
    """Cells emptied, changed, moved and repeated; most are read all the same."""
    assert _run(tmp_path, 300, seed=1) > 200


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_ten_thousand_damaged_exports(tmp_path):
    """The same, of every format, ten thousand times."""
    assert _run(tmp_path, 10_000, seed=2) > 7_000


def _scribbled(text, chance):
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        what = chance.randrange(3)
        if what == 0:
            text = text[:at] + chance.choice(_LETTERS) + text[at:]
        elif what == 1:
            text = text[:at] + text[at + chance.randint(1, 6) :]
        else:
            text = text[:at] + chance.choice(_LETTERS) + text[at + 1 :]
    return text


def _scribble(tmp_path, number, seed):
    chance = random.Random(seed)
    samples = [sample for sample in SAMPLES if not sample.file.endswith(".db")]
    for turn in range(number):
        sample = samples[turn % len(samples)]
        path = sample.write(tmp_path)
        path.write_text(_scribbled(path.read_text(encoding="utf-8"), chance), encoding="utf-8")
        _, imported = refused(path, sample)
        if imported is None:
            continue
        account = imported.account
        assert account.rows == account.taken + sum(account.skipped.values()) + account.dropped
        assert_readable(imported)


def test_letters_changed_anywhere_give_no_traceback(tmp_path):
    """Headers, separators and quotation marks too."""
    _scribble(tmp_path, 300, seed=3)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_letters_changed_anywhere_ten_thousand_times(tmp_path):
    """The same, ten thousand times."""
    _scribble(tmp_path, 10_000, seed=4)


@pytest.mark.parametrize("seed", range(40))
def test_bytes_of_a_database_or_workbook_changed_anywhere(tmp_path, seed):
    """A database is read or refused."""
    chance = random.Random(seed)
    sample = next(sample for sample in SAMPLES if sample.file.endswith(".db"))
    path = sample.write(tmp_path)
    raw = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 40)):
        raw[chance.randrange(16, len(raw))] = chance.randrange(256)
    path.write_bytes(raw)
    error, imported = refused(path, sample)
    assert (error is None) != (imported is None)
