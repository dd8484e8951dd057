"""Formats are files: each names its source, a new one is a file more, and a user's mapping is one of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tracker_samples import wanted

import lactflow.trackers
from lactflow.errors import ConfigError
from lactflow.trackers import formats
from lactflow.trackers.formats import parse_format, shipped_formats

FOLDER = Path(lactflow.trackers.__file__).parent / "formats"
MAPPING = """\
format: 1
name: our-sheet
title: Our sheet
clock: {start: ["{Datum} {Uhrzeit}"]}
durations: {number: minutes, colon: "m:ss"}
volume_unit: mL
extract:
  - {column: Was, matches: '^Stillen (?P<side>links|rechts)'}
rows:
  - when: [{column: Was, matches: '^Stillen'}]
    take:
      - kind: breast
        minutes: [{column: Dauer}]
        side: {column: side, left: [links], right: [rechts]}
  - when: [{column: Was, words: [Pumpen]}]
    take:
      - {kind: pump, minutes: [{column: Dauer}], volume: [{column: Menge}]}
skip:
  - {column: Was, words: [Windel]}
"""
SHEET = """\
Datum;Uhrzeit;Was;Dauer;Menge
3.5.2031;08:10;Stillen links;12;
3.5.2031;11:00;Pumpen;15:30;82,5
3.5.2031;12:00;Windel;;
"""


@pytest.mark.parametrize("name", sorted(shipped_formats()))
def test_a_format_cites_where_its_header_was_read(name):
    """No header is invented."""
    found = shipped_formats()[name]
    assert found.source
    assert all(len(source.where) > 10 and len(source.read) > 20 for source in found.source)
    assert found.title
    assert (FOLDER / f"{name}.yaml").is_file()


def test_a_new_format_is_one_file(tmp_path, monkeypatch, read):
    """It is listed and recognised without anything else."""
    folder = tmp_path / "formats"
    shutil.copytree(FOLDER, folder)
    text = MAPPING.replace("clock:", "recognise: {columns: [Datum, Uhrzeit, Was]}\nclock:")
    (folder / "our-sheet.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(formats, "_folder", lambda: folder)
    shipped_formats.cache_clear()
    try:
        assert "our-sheet" in shipped_formats()
        assert read(SHEET).account.formats == ["our-sheet"]
    finally:
        shipped_formats.cache_clear()


def test_a_mapping_reads_a_sheet(tmp_path, read):
    """Date and time in two columns, words of another language, decimal commas."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    imported = read(SHEET, mapping=str(mapping))
    assert imported.csv().splitlines()[1:] == [
        "2031-05-03 08:10,breast,12,,,,,,",
        "2031-05-03 11:00,pump,15.5,15.5,82.5,,,,",
    ]
    assert imported.account.skipped == {"windel": 1}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("minutes: [{column: Dauer}]\n        side", "minutesx: [{column: Dauer}]\n        side", "nearest: minutes"),
        ("kind: breast", "kind: brest", "nearest: breast"),
        ("number: minutes", "number: minutesx", "nearest: minutes"),
        ("format: 1", "format: 2", "format"),
        ("'^Stillen'", "'(('", "regular expression"),
        ("'^Stillen'", "'(a+)+b'", "repeats"),
        ('clock: {start: ["{Datum} {Uhrzeit}"]}', "", "clock: missing"),
        ("skip:", "skipx:", "nearest: skip"),
        ("volume_unit: mL", "volume_unit: cup", "allowed: mL, oz"),
        ("volume_unit: mL", "container: text", "needs `lines`"),
    ],
)
def test_a_wrong_mapping_is_reported_with_its_place(old, new, words):
    """File, line and column, and the nearest name."""
    assert old in MAPPING
    with pytest.raises(ConfigError) as error:
        parse_format(MAPPING.replace(old, new).encode(), "m.yaml")
    assert words in str(error.value)
    assert all(problem.line for problem in error.value.problems)


def test_a_mapping_of_columns_that_are_not_there(tmp_path, read):
    """Each is an error in the mapping, with the nearest column of the file."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING.replace("column: Menge", "column: Mengen"), encoding="utf-8")
    with pytest.raises(ConfigError, match="nearest: Menge") as error:
        read(SHEET, mapping=str(mapping))
    assert (error.value.problems[0].line, error.value.problems[0].key) == (17, "rows.1.take.0.volume.0.column")
    with pytest.raises(ConfigError, match="no such mapping"):
        read(SHEET, mapping=str(tmp_path / "none.yaml"))


def test_a_mapping_is_data(tmp_path, read):
    """Tags, anchors that explode and other tricks of YAML are refused as in a config."""
    mapping = tmp_path / "mapping.yaml"
    for text in ("!!python/object/apply:os.system [ls]", "[1, 2]", "a: [", ""):
        mapping.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError):
            read(SHEET, mapping=str(mapping))
    assert wanted().mapping is None
