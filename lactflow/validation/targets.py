"""
Published targets: what was measured in women, each with the band that the model should meet.

`targets.csv` beside this module holds a row per printed number: a mean, its SD, a range. The rows whose id
is the same but for its final letter are one group, and a group is one target. An id without a final letter
is a group by itself. The file carries only groups that may be judged: measured in humans, seen in the
source, and printed with a spread. What a row means is told by its quantity and condition; `pmid` is the
paper's number in PubMed where known, and `n_noted` the size of the sample as printed where that is not a
plain number of women.

What counts as a spread, and the band that it gives, the first that applies:

- `sd`: mean ± SD. A range printed beside it stays in the file and does not widen the band.
- `spread_as_printed`, a ± that is not named, or that is named SEM and far too wide for one: read as SD. The
  evidence holds these for doubtful: if one was an SEM after all, its band is too narrow by √n. `spread` tells them.
- `sem`: mean ± SEM·√n. n is the column of that name, else `n_noted` where that is one count ("46 breasts");
  a total over several groups, or mothers beside samples, does not tell the n of the SEM.
- `range`: from end to end, with or without a mean.

Not a spread: `iqr` and `ci95`, which say less or other than how women differ; `sem_as_printed`, an SEM that
its own n contradicts; `se_or_sd`, which occurs only for cows.

A band is not cut at zero or at 100 %. Where none can be made, the target is kept and `no_band` says why.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import StringIO
from math import sqrt
from typing import Literal, get_args

Use = Literal["calibration", "check"]
Spread = Literal["sd", "spread_as_printed", "sem", "range"]
About = Literal["secretion", "exposure"]
Row = Mapping[str, str]

SPREADS: tuple[Spread, ...] = get_args(Spread)

_CALIBRATION_BELOW = 128
_FILES: Mapping[str, tuple[int, About]] = {
    "targets.csv": (0, "secretion"),
    "targets_applications.csv": (1, "exposure"),
}
"""
Files of evidence, with the byte of the hash of a source that says what it is for, and what they are about.

That of drugs and proteins goes by the second: the first would divide papers that the gland rests on the same way again.
"""

_WEANING = "junctions held shut by secretion and maturity that does not run back are made for the rise of sodium here"
_PUMP_ONLY = "prolactin of women who only pump is set on these mothers, and on those of the other trial of low supply"
_PULSES = "read in blood drawn every two minutes since this row was missed, and pulses under stress are set on it"
_NIGHTS = "nights of infants are made for another row of this paper, of which share of them takes nothing (T02-032)"
_TRANSPORTED = "the transporter of nitrofurantoin is set on the ratio of this paper"
_IMMUNE = "a constant of immune proteins or of oligosaccharides is set on this row"
_WEIGHED = "T01-004 of the same women is not judged since it was looked at why it was missed"
_STUDY_DAYS = "the fifth day of the study was read as that of a newborn, and its infants were 15 to 26 days old then"
TURNED: Mapping[str, str] = {
    "T09-018": _WEANING,
    **dict.fromkeys(("T04-070", "T04-071", "T10-038", "T10-039"), _PUMP_ONLY),
    **dict.fromkeys(("T06-040", "T06-041", "T06-042"), _PULSES),
    **dict.fromkeys(("T02-030", "T02-031", "T02-033"), _NIGHTS),
    **dict.fromkeys(("T11-145", "T11-146"), _TRANSPORTED),
    **dict.fromkeys(("T07-115", "T07-116", "T07-123"), _IMMUNE),
    **dict.fromkeys(("T11-123", "T11-124"), _STUDY_DAYS),
    **dict.fromkeys(("T01-001", "T01-002", "T01-003", "T01-004"), _WEIGHED),
}
"""
Check targets that a change of the model, or of how they are read, was made for: calibration targets since then.

