"""`lactflow validate`."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_claims
from lactflow.cli.failures import retried_in_words
from lactflow.cli.progress import shown, stopping_on_signals
from lactflow.cli.tables import warn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lactflow.experiments.tables import TablesOfUnit
    from lactflow.experiments.work import Retried
    from lactflow.recording.folder import ResultFolder
    from lactflow.validation.judge import Result

_TESTED = {"gland": "the gland", "input": "an input", "fitted": "what was fitted to them"}
_MARKS = {"met": "met", "not met": "NOT MET", "not judged": "-"}


@click.command("validate", short_help="Hold the model against its claims and published targets.")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_claims)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; all cores when left out.")
@click.option("--out", default="outputs", show_default=True, metavar="DIR", help="Folder for the results.")
@click.option("--all", "show_all", is_flag=True, help="Show targets that are not judged, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(*, ids: tuple[str, ...], workers: int | None, out: str, show_all: bool, as_json: bool, quiet: bool) -> None:
    """Test the claims (such as C05), published targets (such as T02-017) and spreads (T02-017-spread), all with no ID.

    A claim is met when its scenario does what it must, and fails to when its mechanism is taken away. A target is met
    when the model's value lies within the published band; a spread, when the women of a virtual cohort differ by as
    much as those of the paper. Exit code 0 when all claims are met and exactly the known gaps are missed, else 1. The
    results are also written to a Parquet file, of which `lactflow report` makes a page. All of it takes minutes; so may
    a single target, which is read from several runs. A16 to A19, about what `lactflow diagnose` recognises, are judged
    where they are named: ten minutes of CPU time.

    \b
    Examples:
      lactflow validate C05 C20
      lactflow validate --all
    """  # noqa: D301 - \b is click's mark
    from pathlib import Path

    from lactflow.recording.folder import VALIDATION, ResultFolder
    from lactflow.validation.claims_records import on_request_in_words

    _check_ids(ids)
    left = [] if ids else [on_request_in_words()]
    about = {"command": ["lactflow", *sys.argv[1:]], "on_request": left}
    folder = ResultFolder.create(Path(out), VALIDATION, VALIDATION, about)
    results, written = _judged(ids, workers or os.cpu_count() or 1, folder, quiet=quiet or as_json)
    if not quiet:
        for line in retried_in_words(folder.manifest):
            warn(line)
    unexpected = [result for result in results if not result.expected]
    if as_json:
        click.echo(json.dumps(_as_object(results, written), indent=2, allow_nan=False))
    else:
        for line in [
            *_lines(results, show_all=show_all or bool(ids)),
            "",
            *_summary(results, unexpected),
            *left,
            str(written),
        ]:
            click.echo(line)
    if unexpected:
        raise SystemExit(1)


def _check_ids(ids: tuple[str, ...]) -> None:
    """
    Every ID must be known.

    Raises
    ------
    ConfigError
        With one line for each that is not.
    """
    from lactflow.config.text import nearest, quoted
    from lactflow.errors import ConfigError, Problem
    from lactflow.validation.judge import known_ids

    known = known_ids()
    problems = []
    for each in ids:
        if each not in known:
            match = nearest(re.sub(r"^C(\d)$", r"C0\1", each.upper()), known)
            hint = f"nearest: {match}" if match else "allowed: claims such as C05, and targets such as T02-017"
            problems.append(Problem(f"there is no claim or target {quoted(each)} ({hint})"))
    if problems:
        raise ConfigError(*problems)


def _judged(ids: tuple[str, ...], workers: int, folder: ResultFolder, *, quiet: bool) -> tuple[Sequence[Result], Path]:
    """Simulate and judge, and write the results; the folder records how that ended."""
    from lactflow.diagnosis.diagnose import CACHE
    from lactflow.errors import InterruptedRunError
    from lactflow.recording.folder import OBSERVED, RESULTS
    from lactflow.recording.manifest import RETRIED
    from lactflow.validation.judge import judge, judgeable_ids

    try:
        with stopping_on_signals() as stop, shown("validation", quiet=quiet) as show:

            def progress(share: float, _: float) -> None:
                stop(share, 0.0)
                show(share, 0.0)

            def note(retried: Sequence[Retried[TablesOfUnit]]) -> None:
                folder.update(**{RETRIED: [{"run": each.work.named, "reason": each.reason} for each in retried]})

            results = judge(ids, workers, progress, note, folder.path.parent / CACHE)
        written = folder.write(RESULTS, _as_parquet(results))
        folder.write(OBSERVED, _observed_as_parquet(results))
    except InterruptedRunError as error:
        folder.finish("interrupted", error=str(error))
        raise
    except BaseException as error:
        folder.finish("failed", error=f"{type(error).__name__}: {error}")
        raise
    folder.finish("complete", items=len(judgeable_ids()))
    return results, written


def _as_parquet(results: Sequence[Result]) -> bytes:
    """A row for each result."""
    from dataclasses import asdict

    from lactflow.validation.judge import Result

    return _table_of([asdict(result) for result in results], Result)


def _observed_as_parquet(results: Sequence[Result]) -> bytes:
    """A row for each number of each claim: `id`, then as `lactflow.validation.judge.Observed` has it."""
    from dataclasses import asdict

    from lactflow.validation.judge import Observed

    return _table_of([{"id": result.id, **asdict(each)} for result in results for each in result.observed], Observed)


def _table_of(rows: Sequence[dict[str, Any]], kind: type) -> bytes:
    """Rows of dataclasses of one kind; columns are an `id` and what in it is a single value."""
    from io import BytesIO
    from typing import get_type_hints

    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: dict[Any, pa.DataType] = {
        str: pa.string(),
        str | None: pa.string(),
        bool: pa.bool_(),
        int | None: pa.int64(),
        float | None: pa.float64(),
    }
    hints = {"id": str, **get_type_hints(kind)}
    fields = [pa.field(name, kinds[hint]) for name, hint in hints.items() if hint in kinds]
    content = BytesIO()
    pq.write_table(pa.Table.from_pylist([*rows], schema=pa.schema(fields)), content)
    return content.getvalue()


def _as_object(results: Sequence[Result], written: Path) -> dict[str, Any]:
    from dataclasses import asdict
    from math import isfinite

    rows = [asdict(result) for result in results]
    for each in (each for row in rows for each in row["observed"]):
        if each["value"] is not None and not isfinite(each["value"]):
            each["value"] = None  # JSON has no infinity
    return {"results": rows, "file": str(written)}


def _lines(results: Sequence[Result], *, show_all: bool) -> list[str]:
    lines = []
    for result in results:
        if result.verdict == "not judged" and not show_all:
            continue
        about = ", ".join(word for word in (result.use, result.tests) if word)
        use = f" ({about})" if about else ""
        lines.append(f"{result.id:<15} {_MARKS[result.verdict]:<8}{result.title}{use}")
        lines.append(f"{'':<16}required: {result.required}")
        if result.found:
            lines.append(f"{'':<16}found:    {result.found}")
        if result.source:
            lines.append(f"{'':<16}source:   {result.source}")
        if result.reason:
            lines.append(f"{'':<16}{result.reason}")
        if result.known_gap:
            closed = " (closed)" if result.verdict == "met" else ""
            lines.append(f"{'':<16}known gap{closed}: {result.known_gap}")
    return lines


def _summary(results: Sequence[Result], unexpected: Sequence[Result]) -> list[str]:
    from lactflow.config.text import counted
    from lactflow.validation.judge import share_met
    from lactflow.validation.tested import TESTS, known_rows, quantities

    claims = [result for result in results if result.kind == "claim"]
    lines = []
    if claims:
        met = sum(result.verdict == "met" for result in claims)
        lines.append(f"{met} of {counted(len(claims), 'claim')} met")
    for use in ("calibration", "check"):
        met, judged = share_met(results, use)
        if judged:
            of_drugs, drugs = share_met(results, use, about="exposure")
            without = f"; {met - of_drugs} of {judged - drugs} without drugs and proteins" if drugs else ""
            lines.append(f"{met} of {counted(judged, f'{use} target')} met ({met / judged:.0%}{without})")
    counts = [(tests, *share_met(results, tests=tests)) for tests in TESTS]
    parts = [f"{met} of {judged} that test {_TESTED[tests]}" for tests, met, judged in counts if judged]
    if parts:
        row = next(iter(known_rows().values()))
        lines.append(f"of all targets: {', '.join(parts)} ({row.of} of {len(quantities())} quantities moved)")
    spreads = [result for result in results if result.kind == "spread"]
    if spreads:
        met = sum(result.verdict == "met" for result in spreads)
        lines.append(f"{met} of {counted(len(spreads), 'spread')} between women met")
    not_judged = sum(result.verdict == "not judged" for result in results)
    if not_judged:
        lines.append(f"{counted(not_judged, 'target')} not judged")
    for result in unexpected:
        what = "a known gap has closed" if result.verdict == "met" else "not met, and no known gap"
        lines.append(f"{result.id}: {what}")
    return lines
