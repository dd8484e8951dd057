"""
Heat maps as images: a PNG with one pixel a cell, which the page stretches.

A rectangle of SVG for each cell would take a hundred times the room.
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from typing import TYPE_CHECKING

import numpy as np

from lactflow.report.blocks import HeatMap, Label, Table
from lactflow.report.numbers import TimeAxis, evenly, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_VIRIDIS = ("440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30", "fde725")
"""Nine of its colours; it is read by the colour-blind and in grey. By van der Walt and Smith, CC0."""
_SHADES = 255
_CLEAR = _SHADES
"""Number of the colour that shows what is behind: no value."""
_LABELLED_PX = 12
_SHORT_ROWS = 12


def heat_map(
    cells: Floats,
    axis: TimeAxis,
    *,
    name: str,
    title: str,
    caption: str,
    rows: Sequence[str],
    unit: str,
    highest: float | None = None,
    at_right: Sequence[str] = (),
    row_px: int = 18,
) -> HeatMap:
    """
    A heat map from 0 up.

    Parameters
    ----------
    cells
        A row for each of `rows`, a column for each equal stretch of time; NaN for no value.
    axis
        The time that the columns share.
    rows, at_right
        What each row is, and what stands behind it.
    unit
        Of the values.
    highest
        Where the colours end; the largest value when None.
    row_px
        Height of a row.
    """
    largest = float(np.nanmax(cells)) if np.isfinite(cells).any() else 0.0
    top = highest if highest is not None else largest or 1.0
    shades = np.clip(np.nan_to_num(cells) / top, 0.0, 1.0) * (_SHADES - 1)
    pixels = np.where(np.isfinite(cells), shades.round(), _CLEAR).astype(np.uint8)
    every = max(1, -(-_LABELLED_PX // row_px))
    middles = [(index + 0.5) * row_px for index in range(len(rows))]
    return HeatMap(
        name=name,
        title=title,
        caption=caption,
        image=as_png(pixels),
        height=len(rows) * row_px,
        labels=[Label(at, text) for at, text in zip(middles[::every], rows[::every], strict=True)],
        at_right=[Label(at, text) for at, text in zip(middles, at_right, strict=False)],
        ticks=axis.ticks(),
        x_label=axis.label,
        scale=as_png(np.arange(_SHADES, dtype=np.uint8)[np.newaxis, :]),
        lowest="0",
        highest=f"{top:.3g}" + (" or more" if largest > top else ""),
        unit=unit,
        table=_short(cells, axis, title, rows),
    )


def _short(cells: Floats, axis: TimeAxis, title: str, rows: Sequence[str]) -> Table:
    """Some columns of the map as numbers."""
    middles = np.linspace(axis.from_min, axis.to_min, 2 * cells.shape[1] + 1)[1::2]
    chosen = evenly(cells.shape[1], _SHORT_ROWS)
    shown = axis.of(middles)
    return Table(
        f"{title}: some of the values",
        [axis.label, *rows],
        [[number(shown[column]), *(number(value, 2) for value in cells[:, column])] for column in chosen],
    )


def as_png(pixels: npt.NDArray[np.uint8]) -> str:
    """
    An image as a `data:` address.

    Parameters
    ----------
    pixels
        Numbers of shades by row and column, from the lowest; the number after the last shade is clear.

    References
    ----------
    PNG specification, third edition, W3C 2025: colour type 3, a palette.
    """
    height, width = pixels.shape
    anchors = np.array([list(bytes.fromhex(colour)) for colour in _VIRIDIS], dtype=float)
    places = np.linspace(0.0, len(_VIRIDIS) - 1.0, _SHADES)
    palette = np.stack([np.interp(places, np.arange(len(_VIRIDIS)), anchors[:, part]) for part in range(3)], axis=1)
    # Each line begins with the number of its filter: none.
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels], axis=1).tobytes()
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", palette.round().astype(np.uint8).tobytes() + bytes(3)),
            (b"tRNS", bytes([255]) * _SHADES + bytes(1)),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )
    return "data:image/png;base64," + b64encode(content).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
