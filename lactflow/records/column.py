"""Description of a column of a table."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """Unit and meaning of one column; `values` lists the words an enumerated column may hold."""

    unit: str
    description: str
    values: tuple[str, ...] = ()


SESSION = Column("", "number of the session in this replicate, from 0")
BREASTS = ("left", "right")
TIME = Column("min", "minutes since birth")
SAMPLE_TIME = Column("min", "minutes since birth; the same instants in all sampled tables")
BREAST = Column("", "left or right", BREASTS)
LOBE = Column("", "number of the lobe in its breast, from 0, smallest first")
