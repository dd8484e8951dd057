"""docs/guides/import.md is true: its mapping reads its sheet, and it names every format and every key of the report."""

from __future__ import annotations

import re
from pathlib import Path

from lactflow.trackers.account import Account
from lactflow.trackers.formats import shipped_formats
from lactflow.trackers.schema import ClockColumns, Durations, Format, Take

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "import.md").read_text(encoding="utf-8")


def block(language):
    """The only block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, flags=re.DOTALL | re.MULTILINE)
    return found


def test_its_mapping_reads_its_sheet(tmp_path, read):
    """Two rows, and a diaper that is counted."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(block("yaml"), encoding="utf-8")
    imported = read(block("csv"), mapping=str(mapping))
    assert [row.draft.kind for row in imported.rows] == ["breast", "pump"]
    assert imported.account.skipped == {"windel": 1}


def test_every_format_stands_in_it():
    """By the name that --from takes."""
    table = GUIDE.split("## Formats")[1].split("## ")[0]
    named = set(re.findall(r"^\| [^|]* \| `([a-z][a-z-]*)` \|", table, flags=re.MULTILINE))
    for name in shipped_formats():
        assert any(name == word or name.startswith(f"{word}-") for word in named)
    for word in named:
        assert any(name == word or name.startswith(f"{word}-") for name in shipped_formats())


def test_every_key_stands_in_it():
    """Of the report, and of a mapping."""
    report = set(Account().as_object(None))
    unsaid = {"format", "name", "title", "note", "remark", "container", "lines", "tables", "contains_by_file", "epoch"}
    mapping = {name for part in (Format, ClockColumns, Durations, Take) for name in part.model_fields} - unsaid
    assert not [name for name in report | mapping if f"`{name}" not in GUIDE and f"`rows[].{name}" not in GUIDE]
