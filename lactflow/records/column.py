"""Description of a column of a table."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """Unit and meaning of one column; `values` lists the words an enumerated column may hold."""

    unit: str
    description: str
    values: tuple[str, ...] = ()


SESSION = Column("", "number of the session in this replicate, from 0")
