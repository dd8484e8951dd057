"""
Rows of numbers, packed one after the other.

Packing a row costs a fifth of one kept as a dict, and a third of a tuple of numbers. Where these modules are compiled,
numbers go straight into the row, by what mypyc knows of librt; plain Python does without librt.
"""

from __future__ import annotations

from types import FunctionType
from typing import Final


def _function() -> None:
    """Be one of Python's functions, unless this module is compiled."""


COMPILED: Final = not isinstance(_function, FunctionType)

if COMPILED:
    from librt.strings import BytesWriter


class PackedLog:
    """
    Packed rows, in the order in which they were written.

    Parameters
    ----------
    row_bytes
        Length of a row [bytes].
    """

    __slots__ = ("_row_bytes", "_rows", "_writer")

    def __init__(self, row_bytes: int) -> None:
        self._row_bytes = row_bytes
        if COMPILED:
            self._writer = BytesWriter()
        else:
            self._rows = bytearray()

    def __len__(self) -> int:
        """Number of rows."""
        return (len(self._writer) if COMPILED else len(self._rows)) // self._row_bytes

    def __bytes__(self) -> bytes:
        """All rows."""
        return self._writer.getvalue() if COMPILED else bytes(self._rows)

    def take(self) -> bytes:
        """All rows, which are no longer here then."""
        rows = bytes(self)
        if COMPILED:
            self._writer.truncate(0)
        else:
            self._rows.clear()
        return rows

    def put_back(self, rows: bytes) -> None:
        """Rows that were taken: they come before all others."""
        if COMPILED:
            later = self.take()
            self._writer.write(rows)
            self._writer.write(later)
        else:
            self._rows[:0] = rows
