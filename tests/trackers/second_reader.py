"""
What an export holds, counted by a reader that shares no code with lactflow.

It knows only sums: how many rows there are, and how many minutes and millilitres stand in the rows of feeds, pumpings
and bottles. What an import takes and what it says it left out must be these.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing

from second_cells import volume
from second_formats import READERS, daybook


def total(name, path, unit):
    """Rows, minutes and millilitres of a file; `unit` is millilitres in one of a volume without a unit."""
    raw = path.read_bytes()
    if path.suffix == ".db":
        return _database(path)
    text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    if path.suffix == ".txt":
        return _piyolog(text)
    if path.suffix == ".json":
        rows = [{key: str(cell or "").strip() for key, cell in entry.items()} for entry in json.loads(text)["results"]]
    else:
        rows = _table(text)
    minutes = ml = 0.0
    for row in rows:
        a, b = READERS[name](row, unit, path.name)
        minutes, ml = minutes + a, ml + b
    return len(rows), minutes, ml


def _table(text):
    lines = [row for row in csv.reader(io.StringIO(text), skipinitialspace=True) if any(cell.strip() for cell in row)]
    header = [re.sub(r"\s*\((min|oz\.|ml|seconds)\)$", "", name.strip().lower()) for name in lines[0]]
    units = [re.search(r"\((oz\.|ml)\)$", name.strip().lower()) for name in lines[0]]
    rows = []
    for cells in lines[1:]:
        row = {}
        for key, unit, cell in zip(header, units, [*cells, *[""] * len(header)], strict=False):
            row[key] = cell.strip()
            if unit:
                row[f"{key}/unit"] = unit[1].strip(".")
        rows.append(row)
    return rows


def _piyolog(text):
    rows, minutes, ml = 0, 0.0, 0.0
    for line in text.split("\n"):
        match = re.match(r"(\d{1,2}:\d{2})(?:\s?[AP]M)?\s+(\S.*?)\s*$", line, re.IGNORECASE)
        if not match:
            continue
        rows += 1
        what = match[2]
        if re.match(r"(nursing|breastfeeding|母乳)(\s|$)", what, re.IGNORECASE):
            total = re.match(r"\S+\s+(\d+)\s*(?:min|m|分)(?![a-z])", what, re.IGNORECASE)
            before = minutes
            for side in (r"(?:\bLeft|\bL|左)", r"(?:\bRight|\bR|右)"):
                found = re.search(side + r"\s*(\d+)\s*(?:min|m|分)", what, re.IGNORECASE)
                minutes += float(found[1]) if found else 0.0
            minutes += float(total[1]) if total and minutes == before else 0.0
            weighed = re.match(r"[^()]*\((\d[\d.]*)\s*ml\)", what, re.IGNORECASE)
            ml += volume(weighed[1], 1.0) if weighed else 0.0
        elif re.match(
            r"(formula|ミルク|pumped breast milk|expressed breast milk|搾母乳|pumping|搾乳)(\s|$)", what, re.IGNORECASE
        ):
            found = re.match(r"\D*?\s(\d[\d.]*)\s*(ml|oz)", what, re.IGNORECASE)
            ml += volume(found[1] + found[2], 1.0) if found else 0.0
    return rows, minutes, ml


def _database(path):
    minutes = ml = 0.0
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        rows = [
            {key: "" if cell is None else str(cell).strip() for key, cell in dict(row).items()}
            for row in database.execute("SELECT * FROM daily_actions")
        ]
        count = len(rows) + database.execute("SELECT count(*) FROM growth").fetchone()[0]
    for row in rows:
        if row["deleted"].lower() in ("1", "true"):
            continue
        a, b = daybook(row, 1.0, "")
        minutes, ml = minutes + a, ml + b
    return count, minutes, ml
