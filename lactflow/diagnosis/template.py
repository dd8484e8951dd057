"""An empty clinical record, with what may stand in it."""

from __future__ import annotations

import csv
import io
import textwrap

from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.table import COLUMNS

_WIDTH = 110
_HEAD = """\
# A clinical record: one row a fact. Needed is the birth, all else helps. Rows may be repeated, in any order, and
# those that are not filled in are left out. Lines that begin with # are comments.
# time: such as 2031-05-03 08:10, on the clock of the wall. A date alone is enough where no time of day is asked for.
# breast: left, right, both, or empty for both. value: such as 14.2, or <3 for a reading below what was measurable.
# unit: one of those that are named, beside the value or in its cell. note: anything.
"""


def template_text() -> str:
    """An empty record as CSV, with a comment and a row for each kind; it can be read once `birth` has a time."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    stream.write(_HEAD)
    for name, kind in KINDS.items():
        clock = " Its time of day is needed." if kind.timed else ""
        units = f" Units: {', '.join(kind.units)}." if kind.units else ""
        stream.write("#\n" + _comment(f"{name}: {kind.about}.{units}{clock}"))
        writer.writerow(["", name, "", "", kind.unit, ""])
    return stream.getvalue()


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in textwrap.wrap(text, _WIDTH))
