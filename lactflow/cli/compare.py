"""`lactflow compare`."""

from __future__ import annotations

import json
import sys
from math import floor, isfinite, isnan, log10
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.compared_drugs import drug_lines, drugs_as_objects
from lactflow.cli.completion import complete_measure, complete_scenarios, complete_varied
from lactflow.cli.failures import retried_in_words
from lactflow.cli.half_width import stop_of
from lactflow.cli.options import needs_config_or_resume, resume_option, scenario_options
from lactflow.cli.progress import shown_by_phase, stopping_on_signals
from lactflow.cli.tables import PLUS_MINUS, Printed, echo, folded, in_blocks, page_width, sentences, warn
from lactflow.errors import SomeUnitsFailedError
from lactflow.systems import shell_word

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from lactflow.config.scenario import Scenario
    from lactflow.experiments.comparison import Comparison

_STOPPED_ON = "removed_ml_per_day"
_WIDE = 160
"""Characters in a line that have room for the names of measures too."""
_HEAD = 12
"""Characters of a line in the heading of a scenario, on a terminal."""
_SMALL = 0.1
"""Below this, measures of drugs have three digits that count."""


@click.command("compare", short_help="Simulate scenarios on common random numbers and show how they differ.")
@click.argument("configs", nargs=-1, metavar="CONFIG...", shell_complete=complete_scenarios)
@click.option(
    "--vary",
    shell_complete=complete_varied,
    metavar="KEY=A,B,C",
    help="Compare one CONFIG under several values of a key, the first being the baseline.",
)
@click.option("--replicates", type=int, help="Replicates of each scenario; the default is 10, and 1 for a cohort.")
@click.option(
    "--until-ci", "width", metavar="WIDTH", help="Add replicates until the interval is +- WIDTH, such as 5mL."
)
@click.option(
    "--measure",
    default=_STOPPED_ON,
    show_default=True,
    metavar="NAME",
    shell_complete=complete_measure,
    help="Measure whose interval --until-ci means.",
)
@click.option(
    "--coarse",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Simulate N replicates at the coarsest resolution too, the first of them those of --replicates: milk made and "
    "removed are estimated from both. For schedules with set times.",
)
@click.option("--visits/--no-visits", default=None, help="A row for each packet in every run; the default is none.")
@click.option("--cache", metavar="DIR", help="Folder of results that runs share: nothing in it is simulated again.")
@resume_option("Resume a comparison that was killed, interrupted or failed; alone.")
@scenario_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    configs: tuple[str, ...],
    resume: str | None,
    settings: tuple[str, ...],
    vary: str | None,
    width: str | None,
    measure: str,
    coarse: int | None,
    workers: int | None,
    out: str,
    name: str | None,
    visits: bool | None,
    cache: str | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    **options: object,
) -> None:
    """Compare two or more scenarios, the first being the baseline.

    All are simulated with the same mothers and common random numbers, and differences are taken pair by pair. Writes
    the runs, the differences as Parquet and a figure into a folder below DIR, and prints a table: means, paired
    differences, and their 95 % intervals. NAME of a measure is its name in that Parquet file.

    --resume takes the folder of a comparison that did not end well, and beside it only --workers, --json and --quiet.
    What has been simulated completely is kept, and the results are those of a comparison that nothing has stopped.

    \b
    Examples:
      lactflow compare every-two-hours every-four-hours --replicates 4 --days 3
      lactflow compare every-three-hours on-demand --days 10 --until-ci 20mL
      lactflow compare every-three-hours --days 10 --vary gland.lumen.capacity_ml=100,200
      lactflow compare every-two-hours every-three-hours --days 10 --replicates 5 --coarse 50
      lactflow compare every-two-hours every-four-hours --days 3 --replicates 4 --cache outputs/cache
      lactflow compare --resume "$(ls -d outputs/compare-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.experiments.coarse import coarse_of
    from lactflow.experiments.compared import loaded
    from lactflow.recording.files import check_folder

    needs_config_or_resume(ctx, "configs", resume)
    if resume is not None:
        show(lambda quiet: _resumed(resume, workers, quiet=quiet), as_json=as_json, quiet=quiet)
        return
    # What the user says comes after, and so goes before, the default.
    recording = () if visits is None else (f"record.visits={'true' if visits else 'false'}",)
    settings = ("record.visits=false", *settings, *recording)
    stop = stop_of(width, measure)
    scenarios = loaded(configs, settings, stop, vary, coarse, **options)
    if not quiet and not as_json:
        for label, scenario in scenarios.items():
            for warning in scenario.warnings:
                warn(f"{label}: {warning}")
    if dry_run:
        check_folder(Path(out))
        more = {} if coarse is None else coarse_of(scenarios, coarse, alone=True)
        print_estimate({**scenarios, **{f"{label}, coarse": each for label, each in more.items()}}, as_json=as_json)
        return
    typed = ["lactflow", *sys.argv[1:]]
    how = {"out": out, "name": name, "stop": stop, "vary": vary, "coarse": coarse, "workers": workers, "command": typed}
    how["cache"] = cache
    show(lambda quiet: compared(scenarios, quiet=quiet, **how), as_json=as_json, quiet=quiet)


def show(find: Callable[[bool], Comparison], *, as_json: bool, quiet: bool) -> None:
    """
    Compare, and print what was found; what could be compared too, where some runs failed.

    Parameters
    ----------
    find
        Compares; takes whether to be quiet.
    as_json, quiet
        As the options say.
    """
    from lactflow.experiments.comparison import open_comparison

    try:
        comparison = find(quiet or as_json)
    except SomeUnitsFailedError as error:
        if not as_json and error.kept is not None:
            _print(open_comparison(str(error.kept)), quiet=quiet)
        raise
    if as_json:
        comparison.write_figure()
        click.echo(json.dumps(_as_object(comparison), indent=2, allow_nan=False))
    else:
        _print(comparison, quiet=quiet)


def _resumed(folder: str, workers: int | None, *, quiet: bool) -> Comparison:
    """Resume a comparison, with a bar, until a signal comes."""
    from lactflow.experiments.compare import resume_comparison
    from lactflow.experiments.comparing import SIMULATING
    from lactflow.experiments.comparison import open_comparison

    if open_comparison(folder).status == "complete" and not quiet:
        click.echo(f"{folder} is complete: nothing was simulated", err=True)
    with stopping_on_signals() as check, shown_by_phase(SIMULATING, quiet=quiet) as bar:

        def progress(fraction: float, simulated_min: float) -> None:
            check(fraction, simulated_min)
            bar(fraction, simulated_min)

        return resume_comparison(Path(folder), progress=progress, phase=bar.begin, workers=workers)


def compared(scenarios: dict[str, Scenario], *, quiet: bool, **how: Any) -> Comparison:
    """Simulate and compare, with a bar, until a signal comes."""
    from lactflow.experiments.compare import compare
    from lactflow.experiments.comparing import SIMULATING

    with stopping_on_signals() as check, shown_by_phase(SIMULATING, quiet=quiet) as bar:

        def progress(fraction: float, simulated_min: float) -> None:
            check(fraction, simulated_min)
            bar(fraction, simulated_min)

        return compare(scenarios, progress=progress, phase=bar.begin, **how)


def _print(comparison: Comparison, *, quiet: bool) -> None:
    """What was found, where there is something to compare."""
    odd = [] if quiet else comparison.manifest.get("warnings", [])
    for line in (*retried_in_words(comparison.manifest), *odd):
        warn(line)
    if comparison.differences["difference"].notna().any():
        titles = comparison.manifest.get("titles", {}) if comparison.manifest.get("vary") else {}
        legend = [f"{label}: {title}" for label, title in titles.items()]
        echo(_lines(comparison, comparison.write_figure(), legend))


def _cached_in_words(comparison: Comparison) -> list[str]:
    """How many runs were not simulated because a cache had them; nothing without one."""
    from lactflow.config.text import counted

    cache = comparison.manifest.get("cache")
    return [] if cache is None else [f"{counted(comparison.manifest.get('cached', 0), 'run')} came from {cache}."]


def print_estimate(scenarios: dict[str, Any], *, as_json: bool) -> None:
    """Print what simulating some scenarios will take."""
    from lactflow.cli.estimate import estimate
    from lactflow.cli.summary import extent

    expected = {label: estimate(scenario.config) for label, scenario in scenarios.items()}
    if as_json:
        objects = {label: each._asdict() for label, each in expected.items()}
        click.echo(json.dumps({"dry_run": True, "estimates": objects}, indent=2))
        return
    lines = [
        f"{label}: {extent(scenarios[label].config)}, about {each.wall_s:,.0f} s on one core"
        for label, each in expected.items()
    ]
    echo(sentences([*lines, "nothing is wrong with them; nothing was run or written"], width=page_width()))


def _as_object(comparison: Comparison) -> dict[str, Any]:
    rows = comparison.differences.astype(object).where(comparison.differences.notna(), None)
    return {
        "comparison_dir": str(comparison.path),
        "status": comparison.status,
        "replicates": comparison.manifest["replicates"],
        "coarse": comparison.manifest.get("coarse"),
        "retried": comparison.manifest.get("retried", []),
        "cached": comparison.manifest.get("cached", 0),
        "warnings": comparison.manifest.get("warnings", []),
        "differences": rows.to_dict("records"),
        "drugs": drugs_as_objects(comparison),
    }


def _lines(comparison: Comparison, figure: Path | None, legend: list[str]) -> list[str]:
    """The table, by scenario, and how to read it; what the names stand for, where they are not the user's own."""
    from lactflow.analysis.paired import says_something
    from lactflow.cli.summary import NO_ADVICE, typed

    found, width = comparison.differences, page_width()
    baseline, *others = comparison.scenarios
    said = [f"{name}: {sentence}" for name, sentence in comparison.in_words().items()]
    lines = [str(comparison.path), "", *sentences(said, width=width)]
    for name in others:
        rows = found[(found["scenario"] == name) & says_something(found)]
        lines += ["", *(_table(rows, baseline, name, width) if len(rows) else [f"{name}: nothing to compare"])]
    lines += drug_lines(comparison, width)
    known = found[found["difference"].notna()]
    each = f"{found['level'].max():.1%}"
    several = f" ({each} each, to be 95% together)" if len(others) > 1 else ""
    about = [
        *([*legend, ""] if legend else []),
        f"Differences from {baseline}, pair by pair; 95% intervals{several}; * leaves out 0.",
        f"With {known['measure'].nunique()} measures, some intervals leave out 0 by chance.",
        *_pairing(found),
        *_corrections(comparison),
        *_reached(comparison),
        *_cached_in_words(comparison),
        NO_ADVICE,
        "",
    ]
    lines += ["", *sentences(about, width=width)]
    if figure is not None:
        lines.append(f"figure: {figure}")
    code = f"import lactflow; print(lactflow.open_comparison({comparison.path.as_posix()!r}).differences)"
    page = f"  {typed('lactflow')} report {shell_word(str(comparison.path))}"
    return [*lines, "next:", f'  {typed("python")} -c "{code}"', page]


