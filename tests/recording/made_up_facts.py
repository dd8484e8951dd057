"""Facts of every kind, made up from a number."""

from __future__ import annotations

import math
from itertools import product
from typing import get_args, get_type_hints

from lactflow.pipeline.visits import VISIT
from lactflow.records import BREASTS, LINES, STATIONS, TABLES, StationKey, Visit

KEYS = [StationKey(*names) for names in product(BREASTS, (0, 1), LINES, STATIONS)]
NAN = math.nan


def made_up(table: str, number: int, *, nulls: bool = False):
    """A fact of a table whose values follow from `number`; nulls where the declaration allows them."""
    kind = TABLES[table]
    values = []
    for place, (name, hint) in enumerate(get_type_hints(kind, include_extras=True).items()):
        of, about = get_args(hint)
        optional = type(None) in get_args(of)
        if optional and nulls:
            values.append(None)
        elif of is str or str in get_args(of):
            values.append(about.values[number % len(about.values)] if about.values else f"wört {number}")
        elif of is bool:
            values.append(number % 2 == 0)
        elif of is int or int in get_args(of):
            values.append(number + place)
        elif name == "residual":
            values.append(1e-13)
        else:
            values.append(number + place / 16.0)
    return kind(*values)


def visit_rows(count: int, first: int = 0) -> list[tuple]:
    """Packed visits as tuples; some not started, not finished or not left."""
    rows = []
    for n in range(first, first + count):
        times = [float(n), n + 0.25, n + 0.5, n + 0.75]
        for place in range(1, 4):
            if n % 5 >= 5 - place:
                times[place] = NAN
        rows.append((n % len(KEYS), n, n % 7, *times))
    return rows


def in_order_of_leaving(rows: list[tuple]) -> list[tuple]:
    """Rows as the table has them: by the time of leaving, those that have not left last, then by breast and lobe."""
    return sorted(rows, key=lambda row: (math.isnan(row[6]), 0.0 if math.isnan(row[6]) else row[6], KEYS[row[0]][:2]))


def packed(rows: list[tuple]) -> bytes:
    return b"".join(VISIT.pack(*row) for row in rows)


def record_made_up(recorder, number: int, *, visits: int = 40, facts: int = 3) -> None:
    """Record some of everything."""
    if recorder.visits is not None:
        for row in visit_rows(visits, number):
            recorder.visits.add(*row)
    for table, kind in TABLES.items():
        if kind is not Visit:
            for n in range(facts):
                recorder.record(made_up(table, number + n, nulls=n == 1))
