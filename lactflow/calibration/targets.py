"""
A table of targets as a CSV file.

    id,observable,day,statistic,value,sd,weight
    milk-5,removed_ml_per_day,5,mean,620,45,1
    sodium-week-2,sodium_mmol_per_l,8:14,mean,11.5,1.2,1
    onset,onset_h,,mean,59,6,1
    spread-5,removed_ml_per_day,5,cv,0.21,0.04,1

`id`, `observable`, `value` and `sd` must be there. An observable is a measure of `lactflow.analysis.daily`; `day` is a
day, the first and the last of several as `8:14`, or empty for the whole run; `statistic` is `mean` (also where nothing
stands), or `sd` or `cv` of the mothers of a cohort. `weight` is 1 where nothing stands. `use` is `fit` (also where
nothing stands) or `check`: a target that is not fitted to, and reported beside the result. `source` is for people, and
a target whose `source_seen` is `no` is refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from lactflow.analysis.daily import MEASURES, OF_RUN
from lactflow.config.model import RunConfig
from lactflow.config.text import choices, counted, nearest, quoted
from lactflow.errors import ConfigError, Problem

STATISTICS = ("mean", "sd", "cv")
LARGEST_BYTES = 5_000_000
_MOST_PROBLEMS = 50
_NEEDED = ("id", "observable", "value", "sd")
_KNOWN = (*_NEEDED, "day", "statistic", "weight", "use", "source", "source_seen")
_SEPARATORS = {";": "a semicolon", "\t": "a tab", "|": "a bar"}
_USES = {"": True, "fit": True, "check": False}
_SMALLEST, _LARGEST = 1e-9, 1e12
_LIGHTEST, _HEAVIEST = 1e-6, 1e6
"""Of SDs, values and weights: a loss of them is a number, and no smaller than what the others round away."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DAY = re.compile(r"(-?\d{1,5})(?::(-?\d{1,5}))?")
_TAKEN = ("trial", "stage", "status", "reason", "loss")
"""Columns of the table of trials that are no targets."""


class Target(NamedTuple):
    """
    One target.

    Attributes
    ----------
    id
        Its name.
    observable
        What is measured, in words: `removed_ml_per_day on day 5`.
    value, sd
        What was measured, and its standard deviation.
    weight
        Of its part of the loss.
    fitted
        Whether quantities are fitted to it; else it is reported beside the result.
    source
        Where it comes from, for people.
    measure, first_day, last_day, statistic
        How it is read from the runs of the config; not used for published targets.
    """

    id: str
    observable: str
    value: float
    sd: float
    weight: float = 1.0
    fitted: bool = True
    source: str = ""
    measure: str = ""
    first_day: int | None = None
    last_day: int | None = None
    statistic: str = "mean"


def read_targets(
    raw: bytes, file: str, config: RunConfig, ids: Sequence[str] = (), held_out: Sequence[str] = ()
) -> tuple[Target, ...]:
    """
    Read a table of targets.

    Parameters
    ----------
    raw, file
        Content of the file, and its name for messages.
    config
        Whose runs the targets are read from, with its cohort.
    ids
        Targets to take; all when empty.
    held_out
        Targets that are not fitted to, whatever the file says.

    Raises
    ------
    ConfigError
        With every problem, at its line.
    """
    if len(raw) > LARGEST_BYTES:
        raise ConfigError(Problem(f"larger than {LARGEST_BYTES // 1_000_000} MB", file))
    lines, problems = _rows(raw, file)
    found: list[Target] = []
    seen: set[str] = set()
    for line, row in lines:
        target, wrong = _target(row, config)
        problems += [Problem(text, file, line, key=column) for column, text in wrong]
        name = row["id"]
        if name in seen:
            problems.append(Problem(f"{quoted(name)} is given twice (allowed: once)", file, line, key="id"))
        seen.add(name)
        if target is not None:
            found.append(target)
    problems += unknown_ids(ids, sorted(seen), "--target") + unknown_ids(held_out, sorted(seen), "--held-out")
    problems += both_ways(ids, held_out)
    if problems:
        rest = len(problems) - _MOST_PROBLEMS
        more = [Problem(f"... and {counted(rest, 'more problem')}", file)] if rest > 0 else []
        raise ConfigError(*problems[:_MOST_PROBLEMS], *more)
    return chosen(found, ids, held_out)