def _table(rows: pd.DataFrame, baseline: str, name: str, width: int | None) -> list[str]:
    """A scenario against the baseline: measures in words, and their names in the tables where there is room."""
    from lactflow.analysis.in_words import measure

    lines = [_cells({str(key): value for key, value in row.items()}) for row in rows.to_dict("records")]
    means, others, gaps, intervals, marks = ([cells[n] for cells in lines] for n in range(5))
    words = [measure(each) for each in rows["measure"]]
    names = [Printed("name in the tables", list(rows["measure"]))] if width is None or width >= _WIDE else []
    heads = (baseline, name) if width is None else (folded(baseline, _HEAD), folded(name, _HEAD))
    return in_blocks(
        Printed("", [each.label for each in words]),
        [
            [Printed(heads[0], means, number=True), Printed(heads[1], others, number=True)],
            [Printed("difference", gaps, number=True)],
            [Printed("interval", intervals, number=True), Printed("", marks, style="bold yellow")],
        ],
        [Printed("", [each.unit for each in words], whole=True), *names],
        width=width,
    )


def _cells(row: dict[str, Any]) -> tuple[str, str, str, str, str]:
    """One difference: both means, the difference, its interval, and a mark where that leaves out 0."""
    from lactflow.analysis.drug_names import is_of_drug
    from lactflow.analysis.paired import excludes_zero

    known = [abs(row[each]) for each in ("baseline_mean", "mean") if isfinite(row[each])]
    digits = _digits(max(known), of_any_size=is_of_drug(row["measure"]))

    def fixed(value: float, sign: str = "") -> str:
        # Adding 0 makes a zero of a negative one.
        return f"{round(value, digits) + 0.0:{sign}.{digits}f}" if isfinite(value) else "-"

    interval = "-" if isnan(row["low"]) else f"{fixed(row['low'])} to {fixed(row['high'])}"
    means = fixed(row["baseline_mean"]), fixed(row["mean"])
    return *means, fixed(row["difference"], "+"), interval, "*" if excludes_zero(row) else ""


