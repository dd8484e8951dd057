"""`lactflow diff`."""

from __future__ import annotations

import json
from math import isnan
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_folders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lactflow.analysis.diff import Diff
    from lactflow.analysis.diff_first import FirstRow
    from lactflow.analysis.diff_settings import Setting
    from lactflow.experiments.sweep.differences import SweepDiff

DIFFERENT = 1
"""Exit code for folders that differ, as that of diff(1)."""
_MOST_SETTINGS = 40
_LONGEST = 200


@click.command("diff")
@click.argument("a", metavar="A", shell_complete=complete_folders)
@click.argument("b", metavar="B", shell_complete=complete_folders)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def command(ctx: click.Context, *, a: str, b: str, as_json: bool) -> None:
    """Compare two run directories: the first difference in time, rows that differ, configs, versions.

    Rows count as different when the other run has no row with the same values in the same unit of work (mother and
    replicate). A and B may also be two comparisons, fits or validations: their own tables are compared, and their runs
    by name. Of two sweeps: what was planned differently, and the first unit whose measures or rows differ. Of two
    diagnoses: lines of the records, keys of configs and of mechanisms, and the tables of the answers.

    Exit codes: 0, both have the same rows, units, status and config (names, titles, versions and builds may differ);
    1, they differ; 2, they are folders of different kinds; 4, one of them cannot be read or is damaged.

    \b
    Example:
      lactflow diff "$(ls -d outputs/*/ | head -n 1)" "$(ls -d outputs/*/ | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.cli.tables import echo, page_width
    from lactflow.experiments.diff import diff

    found = diff(a, b)
    if as_json:
        click.echo(json.dumps(found.as_object(), indent=2))
    else:
        echo(_lines(found, page_width()))
    if not found.identical:
        ctx.exit(DIFFERENT)


def _lines(found: Diff, width: int | None) -> list[str]:
    """What is printed."""
    from lactflow.cli.tables import sentences
    from lactflow.experiments.sweep.differences import SweepDiff

    lines = [f"A: {found.a}", f"B: {found.b}"]
    swept = found if isinstance(found, SweepDiff) else None
    lines += _setting_lines("planned", swept.plan, width) if swept is not None else []
    if swept is not None and swept.unit:
        lines += ["", f"first unit that differs: {swept.unit}"]
        if swept.measures is not None:
            lines += [f"its measures: {', '.join(swept.measures.columns)}", *_sides(swept.measures)]
    if found.first is not None and (swept is None or found.first is not swept.measures):
        lines += ["", *_first_lines(found.first)]
    if any(not table.is_same for table in found.counted):
        lines += ["", *_table_lines(found, width)]
    one_only = [
        *(
            (f"only in {side}: {_units(units)}")
            for side, units in (("A", found.units_a), ("B", found.units_b))
            if units
        ),
        *(f"only in A: run {name}" for name in found.runs_a),
        *(f"only in B: run {name}" for name in found.runs_b),
        *([] if swept is None else _units_alone(swept)),
    ]
    lines += ["", *one_only] if one_only else []
    lines += _setting_lines("made from" if found.kind == "diagnosis" else "config", found.config, width)
    lines += _setting_lines("made by, and how it ended", found.about, width)
    for name, each in found.runs.items():
        lines += [
            "",
            f"run {name}:",
            *(f"  {line}".rstrip() for line in _lines(each, None if width is None else width - 2)),
        ]
    return [*lines, "", *sentences([_verdict(found)], width=width)]


def _verdict(found: Diff) -> str:
    from lactflow.config.text import counted

    same = [table for table in found.counted if table.is_same]
    if found.identical:
        rows = sum(table.rows_a for table in same)
        return f"identical: {counted(rows, 'row')} in {counted(len(same), 'table')}"
    if not found.counted:
        return "different"
    return f"different: {len(same)} of {counted(len(found.counted), 'table')} identical"


def _first_lines(first: FirstRow) -> list[str]:
    from lactflow.units import DAY_MIN

    when = "a table without times"
    if not isnan(first.time_min):
        day, minute = divmod(first.time_min, DAY_MIN)
        hours, minutes = divmod(minute, 60.0)
        when = f"{first.time_min:.12g} min after birth (day {int(day) + 1}, {int(hours)} h {int(minutes)} min)"
    lines = [f"first difference: {when}, table {first.table}, mother {first.mother}, replicate {first.replicate}"]
    if first.columns:
        lines.append(f"  differs in: {', '.join(first.columns)}")
    return [*lines, *_sides(first)]


def _sides(first: FirstRow) -> list[str]:
    return [f"  {side}: {_row(row)}" for side, row in (("A", first.a), ("B", first.b))]


def _units_alone(found: SweepDiff) -> list[str]:
    """Units that one of two sweeps has, with the first of them."""
    from lactflow.config.text import counted

    sides = {
        "planned only in A": found.planned_a,
        "planned only in B": found.planned_b,
        "complete only in A": found.complete_a,
        "complete only in B": found.complete_b,
    }
    return [f"{where}: {counted(each.units, 'unit')}, from {each.first}" for where, each in sides.items() if each.units]


def _row(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no such row"
    return ", ".join(f"{name} = {'nothing' if value is None else value}" for name, value in row.items())


def _table_lines(found: Diff, width: int | None) -> list[str]:
    """Tables that differ, with their numbers of rows."""
    from lactflow.cli.tables import Printed, table

    differing = [each for each in found.counted if not each.is_same]
    notes = []
    for each in differing:
        note = [] if each.same_order else ["the same rows in another order"]
        note += [f"only A has {', '.join(each.columns_a)}"] if each.columns_a else []
        note += [f"only B has {', '.join(each.columns_b)}"] if each.columns_b else []
        notes.append("; ".join(note))
    numbers = {
        "rows in A": [each.rows_a for each in differing],
        "in B": [each.rows_b for each in differing],
        "only in A": [each.only_a for each in differing],
        "only in B": [each.only_b for each in differing],
    }
    columns = [Printed("table", [each.table for each in differing])]
    columns += [Printed(name, [f"{value:,}" for value in values], number=True) for name, values in numbers.items()]
    return table([*columns, Printed("", notes)] if any(notes) else columns, width=width)


def _units(units: Sequence[tuple[int, int]]) -> str:
    from lactflow.config.text import choices

    return "; ".join([choices([f"mother {mother} replicate {replicate}" for mother, replicate in units])])


def _setting_lines(title: str, settings: Sequence[Setting], width: int | None) -> list[str]:
    from lactflow.cli.tables import Printed, table

    if not settings:
        return []
    shown = settings[:_MOST_SETTINGS]
    cells = [[_cut(value) for value in values] for values in ([s.a for s in shown], [s.b for s in shown])]
    keys = [setting.key for setting in shown]
    lines = table([Printed(title, keys), Printed("A", cells[0]), Printed("B", cells[1])], width=width)
    rest = len(settings) - len(shown)
    return ["", *lines, *([f"... and {rest} more (--json lists all)"] if rest else [])]


def _cut(value: str | None) -> str:
    if value is None:
        return "-"
    return value if len(value) <= _LONGEST else value[: _LONGEST - 3] + "..."
