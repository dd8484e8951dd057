"""
The built-in `sum` adds whole numbers only: of floats it gives other results from Python 3.12 on.

Whatever a run, a fit or a validation computes adds floats by `lactflow.kinetics.plain_sum`; pages and printed lines
count.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lactflow
from lactflow.kinetics import plain_sum

PACKAGE = Path(lactflow.__file__).parent
PRINTED = ("cli", "report")
"""What shows results and computes none."""

OF_WHOLE_NUMBERS = {
    "analysis.diff_first._paired": "rows",
    "calibration.trying.Hands._crew_for": "characters",
    "config.logs.oddities.log_oddities": "sessions",
    "config.logs.oddities._gap_lines": "sessions that were added",
    "config.logs.ounces.look_like_ounces": "volumes",
    "config.logs.ounces.in_words": "volumes",
    "config.yaml_source._size": "nodes",
    "diagnosis.room._all_in": "bytes",
    "diagnosis.room.make_room": "bytes",
    "experiments.coarse_sweep.share_of": "runs",
    "experiments.comparing.Comparing._failed_in_words": "runs",
    "experiments.measuring.Measuring._take": "rows",
    "experiments.crew.Crew._share_of": "shares of a progress bar, which are shown only",
    "experiments.sweep.campaign._Campaign._seconds": "units",
    "experiments.sweep.results.Sweep.cached": "units",
    "experiments.sweep.close._Closing.closed": "files",
    "experiments.sweep.design._rows_of": "values of a line",
    "experiments.sweep.estimate.chunks": "units",
    "experiments.sweep.estimate.estimate": "bytes and units",
    "experiments.sweep.plan.planned": "units",
    "experiments.sweep.status.counts_of": "units and files",
    "experiments.sweep.verify.sweep_problems": "units",
    "experiments.sweep.writer.Writer.add": "bytes",
    "experiments.fit_log.HerLog.volumes": "volumes",
    "exports.tables.gathered": "rows",
    "gland.lines.Lines.stations": "stations",
    "gland.lines.Line.unloaded": "packets",
    "recording.archive.Archive._claim": "rows",
    "recording.manifest.absent": "units of work",
    "recording.manifest.miscounts": "rows",
    "recording.memory.MemoryTables.nbytes": "bytes",
    "recording.memory.TableRecorder.instant_over": "rows",
    "recording.recorder.RunRecorder.pending_rows": "rows",
    "trackers.account.Account.dropped": "rows",
    "trackers.containers._check_workbook": "bytes",
    "trackers.containers._sheet_tables": "cells",
    "trackers.convert._import": "drafts",
    "trackers.convert._rows": "lines",
    "trackers.doubts.since_birth": "rows",
    "trackers.formats._contradictions": "keys",
    "trackers.sheet.delimited": "cells",
    "validation.judge.share_met": "results",
    "validation.recognised.Clinic.__init__": "mothers",
}
"""Functions that may call `sum`, and what they count."""


def uses(source: str, name: str = "sum") -> list[str]:
    """Where a module names a built-in function: classes and functions around it, joined by dots."""
    found = []

    def look(node: ast.AST, around: tuple[str, ...]) -> None:
        if isinstance(node, ast.Name) and node.id == name:
            found.append(".".join(around))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            around = (*around, node.name)
        for child in ast.iter_child_nodes(node):
            look(child, around)

    look(ast.parse(source), ())
    return found


def uses_in_the_package() -> set[str]:
    """All of them, by module, without what only prints."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] not in PRINTED:
            found |= {".".join((*parts, use)) for use in uses(path.read_text(encoding="utf-8"))}
    return found


def test_floats_are_not_added_by_the_built_in_sum():
    """A new sum of floats takes `plain_sum`, one of whole numbers a line above; a line without a sum is stale."""
    assert uses_in_the_package() == OF_WHOLE_NUMBERS.keys()


def test_uses_are_found_by_hand():
    """Calls, names without a call, nested functions; attributes and other names are none."""
    source = """
class A:
    def f(self):
        def g():
            return sum([1.0])
        return frame.sum(), plain_sum([]), map(sum, [])
h = sum
"""
    assert uses(source) == ["A.f.g", "A.f", ""]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1] * 10, 0.9999999999999999),  # 1.0 where rounding is compensated
        ([1e16, 1.0, -1e16], 0.0),  # 1.0 where it is
        ([1.0, 1e16, -1e16], 0.0),
        ([1e16, -1e16, 1.0], 1.0),
        ([2, 0.5], 2.5),
        ([], 0.0),
    ],
)
def test_plain_sum_adds_from_left_to_right(values, expected):
    """One rounding after each addition, whatever the version of Python; the sum is a float."""
    assert plain_sum(values) == expected
    assert plain_sum(iter(values)) == expected
    assert isinstance(plain_sum(values), float)
