"""
What a sample of an export is; the samples themselves stand in `tracker_samples`.

Every name and note in them holds the word of `MARKER`, which must never come out again.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lactflow.trackers.convert import Wanted

MARKER = "Zebulon"
HEADER = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml,first,child"


def wanted(**options) -> Wanted:
    """Options as the command line gives them."""
    if isinstance(options.get("birth"), str):
        options["birth"] = date.fromisoformat(options["birth"])
    if isinstance(options.get("mapping"), str):
        options["mapping"] = Path(options["mapping"])
    return Wanted(**options)


@dataclass(frozen=True)
class Sample:
    """
    An export.

    Attributes
    ----------
    name
        Of its format.
    file
        Name of the file.
    header, rows
        Cells; for a text, `rows` are its lines.
    options
        What the file leaves open.
    log
        Rows of the log, without the header.
    skipped
        Rows left out, by kind.
    dropped
        Lines that are dropped.
    """

    name: str
    file: str
    header: list[str]
    rows: list[list[str]]
    options: dict[str, object]
    log: list[str]
    skipped: dict[str, int] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)

    def write(self, folder: Path, header: list[str] | None = None, rows: list[list[str]] | None = None) -> Path:
        """The file, or one with other cells."""
        header, rows = self.header if header is None else header, self.rows if rows is None else rows
        path = folder / self.file
        path.unlink(missing_ok=True)
        if path.suffix == ".json":
            entries = [dict(zip(header, row, strict=False)) for row in rows]
            path.write_text(json.dumps({"count": len(entries), "results": entries}), encoding="utf-8")
        elif path.suffix == ".txt":
            path.write_text("\n".join(row[0] for row in rows) + "\n", encoding="utf-8")
        elif path.suffix == ".db":
            _database(path, header, rows)
        else:
            stream = io.StringIO(newline="")
            csv.writer(stream).writerows([header, *rows])
            path.write_text(stream.getvalue(), encoding="utf-8")
        return path


def _database(path, header, rows):
    width = len(header)
    with sqlite3.connect(path) as database:
        columns = ", ".join(f'"{name}"' for name in header)
        database.execute(f"CREATE TABLE daily_actions ({columns})")
        database.execute("CREATE TABLE growth (uid, baby_uid, date_millis, weight, notes)")
        for row in rows:
            cells = [*row, *[None] * (width - len(row))][:width]
            database.execute(f"INSERT INTO daily_actions VALUES ({', '.join('?' * width)})", cells)
        database.execute("INSERT INTO growth VALUES ('g1', 'b1', 1904040000000, 4.25, ?)", (MARKER,))
        database.execute("INSERT INTO growth VALUES ('g2', 'b1', 1904140000000, 0, ?)", (MARKER,))
    database.close()


def _cells(text):
    return [next(csv.reader([line])) for line in text.strip().splitlines()]


def sample_of(name, file, header, rows, *, options=None, log, skipped=None, dropped=None):
    return Sample(
        name,
        file,
        header.split(","),
        _cells(rows.replace("NOTE", MARKER)),
        options or {},
        log.strip().splitlines() if log else [],
        skipped or {},
        dropped or [],
    )
