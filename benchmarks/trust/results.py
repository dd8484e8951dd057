"""The results of the experiments: a file of JSON, and the page that is made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.circumstances import circumstances as measured_with
from benchmarks.trust.catalogue import EXPERIMENTS

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "trust.json"
PAGE = ROOT / "docs" / "background" / "trust.md"
MARKERS = ("<!-- trust:begin -->\n", "<!-- trust:end -->\n")


def circumstances() -> dict[str, Any]:
    """With what, when and on which class of machine a row is measured."""
    return measured_with("benchmarks/results", "docs/background/trust.md")


def is_whole(row: dict[str, Any], commit: str | None) -> bool:
    """Whether a row has the stated number of tries, all at this commit."""
    return commit is not None and row.get("commit") == commit and row["tried"] >= row["size"]


def load(file: Path) -> dict[str, dict[str, Any]]:
    """Rows by the name of their experiment; none where there is no file yet."""
    if not file.is_file():
        return {}
    rows: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["rows"]
    return rows


def save(file: Path, rows: dict[str, dict[str, Any]]) -> None:
    """Write rows in the order of the experiments, in one step."""
    ordered = {each.name: rows[each.name] for each in EXPERIMENTS if each.name in rows}
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".tmp")
    beside.write_text(json.dumps({"rows": ordered}, indent=2) + "\n", encoding="utf-8")
    beside.replace(file)


def page_part(rows: dict[str, dict[str, Any]] | None = None) -> str:
    """
    The generated part of the page: the table, what counts as lost, and what was lost.

    Parameters
    ----------
    rows
        The results; those of the file when None.
    """
    rows = load(RESULTS) if rows is None else rows
    if not rows:
        return "\nNothing has been measured yet.\n\n"
    table = ["| what was tried | tried | lost |", "|---|---|---|"]
    table += [f"| {row['title']} | {row['tried']:,} | {row['lost']:,} |" for row in rows.values()]
    missing = [each.title for each in EXPERIMENTS if each.name not in rows]
    short = [row["title"] for row in rows.values() if row["tried"] < row["size"]]
    parts = ["", *table, ""]
    if missing:
        parts += [f"Not measured yet: {'; '.join(missing)}.", ""]
    if short:
        parts += [f"With fewer tries than stated: {'; '.join(short)}.", ""]
    for row in rows.values():
        parts += _details(row)
    return "\n".join([*parts, *_measured_with(rows), "", ""])


def _details(row: dict[str, Any]) -> list[str]:
    """How one row was tried, and how the tries ended."""
    lines = [f"## {row['title'][0].upper()}{row['title'][1:]}", "", f"{row['how']}. Lost: {row['lost_means']}", ""]
    lines += ["| kind | tried | how the tries ended |", "|---|---|---|"]
    for kind, ends in row["ends"].items():
        counted = ", ".join(f"{end} {number:,}" for end, number in ends.items())
        lines.append(f"| {_cell(kind)} | {sum(ends.values()):,} | {_cell(counted)} |")
    if row["lost"]:
        more = row["lost"] - len(row["losses"])
        lines += ["", "Lost:", "", *(f"- {_plain(each)}" for each in row["losses"])]
        lines += [f"- and {more:,} more"] if more else []
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _plain(text: str) -> str:
    """As code, so that nothing in it is taken for Markdown."""
    return "`" + text.replace("`", "'") + "`"


def _measured_with(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Commits, dates, machines and versions; a line for each that differs."""
    measured: dict[str, list[str]] = {}
    for name, row in rows.items():
        versions = ", ".join(f"{library} {version}" for library, version in row["versions"].items())
        where = f"commit {row['commit'] or 'unknown'}, {row['date']}, {row['machine']}, seed {row['seed']}; {versions}"
        measured.setdefault(where, []).append(name)
    lines = ["## Measured with", ""]
    for where, names in measured.items():
        which = "All rows" if len(measured) == 1 else ", ".join(names)
        lines.append(f"- {which}: {where}.")
    cpu_min = sum(row["cpu_s"] for row in rows.values()) / 60.0
    return [*lines, "", f"{cpu_min:.0f} min of CPU time in all."]


def update_page() -> None:
    """Write the generated part of the page anew."""
    begin, end = MARKERS
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.partition(begin)[0], text.partition(end)[2]
    PAGE.write_text(before + begin + page_part() + end + after, encoding="utf-8")