def _digits(largest: float, *, of_any_size: bool = False) -> int:
    """Digits after the point: three or four that count; of what is small by nature up to five."""
    if of_any_size and 0.0 < largest < _SMALL:
        return min(5, 2 - floor(log10(largest)))
    return 0 if largest >= 1000.0 else 1 if largest >= 10.0 else 2 if largest >= 1.0 else 3


def _pairing(found: pd.DataFrame) -> list[str]:
    """What common random numbers were worth."""
    from lactflow.analysis.in_words import measure
    from lactflow.report.differences import ratio_in_words

    rows = found[(found["measure"] == _STOPPED_ON) & (found["sd_ratio"] > 0.0)]
    word = measure(_STOPPED_ON)
    return [
        f"Common random numbers: the SD of a difference in {word.label} is {row['sd_paired']:.1f} {word.unit} instead "
        f"of {row['sd_independent']:.1f} {word.unit} with independent ones ({row['scenario']}; ratio "
        f"{ratio_in_words(row)})."
        for row in rows.to_dict("records")
    ]


def _corrections(comparison: Comparison) -> list[str]:
    """What rests on coarse replicates, and how these follow the others; and which resolution the rest has."""
    from lactflow.config.resolution import in_words
    from lactflow.report.differences import coarse_in_words

    coarse = comparison.manifest.get("coarse")
    cuts = [(name, in_words(cut)) for name, cut in comparison.manifest["resolutions"].items()]
    alike = len({cut for _, cut in cuts}) == 1
    lines = [f"Resolution: {cuts[0][1] if alike else '; '.join(f'{name}: {cut}' for name, cut in cuts)}."]
    return lines if coarse is None else [*lines, *coarse_in_words(comparison.differences, in_words(coarse))]


def _reached(comparison: Comparison) -> list[str]:
    """How the stages of `--until-ci` went."""
    from lactflow.analysis.in_words import measure

    stopped = comparison.manifest["stopped_on"]
    if stopped is None:
        return []
    rows = comparison.differences[comparison.differences["measure"] == stopped["measure"]]
    reached = float((rows["high"] - rows["low"]).max() / 2.0)
    word = measure(stopped["measure"])
    if isnan(reached):
        return [f"--until-ci: {word.label} has no interval: there are too few values."]
    wanted = stopped["half_width"]
    missed = "" if reached <= wanted * (1.0 + 1e-9) else ", not reached: it takes more replicates than are simulated"
    stages = f"{comparison.manifest['pilot']} replicates, then {comparison.manifest['replicates']} in all"
    known = f"{word.label} is known to {PLUS_MINUS}{reached:.3g} {word.unit}"
    return [f"--until-ci: {stages}; {known} (wanted: {wanted:g}{missed})."]
