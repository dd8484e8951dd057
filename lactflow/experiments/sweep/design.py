"""
The points of a sweep as the user gives them: a grid, a sample, a table, and their product.

A point is a value for each key that varies. `--vary` makes a grid of all its keys, `--sample` draws points from ranges,
`--points` reads them from a CSV file. Several of these together make every combination: each row of the file with each
point of the grid with each drawn point, the drawn ones varying fastest. The drawn points are the same for all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import exp, isfinite, log
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.config.logs.collection import read_bounded
from lactflow.config.text import choices, counted, nearest, quoted, shown_path
from lactflow.config.tree import ROOT, Key, step
from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ConfigError, Problem

DESIGNS = ("lhs", "sobol", "random")
MOST_POINTS = 10_000_000
LARGEST_BYTES = 500_000_000
"""Of a file of points."""
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,25}(e[-+]?[0-9]{1,3})?")
_ENTRY = re.compile(r"[0-9]{1,100}")

Values = tuple[Any, ...]


class Design(NamedTuple):
    """
    Points as they were given.

    Attributes
    ----------
    keys
        Dotted keys that vary.
    points
        A value for each key, for each point.
    options
        Option that each key came from, for messages.
    notes
        What is unusual about it but not wrong.
    """

    keys: tuple[str, ...]
    points: Sequence[Values]
    options: Mapping[str, str]
    notes: tuple[str, ...] = ()


class Range(NamedTuple):
    """From where to where a key is sampled; `logarithmic` for equal shares of each factor."""

    key: str
    low: float
    high: float
    logarithmic: bool


class _Block(NamedTuple):
    """One of the three ways to give points."""

    option: str
    keys: tuple[str, ...]
    rows: Sequence[Values]


def path_of(key: str) -> Key:
    """A dotted key as a path: numbers of list entries as numbers."""
    return tuple(int(part) if _ENTRY.fullmatch(part) else part for part in key.split("."))


def make_design(
    vary: Sequence[str] | Mapping[str, Sequence[object]] = (),
    sample: Sequence[str] | Mapping[str, object] = (),
    points: object = None,
    *,
    n: int | None = None,
    design: str | None = None,
    seed: int = 1,
) -> Design:
    """
    The points of the sweep.

    Parameters
    ----------
    vary
        `key=A,B,C`, as `--vary` takes it; or values by key.
    sample
        `key=low:high` or `key=low:high:log`, as `--sample` takes it; or `(low, high)` or `(low, high, "log")` by key.
    points
        A CSV file whose columns are keys, or a frame like it; None for none.
    n
        How many points to draw from the ranges of `sample`.
    design
        How: `lhs` (Latin hypercube), `sobol` or `random`; `lhs` when None.
    seed
        Of the draws.

    Raises
    ------
    ConfigError
        With everything that is wrong.
    """
    problems: list[Problem] = []
    blocks = [
        _table(points, problems),
        _grid(vary, problems),
        _sampled(sample, problems, n=n, design=design, seed=seed),
    ]
    used = [block for block in blocks if block is not None]
    keys = tuple(key for block in used for key in block.keys)
    options: dict[str, str] = {}
    for block in used:
        for key in block.keys:
            if key in options:
                both = options[key] if options[key] == block.option else f"{options[key]} and {block.option}"
                problems.append(Problem(f"given twice, by {both} (allowed: once)", block.option, key=key))
            options[key] = block.option
    total = 1
    for block in used:
        total *= len(block.rows)
    if total > MOST_POINTS:
        problems.append(Problem(f"{total:,} points (allowed: {MOST_POINTS:,})"))
    if problems:
        raise ConfigError(*problems)
    rows = [tuple(value for row in rows for value in row) for rows in product(*(block.rows for block in used))]
    return Design(keys, rows, options, tuple(_notes(sample, n, design)))


def _notes(sample: object, n: int | None, design: str | None) -> Iterable[str]:
    if sample and design == "sobol" and n is not None and n & (n - 1):
        yield f"--design sobol spreads evenly for powers of two; --n is {n}"


def _grid(vary: Sequence[str] | Mapping[str, Sequence[object]], problems: list[Problem]) -> _Block | None:
    """All combinations of the values of `--vary`."""
    if not vary:
        return None
    axes: list[tuple[str, Values]] = []
    if isinstance(vary, Mapping):
        axes = [(str(key), tuple(plain(value) for value in values)) for key, values in vary.items()]
    else:
        for text in [vary] if isinstance(vary, str) else vary:
            key, equals, values = text.partition("=")
            try:
                found = parse_yaml(f"[{values}]".encode("utf-8", "surrogatepass"), "--vary").data
            except ConfigError as error:
                problems += error.problems
                continue
            if not equals or not key.strip() or not found:
                problems.append(Problem(f"{quoted(text)} varies nothing (allowed: key.sub=A,B,C)", "--vary"))
                continue
            axes.append((key.strip(), tuple(found)))
    for key, of_key in axes:
        if len(set(map(repr, of_key))) < len(of_key):
            problems.append(Problem("a value is given twice (allowed: once)", "--vary", key=key))
        if not of_key:
            problems.append(Problem("no values (allowed: one or more)", "--vary", key=key))
    return _Block("--vary", tuple(key for key, _ in axes), list(product(*(of_key for _, of_key in axes))))


def _sampled(
    sample: Sequence[str] | Mapping[str, object],
    problems: list[Problem],
    *,
    n: int | None,
    design: str | None,
    seed: int,
) -> _Block | None:
    """Points drawn from the ranges of `--sample`."""
    if not sample:
        problems += [
            Problem(f"there is nothing to sample (needed: --sample with {option})", option)
            for option, given in (("--n", n), ("--design", design))
            if given is not None
        ]
        return None
    if isinstance(sample, Mapping):
        texts = [f"{key}={':'.join(map(_as_text, _entries(bounds)))}" for key, bounds in sample.items()]
    else:
        texts = [sample] if isinstance(sample, str) else list(sample)
    ranges = [found for text in texts if (found := _range(text, problems)) is not None]
    design = design or DESIGNS[0]
    if design not in DESIGNS:
        near = nearest(design, list(DESIGNS))
        hint = f"; nearest: {near}" if near else ""
        problems.append(Problem(f"{quoted(design)} is unknown (allowed: {choices(list(DESIGNS))}{hint})", "--design"))
    if n is None or n < 1:
        problems.append(Problem("how many points to sample? (needed: --n 1 or more)", "--n"))
    keys = tuple(each.key for each in ranges)
    if problems or n is None or not ranges:
        return _Block("--sample", keys, [])
    drawn = _shares(design, len(keys), n, seed)
    columns = [_values(each, shares) for each, shares in zip(ranges, zip(*drawn, strict=True), strict=True)]
    return _Block("--sample", keys, list(zip(*columns, strict=True)))


def _entries(bounds: object) -> Sequence[object]:
    return bounds if isinstance(bounds, (list, tuple)) else (bounds,)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else repr(float(value))  # type: ignore[arg-type]  # else its own error


def _range(text: str, problems: list[Problem]) -> Range | None:
    """One `key=low:high[:log]`."""
    key, equals, bounds = text.partition("=")
    low, colon, rest = bounds.partition(":")
    high, colon_too, scale = rest.partition(":")
    try:
        found = Range(key.strip(), float(low), float(high), logarithmic=bool(colon_too))
    except ValueError:
        found = None
    if found is None or not (equals and colon and found.key) or (colon_too and scale != "log"):
        problems.append(Problem(f"{quoted(text)} is no range (allowed: key.sub=low:high or low:high:log)", "--sample"))
        return None
    if not (isfinite(found.low) and isfinite(found.high) and found.low < found.high):
        problems.append(Problem(f"{bounds} is empty (allowed: low below high)", "--sample", key=found.key))
        return None
    if found.logarithmic and found.low <= 0.0:
        problems.append(Problem(f"{bounds} has no logarithm (allowed: low above 0)", "--sample", key=found.key))
        return None
    return found


def _shares(design: str, dimensions: int, n: int, seed: int) -> list[list[float]]:
    """`n` points in the unit cube."""
    import numpy as np

    rng = np.random.default_rng(seed)
    if design == "random":
        return rng.random((n, dimensions)).tolist()  # type: ignore[no-any-return]
    try:
        from scipy.stats import qmc
    except ImportError as error:
        raise ConfigError(
            Problem(
                f"{design} needs SciPy, which is not there: pip install 'lactflow[analysis]' (or: random)", "--design"
            )
        ) from error
    import inspect
    import warnings

    engine = {"lhs": qmc.LatinHypercube, "sobol": qmc.Sobol}[design]
    name = "rng" if "rng" in inspect.signature(engine).parameters else "seed"
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # of SciPy, about numbers that are no power of two: our own note says it
        drawn = engine(dimensions, **{name: rng}).random(n)
    return drawn.tolist()  # type: ignore[no-any-return]


def _values(wanted: Range, shares: Sequence[float]) -> Values:
    """Values of one key; whole numbers where the key takes only those, each equally likely."""
    low, high = wanted.low, wanted.high
    if _is_whole(wanted.key):
        first, many = int(-(-low // 1)), int(high // 1) - int(-(-low // 1)) + 1
        return tuple(first + min(int(share * many), many - 1) for share in shares)
    if wanted.logarithmic:
        return tuple(min(max(exp(log(low) + share * (log(high) - log(low))), low), high) for share in shares)
    return tuple(min(max(low + share * (high - low), low), high) for share in shares)


def _is_whole(key: str) -> bool:
    spot = ROOT
    for part in path_of(key):
        spot = step(spot, part)
    return spot.annotation is not None and spot.is_whole_number()


def _table(points: object, problems: list[Problem]) -> _Block | None:
    """The rows of `--points`, a file or a frame."""
    if points is None:
        return None
    if not isinstance(points, (str, Path)):
        frame: Any = points
        names = tuple(str(name) for name in frame.columns)
        columns = [[plain(value) for value in frame[name].tolist()] for name in frame.columns]
        return _Block("--points", names, list(zip(*columns, strict=True)))
    file = shown_path(points)
    try:
        raw = read_bounded(Path(points), LARGEST_BYTES, file)
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(f"not a CSV file in UTF-8: {error}", file))
        return None
    return _rows_of(file, rows, problems)


def _rows_of(file: str, rows: list[list[str]], problems: list[Problem]) -> _Block | None:
    """The keys and the values of a CSV file."""
    if not rows or not all(name.strip() for name in rows[0]):
        problems.append(Problem("the first line has no keys (needed: a dotted key above each column)", file, 1))
        return None
    names = tuple(name.strip() for name in rows[0])
    known: dict[str, Any] = {}
    found = []
    wrong = 0
    for line, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(names) or not all(cell.strip() for cell in row):
            wrong += 1
            if wrong <= 5:
                filled = sum(bool(cell.strip()) for cell in row)
                few = f"{counted(filled, 'value')} for {counted(len(names), 'key')}"
                problems.append(Problem(f"{few} (needed: one each)", file, line))
            continue
        try:
            found.append(tuple(_cell(cell, known) for cell in row))
        except ConfigError as error:
            problems += [Problem(each.message, file, line) for each in error.problems]
    if wrong > 5:
        problems.append(Problem(f"... and {counted(wrong - 5, 'more line')} like these", file))
    if not found and not problems:
        problems.append(Problem("there are no points (needed: a line below the keys)", file))
    return _Block(file, names, found)


def _cell(text: str, known: dict[str, Any]) -> Any:
    """Value of a cell, as `--set` would read it."""
    text = text.strip()
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _WHOLE.fullmatch(text):
        return int(text)
    if text not in known:
        known[text] = parse_yaml(text.encode("utf-8", "surrogatepass"), "--points").data
    return known[text]


def plain(value: Any) -> Any:
    """A value in the form of configs: lists as tuples, no numbers of NumPy."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(plain(item) for item in value)
    return plain(value.item()) if hasattr(value, "item") and hasattr(value, "dtype") else value