def chosen(found: Sequence[Target], ids: Sequence[str], held_out: Sequence[str]) -> tuple[Target, ...]:
    """
    The selected targets, those that are fitted to first.

    Parameters
    ----------
    found
        All of a table.
    ids, held_out
        As `read_targets` takes them.

    Raises
    ------
    ConfigError
        If nothing is left to fit to, or a target that is only for checking is selected.
    """
    problems = [
        Problem(
            f"{each.id} is for checking only (use: check): quantities are not fitted to it "
            f"(allowed: --held-out {each.id}, which reports it beside the result)",
            "--target",
        )
        for each in found
        if each.id in ids and not each.fitted
    ]
    taken = [each._replace(fitted=each.fitted and each.id not in held_out) for each in found]
    if ids:
        taken = [each for each in taken if each.id in ids or not each.fitted]
    if not problems and not any(each.fitted for each in taken):
        problems.append(Problem("no target is left to fit to", "--targets"))
    if problems:
        raise ConfigError(*problems)
    return (*(each for each in taken if each.fitted), *(each for each in taken if not each.fitted))


def unknown_ids(ids: Sequence[str], known: Sequence[str], option: str) -> list[Problem]:
    """
    A problem for each target that is not there, with the nearest that is.

    Parameters
    ----------
    ids
        The selected ones.
    known
        That are there.
    option
        By which they are selected.
    """
    return [
        Problem(f"there is no target {quoted(each)} ({_hint(each, known)})", option)
        for each in ids
        if each not in known
    ]


def both_ways(ids: Sequence[str], held_out: Sequence[str]) -> list[Problem]:
    """
    A problem for each target that is to be fitted to and held out.

    Parameters
    ----------
    ids, held_out
        As `read_targets` takes them.
    """
    return [
        Problem(f"{each} is also given by --target (allowed: one of them)", "--held-out")
        for each in held_out
        if each in ids
    ]


def _hint(word: str, known: Sequence[str]) -> str:
    match = nearest(word, list(known))
    return f"nearest: {match}" if match else f"allowed: {choices(list(known))}"