Each with what was done. Whole papers are turned: rows from the same women are not independent of one another.
"""
_ONE_COUNT = re.compile(r"(\d+) [a-z]+", flags=re.ASCII)


@dataclass(frozen=True)
class Target:
    """
    One published measurement with its band.

    Attributes
    ----------
    id
        Of the group: the ids of its rows without their final letter.
    quantity, condition
        What was measured, and in whom or when.
    unit
        Of centre, low and high, as in the evidence.
    centre
        Mean, else median, else single value; None for a bare range.
    low, high
        Ends of the band, both None when none can be made.
    n
        Size of the sample (women, breasts or feeds), None when not told.
    source
        Paper, as the evidence cites it.
    use
        Whether parameters may be chosen in sight of this target: by its source, but for those of `TURNED`.
    spread
        Statistic that gave the band, None without one.
    no_band
        Why there is no band; None where there is one.
    about
        `secretion` of milk, or `exposure` to what it carries: drugs, immune proteins, sugars.
    """

    id: str
    quantity: str
    condition: str
    unit: str
    centre: float | None
    low: float | None
    high: float | None
    n: int | None
    source: str
    use: Use
    spread: Spread | None = None
    no_band: str | None = None
    about: About = "secretion"

    @property
    def required(self) -> str:
        """What a run should find, in words: `147 (137 to 157) mM`."""
        band = "no band" if self.low is None or self.high is None else f"{self.low:.4g} to {self.high:.4g}"
        if self.centre is not None:
            return f"{self.centre:.4g} ({band}) {self.unit}"
        return band if self.low is None else f"{band} {self.unit}"


@cache
def load_targets() -> tuple[Target, ...]:
    """Every target that comes with lactflow, in the order of the evidence; those of drugs and proteins come last."""
    return tuple(
        replace(target, about=about)
        for name, (byte, about) in _FILES.items()
        for target in targets_of(_rows_of(name), byte)
    )


def _rows_of(name: str) -> Iterable[Row]:
    """Rows of one file of evidence."""
    return csv.DictReader(StringIO(files("lactflow.validation").joinpath(name).read_text(encoding="utf-8")))


def use_of(source: str, byte: int = 0) -> Use:
    """
    Which set a source belongs to, decided before any tuning by the hash of its text.

    Parameters
    ----------
    source
        The citation, letter for letter.
    byte
        Which byte of the hash decides, from 0.
    """
    return "calibration" if sha256(source.encode()).digest()[byte] < _CALIBRATION_BELOW else "check"


def group_of(row_id: str) -> str:
    """Id of the group: that of the row without its final letter."""
    return row_id[:-1] if row_id[-1:].isalpha() else row_id


def targets_of(rows: Iterable[Row], byte: int = 0) -> tuple[Target, ...]:
    """
    The targets that rows of evidence make, in the order in which their groups begin.

    Parameters
    ----------
    rows
        As in `targets.csv`: text in every column, empty where nothing was printed. Groups without a spread
        are left out.
    byte
        As `use_of` takes it.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(group_of(row["id"]), []).append(row)
    return tuple(
        _target(name, group, byte)
        for name, group in groups.items()
        if any(row["statistic"] in SPREADS for row in group)
    )


def _target(name: str, rows: Sequence[Row], byte: int) -> Target:
    """The target of one group; its first row tells what was measured."""
    first = rows[0]
    centres = (_value(rows, statistic) for statistic in ("mean", "median", "value"))
    target = Target(
        id=name,
        quantity=first["quantity"],
        condition=first["condition"],
        unit=first["unit"],
        centre=next((centre for centre in centres if centre is not None), None),
        low=None,
        high=None,
        n=_size(rows),
        source=first["source"],
        use="calibration" if name in TURNED else use_of(first["source"], byte),
    )
    band = _band(rows)
    if isinstance(band, str):
        return replace(target, no_band=band)
    low, high, spread = band
    if not low < high:
        return replace(target, no_band="low end not below high end")
    return replace(target, low=low, high=high, spread=spread)


def _band(rows: Sequence[Row]) -> tuple[float, float, Spread] | str:
    """Low end, high end and the statistic behind them, or why there are none."""
    mean = _value(rows, "mean")
    sds: dict[Spread, float | None] = {
        "sd": _value(rows, "sd"),
        "spread_as_printed": _value(rows, "spread_as_printed"),
        "sem": _sd_of_sem(rows),
    }
    for spread, sd in sds.items():
        if mean is not None and sd is not None:
            return mean - sd, mean + sd, spread
    extremes = _row(rows, "range")
    if extremes is None:
        return "spread without mean" if mean is None else "SEM without n"
    if not (extremes["low"] and extremes["high"]):
        return "range open at one end"
    return float(extremes["low"]), float(extremes["high"]), "range"


def _sd_of_sem(rows: Sequence[Row]) -> float | None:
    """SEM·√n; None without SEM or n."""
    row = _row(rows, "sem")
    if row is None or not row["value"]:
        return None
    n = _size((row, *rows))
    return None if n is None else float(row["value"]) * sqrt(n)


def _size(rows: Iterable[Row]) -> int | None:
    """The first size of a sample that the rows tell as a plain number."""
    for row in rows:
        if row["n"]:
            return int(row["n"])
        if noted := _ONE_COUNT.fullmatch(row["n_noted"]):
            return int(noted[1])
    return None


def _row(rows: Iterable[Row], statistic: str) -> Row | None:
    """The first row of one statistic."""
    return next((row for row in rows if row["statistic"] == statistic), None)


def _value(rows: Iterable[Row], statistic: str) -> float | None:
    """The number in the first row of one statistic."""
    row = _row(rows, statistic)
    return float(row["value"]) if row is not None and row["value"] else None
