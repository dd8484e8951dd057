"""
What each published target tests: the gland, an input, or the paper that a quantity was set on.

Every quantity of the model is moved to both ends of its plausible range, one at a time, and every target is read again
(`benchmarks/targets_tested.py`, which keeps what it has and goes on after any end). How far a target moves is counted
in half-widths of its band, beyond what other random numbers do. From that each target is one of:

`input`
    One quantity that was set on the same paper decides it (half of the squares of all that moves it, or more); or what
    gland and hormones move is less than a quarter of the squares. The rest the model is given: needs, appetite and
    latch of infants, pumps and hands, and what vesicles and droplets hold (`gland.composition`).
`fitted`
    Else: a quantity that was set on the same paper moves it, or one that is declared as shaped
    (`lactflow.parameters.declaration.Shape`) decides it. A quantity of that paper that was not tried counts as one
    that moves it.
`gland`
    All others: gland and hormones move it, and no number behind them comes from the paper that it is held against.

`tested.csv` beside this module has the result, each row with the commit and the date at which it was found. A target
that no quantity moves is an input: nothing of the model is tried by it. As long as only some quantities were tried,
such a target has no row, and what it tests is not known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import StringIO
from math import isfinite
from typing import Literal, NamedTuple, get_args

from lactflow.config.additions import group_of
from lactflow.config.model import RunConfig
from lactflow.kinetics import plain_sum
from lactflow.parameters.declaration import DeclaredQuantity, declared_quantities
from lactflow.plugins import SHIPPED, plugin_named
from lactflow.sources import Citation
from lactflow.validation.targets import Target, load_targets

Tests = Literal["gland", "input", "fitted"]
TESTS: tuple[Tests, ...] = get_args(Tests)
COLUMNS = ("id", "tests", "gland_share", "decided_by", "decided_share", "cited_by", "moved_by", "of", "commit", "date")

DECIDES = 0.5
"""Share of the squares from which on one quantity decides a target."""
LEAST_OF_GLAND = 0.25
"""Share of the squares below which gland and hormones do not decide it."""
LEAST_MOVE = 0.1
"""Half-widths of its band by which something must move a target to count."""
_OF_GLAND = ("gland.", "endocrine.")
_GIVEN = ("gland.composition.",)
"""Of these, what vesicles and droplets are declared to hold: numbers of milk."""
GROUPS = (*_OF_GLAND, "dyad.", "infants.")
"""Groups whose quantities are moved."""
_NOT_MOVED = ("gland.checkpoint_min",)


class Row(NamedTuple):
    """
    What one target tests.

    Attributes
    ----------
    id
        Of the target.
    tests
        The verdict.
    gland_share
        Share of gland and hormones in the squares of all that moves it; 0 where nothing does.
    decided_by, decided_share
        The quantity that moves it most, and its share; empty and 0 where none does.
    cited_by
        Quantities that were set on the same paper, with commas between.
    moved_by, of
        How many quantities move it, of how many that were tried.
    commit, date
        Of the model that was tried.
    """

    id: str
    tests: Tests
    gland_share: float
    decided_by: str
    decided_share: float
    cited_by: str
    moved_by: int
    of: int
    commit: str
    date: str


def is_same_paper(paper: Citation, source: str) -> bool:
    """Whether a source, as the evidence cites it, is this paper: the same year, and first author or title."""
    words = source.casefold()
    names = [paper.authors[0].split()[0]] if paper.authors else []
    names += [paper.title[:19]] if paper.title else []
    return bool(paper.year) and str(paper.year) in words and any(name.casefold() in words for name in names)


@cache
def _reference() -> tuple[DeclaredQuantity, ...]:
    return tuple(declared_quantities(RunConfig(format=1)))


@cache
def _shipped() -> tuple[DeclaredQuantity, ...]:
    """Quantities of what lactflow offers beside the reference mother."""
    plugins = [plugin_named(group, name) for group, named in SHIPPED.items() for name in named]
    return tuple(
        item for plugin in plugins for item in declared_quantities(group_of(plugin)(), f"{plugin.group}.{plugin.name}")
    )


@cache
def citing_keys(source: str) -> tuple[str, ...]:
    """Quantities that were set on the paper of a target: of the reference mother, and of what is shipped beside her."""
    every = (*_reference(), *_shipped())
    return tuple(each.key for each in every if is_same_paper(each.declaration.source, source))


@cache
def fitted_keys(source: str) -> tuple[str, ...]:
    """Of these, the ones that can move a target: not how women of a cohort differ."""
    moving = {each.key for each in (*quantities(), *_shipped())}
    return tuple(key for key in citing_keys(source) if key in moving)


def quantities() -> list[DeclaredQuantity]:
    """All that are moved."""
    return [each for each in _reference() if each.key.startswith(GROUPS) and each.key not in _NOT_MOVED]


@cache
def shaped_keys() -> frozenset[str]:
    """Quantities that are declared as shaped: they stand for a cause that is not known or not measured."""
    return frozenset(each.key for each in _reference() if each.declaration.shaped is not None)


def moved(value: float, ends: Iterable[float], half_width: float, noise: float) -> float:
    """
    How far a target moves between its value and that at both ends of a quantity [half-widths of its band].

    Parameters
    ----------
    value, ends
        In the reference mother, and with the quantity at the ends of its range; those that are no number do not count.
    half_width
        Of the band.
    noise
        Standard deviation between runs with other random numbers: that of a difference of two is not counted.
    """
    differences = [abs(end - value) for end in ends if isfinite(end)]
    beyond = max(differences, default=0.0) - 2.0**0.5 * noise
    far = beyond / half_width
    return far if far >= LEAST_MOVE else 0.0


def verdict(
    moves: Mapping[str, float], cited: Sequence[str], shaped: frozenset[str]
) -> tuple[Tests, float, str, float]:
    """
    What a target tests.

    Parameters
    ----------
    moves
        How far each quantity that was tried moves it; see `moved`.
    cited
        Quantities that were set on the same paper.
    shaped
        Quantities that are declared as shaped.

    Returns
    -------
    The verdict, the share of gland and hormones, the quantity that moves it most, and its share.
    """
    squares = {key: move * move for key, move in moves.items() if move > 0.0}
    total = plain_sum(squares.values())
    behind = [key for key in cited if moves.get(key, 1.0) > 0.0]
    if total == 0.0:
        return ("fitted" if behind else "input"), 0.0, "", 0.0
    most = max(squares, key=lambda key: squares[key])
    of_gland = [key for key in squares if key.startswith(_OF_GLAND) and not key.startswith(_GIVEN)]
    gland = plain_sum(squares[key] for key in of_gland) / total
    share = squares[most] / total
    if (most in cited and share >= DECIDES) or gland < LEAST_OF_GLAND:
        return "input", gland, most, share
    if behind or (most in shaped and share >= DECIDES):
        return "fitted", gland, most, share
    return "gland", gland, most, share


def row_of(target: Target, moves: Mapping[str, float], *, commit: str, date: str) -> Row:
    """The row of one target; see `verdict`."""
    cited = fitted_keys(target.source)
    tests, gland, most, share = verdict(moves, cited, shaped_keys())
    count = len([move for move in moves.values() if move > 0.0])
    return Row(
        id=target.id, tests=tests, gland_share=round(gland, 3), decided_by=most, decided_share=round(share, 3),
        cited_by=", ".join(cited), moved_by=count, of=len(moves), commit=commit, date=date,
    )  # fmt: skip


def as_csv(rows: Iterable[Row]) -> str:
    """The text of the table, in the order of the targets."""
    order = {target.id: number for number, target in enumerate(load_targets())}
    content = StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda row: order[row.id]):
        writer.writerow(row)
    return content.getvalue()


def rows_of_csv(text: str) -> list[Row]:
    """
    The rows of such a table.

    Raises
    ------
    ValueError
        If it has other columns, or a verdict that is none.
    """
    reader = csv.DictReader(StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"columns are {', '.join(reader.fieldnames or ())} (needed: {', '.join(COLUMNS)})")
    rows = []
    for each in reader:
        tests = each["tests"]
        if tests not in TESTS:
            raise ValueError(f"{each['id']} tests {tests!r} (allowed: {', '.join(TESTS)})")
        rows.append(
            Row(
                id=each["id"], tests=tests, gland_share=float(each["gland_share"]), decided_by=each["decided_by"],
                decided_share=float(each["decided_share"]), cited_by=each["cited_by"], moved_by=int(each["moved_by"]),
                of=int(each["of"]),
                commit=each["commit"], date=each["date"],
            )
        )  # fmt: skip
    return rows


@cache
def known_rows() -> Mapping[str, Row]:
    """What is known of each target, by its id."""
    text = files("lactflow.validation").joinpath("tested.csv").read_text(encoding="utf-8")
    return {row.id: row for row in rows_of_csv(text)}


@cache
def deciding_keys() -> frozenset[str]:
    """Quantities that decide a published target, each by itself or more than any other."""
    return frozenset(row.decided_by for row in known_rows().values() if row.decided_by)
