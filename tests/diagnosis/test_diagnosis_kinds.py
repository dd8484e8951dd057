"""Kinds of facts: units by hand, limits that hold each other, errors of instruments, and the empty record."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from records import read, remarks

from lactflow.diagnosis.kinds import ALSO, BOTTLES, KINDS, REFUSED
from lactflow.diagnosis.record import read_record
from lactflow.diagnosis.template import template_text
from lactflow.parameters.declaration import declared_quantities
from lactflow.parameters.instruments import INSTRUMENTS
from lactflow.trackers.amounts import word_of

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "record.md"


@pytest.mark.parametrize(
    ("kind", "value", "unit", "wanted"),
    [
        ("weight", 3410, "g", 3.41),
        ("weight", 120, "oz", 3.4019),
        ("weight", 7.5, "lbs", 3.4019),
        ("test_weigh", 62, "mL", 62.0),
        ("test_weigh", 2, "oz", 56.699),
        ("pump", 2, "fl oz", 59.147),
        ("pump", 103, "g", 100.0),
        ("pump", 0.1, "L", 100.0),
        ("sodium", 23, "mEq/L", 23.0),
        ("sodium", 23, "mg/dL", 10.004),
        ("sodium", 0.23, "g/L", 10.004),
        ("potassium", 50, "mg/100 mL", 12.788),
        ("lactose", 7, "g/dL", 204.50),
        ("lactose", 70, "g/l", 204.50),
        ("citrate", 0.8, "g/L", 4.1641),
        ("glucose", 27, "mg/dl", 1.4987),
        ("glucose", 1500, "\u00b5mol/L", 1.5),
        ("protein", 1.2, "g/dL", 12.0),
        ("albumin", 400, "mg/L", 0.4),
        ("prolactin", 4240, "mIU/L", 200.0),
        ("prolactin", 4240, "\u03bcIU/mL", 200.0),
        ("prolactin", 200, "\u00b5g/L", 200.0),
        ("feeds_per_day", 9, "per day", 9.0),
    ],
)
def test_units_by_hand(kind, value, unit, wanted):
    """Molar masses 22.990, 39.098, 342.30, 192.12, 180.16; 28.3495 g and 29.5735 mL an ounce; 21.2 mU a microgram."""
    assert value * KINDS[kind].factor(unit) == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("weight", "fl oz"),
        ("weight", "mL"),
        ("pump", "lb"),
        ("sodium", "mU/L"),
        ("glucose", "mEq/L"),
        ("felt_onset", "h"),
    ],
)
def test_units_of_something_else_are_not_known(kind, unit):
    """A fluid ounce is no weight, and glucose has no charge."""
    assert KINDS[kind].factor(unit) is None


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_whole(name):
    """What is plausible is possible; the unit that values are kept in is read as it is; no word means two things."""
    kind = KINDS[name]
    (low, high), (least, most) = kind.within, kind.plausible
    assert low <= least <= most <= high
    assert kind.about
    assert (kind.value == "none") == (not kind.units) == (not kind.unit)
    assert all(factor > 0.0 for factor in kind.units.values())
    if kind.units:
        assert kind.units[kind.unit] == 1.0
        assert low < high
        words = [word_of(unit) for unit in kind.units]
        assert len(words) == len(set(words))
    assert kind.source.is_paper or kind.note
    assert not kind.measured or all(kind.factor(unit) == factor for unit, factor in kind.units.items())


def test_words_for_kinds_are_one_thing_each():
    """Other words and refused ones are no kinds; what they stand for is one."""
    assert not {*ALSO, *REFUSED, "bottle"} & {*KINDS}
    assert {*ALSO.values(), *BOTTLES} <= {*KINDS}


def test_errors_of_instruments_are_declared():
    """Each is that of a kind, or converts a unit; a test weighing has two."""
    declared = {item.key: item.value for item in declared_quantities(INSTRUMENTS)}
    used = {key for kind in KINDS.values() for key in kind.errors}
    assert used == {*declared} - {"milk_g_per_ml", "prolactin_mu_per_ug"}
    kind = KINDS["test_weigh"]
    assert [kind.error(note).value for note in ("", "naked", "Untrained, at home")] == [2.5, 2.5, 7.0]
    assert KINDS["sodium"].error("untrained").key == "sodium_log_sd"
    assert KINDS["birth"].error() is None


def test_the_template_has_every_kind(tmp_path):
    """It is read once the birth has a time; each row has the unit that values are kept in, and a comment before it."""
    text = template_text()
    rows = [row for row in csv.reader(text.splitlines()) if not row[0].startswith("#")]
    assert [row[1] for row in rows[1:]] == [*KINDS]
    assert all(row == ["", name, "", "", KINDS[name].unit, ""] for row, name in zip(rows[1:], KINDS, strict=True))
    assert all(f"\n# {name}: " in text for name in KINDS)
    assert max(map(len, text.splitlines())) <= 120
    path = tmp_path / "record.csv"
    path.write_text(text.replace(",birth,,,", "2031-05-03 08:10,birth,,3.4,"), encoding="utf-8")
    record = read_record(path)
    assert [fact.kind for fact in record.facts] == ["birth"]
    assert remarks(record)[-1] == "there is nothing but the birth"
    assert record.birth.weight_kg == 3.4


def test_a_template_filled_in_reads_in_full(tmp_path):
    """Every row with a value in the middle of what is plausible: nothing is doubted."""
    rows = []
    for name, kind in KINDS.items():
        value = "" if kind.value == "none" else f"{(kind.plausible[0] + kind.plausible[1]) / 2:g}"
        rows.append(f"2031-05-0{4 - (name == 'birth')} 09:00,{name},,{value},{kind.unit},")
    record = read(tmp_path, *rows, birth=None)
    assert [fact.kind for fact in record.facts] == [*KINDS]
    assert record.warnings == ()


def test_a_template_that_a_spreadsheet_saved(tmp_path):
    """Comments with commas stand in quotation marks, or in several cells; the separator may be another one."""
    lines = [f'"{line}"' if line.startswith("#") else line.replace(",", ";") for line in template_text().splitlines()]
    lines = [line.replace(";birth;;;", "03.05.2031 08:10;birth;;3,4;") for line in lines]
    path = tmp_path / "record.csv"
    path.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    assert read_record(path).birth.weight_kg == 3.4


def test_the_page_shows_what_its_record_gives(tmp_path, monkeypatch):
    """The example of the page, read as its code reads it."""
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    record, shown = (block.partition("```")[0] for block in text.split("```text\n")[1:3])
    assert record.splitlines()[1].endswith("parity: 1")
    Path("record.csv").write_text(record, encoding="utf-8")
    assert "\n".join(read_record(Path("record.csv")).summary()) + "\n" == shown