def _rows(raw: bytes, file: str) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """Rows by column, each with its line; nothing where the first line is wrong."""
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        ends = [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [Problem(f"not a CSV file in UTF-8: {error}", file)]
    # A row begins on the line after the one on which the row before it ends: a cell in quotes may have several.
    begins = [1, *(end + 1 for end, _ in ends)]
    lines = [(line, cells) for line, (_, cells) in zip(begins, ends, strict=False) if any(map(str.strip, cells))]
    top = lines[0][0] if lines else 1
    names = [name.strip() for name in lines[0][1]] if lines else []
    if len(names) == 1 and (found := next((each for each in _SEPARATORS if each in names[0]), None)):
        return [], [Problem(f"columns are separated by {_SEPARATORS[found]} (allowed: a comma)", file, top)]
    problems = [
        Problem(f"there is no column {quoted(name)} ({_hint(name, _KNOWN)})", file, top)
        for name in names
        if name not in _KNOWN
    ]
    problems += [Problem(f"the column {name} is missing", file, top) for name in _NEEDED if name not in names]
    problems += [Problem(f"the column {name} is there twice", file, top) for name in _KNOWN if names.count(name) > 1]
    if problems:
        return [], problems
    rows = []
    for line, cells in lines[1:]:
        if len(cells) != len(names):
            problems.append(Problem(f"{len(cells)} cells for {len(names)} columns", file, line))
            continue
        rows.append((line, dict.fromkeys(_KNOWN, "") | dict(zip(names, map(str.strip, cells), strict=True))))
    if not rows and not problems:
        problems.append(Problem("there are no targets (needed: a line below the names of the columns)", file))
    return rows, problems


def _target(row: Mapping[str, str], config: RunConfig) -> tuple[Target | None, list[tuple[str, str]]]:
    """One row, and what is wrong with it, by column."""
    wrong: list[tuple[str, str]] = []
    if not _ID.fullmatch(row["id"]) or row["id"] in _TAKEN:
        what = "taken" if row["id"] in _TAKEN else "no id"
        wrong.append(("id", f"{quoted(row['id'])} is {what} (allowed: letters, digits, - and _)"))
    if row["observable"] not in MEASURES:
        wrong.append(
            ("observable", f"there is no measure {quoted(row['observable'])} ({_hint(row['observable'], MEASURES)})")
        )
    statistic = row["statistic"] or STATISTICS[0]
    if statistic not in STATISTICS:
        wrong.append(("statistic", f"{quoted(statistic)} is unknown (allowed: {choices(list(STATISTICS))})"))
    elif statistic != STATISTICS[0] and (config.mother.cohort or 1) < 3:
        wrong.append(("statistic", f"{statistic} of how many mothers? (needed: --mothers 3 or more)"))
    first, last = _days(row, config, wrong)
    value, sd = (_number(row, name, wrong) for name in ("value", "sd"))
    weight = _number(row, "weight", wrong) if row["weight"] else 1.0
    _check_sizes(row, value, sd, weight, wrong)
    if row["use"] not in _USES:
        wrong.append(("use", f"{quoted(row['use'])} is unknown (allowed: fit, check)"))
    if row["source_seen"].casefold() == "no":
        wrong.append(
            ("source_seen", f"{row['id']} was not seen at its source: it cannot be calibrated on, or held out")
        )
    if wrong or value is None or sd is None or weight is None:
        return None, wrong
    words = _in_words(row["observable"], first, last, statistic)
    of_use = _USES[row["use"]]
    return (
        Target(row["id"], words, value, sd, weight, of_use, row["source"], row["observable"], first, last, statistic),
        wrong,
    )


def _check_sizes(
    row: Mapping[str, str],
    value: float | None,
    sd: float | None,
    weight: float | None,
    wrong: list[tuple[str, str]],
) -> None:
    """Numbers with which a loss cannot be worked out."""
    if value is not None and abs(value) > _LARGEST:
        wrong.append(("value", f"{row['value']} is outside {-_LARGEST:g} to {_LARGEST:g}"))
    if sd is not None and not _SMALLEST <= sd <= _LARGEST:
        allowed = "above 0" if sd <= 0.0 else f"{_SMALLEST:g} to {_LARGEST:g}"
        wrong.append(("sd", f"{row['sd']} (allowed: {allowed})"))
    if weight is not None and not _LIGHTEST <= weight <= _HEAVIEST:
        allowed = "above 0" if weight <= 0.0 else f"{_LIGHTEST:g} to {_HEAVIEST:g}"
        hint = "; use: check for a target that is not fitted to" if weight < _LIGHTEST else ""
        wrong.append(("weight", f"{row['weight']} (allowed: {allowed}{hint})"))


def _number(row: Mapping[str, str], name: str, wrong: list[tuple[str, str]]) -> float | None:
    try:
        found = float(row[name])
    except ValueError:
        found = float("nan")
    if isfinite(found):
        return found
    wrong.append((name, f"{quoted(row[name])} is no number"))
    return None


def _days(row: Mapping[str, str], config: RunConfig, wrong: list[tuple[str, str]]) -> tuple[int | None, int | None]:
    """First and last day of a target; None for the whole run."""
    text = row["day"]
    if not text:
        return None, None
    if row["observable"] in OF_RUN:
        wrong.append(("day", f"{row['observable']} belongs to a run, not to a day (allowed: nothing)"))
        return None, None
    match = _DAY.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        wrong.append(("day", f"{quoted(text)} is no day (allowed: a day such as 5, or days such as 8:14)"))
        return None, None
    begin, end = config.start_day, config.start_day + config.days
    if first + 1.0 <= begin or last >= end:
        wrong.append(
            ("day", f"{text} is not within the run, which begins on day {begin:g} and lasts {config.days:g} days")
        )
    return first, last


def _in_words(measure: str, first: int | None, last: int | None, statistic: str) -> str:
    when = "" if first is None else f" on day {first}" if first == last else f" on days {first} to {last}"
    of_mothers = {"mean": "", "sd": "SD between mothers of ", "cv": "CV between mothers of "}
    return f"{of_mothers[statistic]}{measure}{when}"
