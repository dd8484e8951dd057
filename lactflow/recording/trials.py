"""
The ledger of a calibration: what was proposed, and how each trial ended, as lines of JSON that are on the disk at once.

A line has a checksum. The last line of a process that was killed may be torn: it is cut off when the ledger is opened
again. Everything else that is not what was written is damage. Points are written to the last bit, as proposed,
before they are simulated, so that whoever resumes simulates the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import isnan, nan
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.errors import DamagedRunError
from lactflow.recording.files import append_at, one_line_errors, read_regular, sync_folder

LEDGER = "trials.jsonl"
_CHECK = "check"
_CHECK_DIGITS = 16


class Point(NamedTuple):
    """
    A point that is to be tried.

    Attributes
    ----------
    number
        Of the trial, from 0.
    stage
        How it was found: `start`, `search`, `surface`.
    shares
        Of the range of each quantity.
    """

    number: int
    stage: str
    shares: tuple[float, ...]


class Trial(NamedTuple):
    """
    A trial that has ended.

    Attributes
    ----------
    point
        What was tried.
    models, errors
        What the model gives for each target, and its standard error; NaN where it is not known. Empty for one that
        failed.
    reason
        Why it failed; empty for one that did not.
    """

    point: Point
    models: tuple[float, ...]
    errors: tuple[float, ...]
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether there is no loss."""
        return bool(self.reason)


class Ledger:
    """
    What was proposed and tried.

    Parameters
    ----------
    folder
        Of the calibration; None for a ledger in memory.

    Attributes
    ----------
    batches
        What was proposed, by number of the batch.
    trials
        What has ended, by number.

    Raises
    ------
    DamagedRunError
        If a line other than a torn last one is not what was written.
    ArchiveError
        If the disk refuses.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = None if folder is None else folder / LEDGER
        self._length = 0
        self.batches: dict[int, list[Point]] = {}
        self.trials: dict[int, Trial] = {}
        if self._path is not None and self._path.exists():
            self._read(self._path)

    def propose(self, batch: int, points: Sequence[Point]) -> None:
        """Write what a batch will try."""
        self.batches[batch] = list(points)
        self._write({"batch": batch, "asked": [each._asdict() for each in points]})

    def add(self, trial: Trial) -> None:
        """Write how a trial ended."""
        self.trials[trial.point.number] = trial
        models, errors = ([None if isnan(each) else each for each in given] for given in (trial.models, trial.errors))
        self._write({"trial": trial.point.number, "models": models, "errors": errors, "reason": trial.reason})

    def in_order(self) -> list[Trial]:
        """What has ended, by number."""
        return [self.trials[number] for number in sorted(self.trials)]

    def content(self) -> bytes:
        """All lines as they stand in the file."""
        return b"" if self._path is None else read_regular(self._path)[: self._length]

    def _write(self, fields: Mapping[str, Any]) -> None:
        if self._path is None:
            return
        with one_line_errors("write", self._path):
            is_new = self._length == 0
            self._length = append_at(self._path, self._length, _as_line(_as_text(fields)) + b"\n")
            if is_new:
                sync_folder(self._path.parent)

    def _read(self, path: Path) -> None:
        with one_line_errors("read", path):
            content = read_regular(path)
        *lines, _torn = content.split(b"\n")
        by_number: dict[int, Point] = {}
        for number, line in enumerate(lines, start=1):
            fields = _read_line(line)
            if fields is None or not self._take(fields, by_number):
                raise DamagedRunError(f"{path} is damaged: line {number} is not what was written")
            self._length += len(line) + 1

    def _take(self, line: Mapping[str, Any], by_number: dict[int, Point]) -> bool:
        """Take a line; not where what it builds on is missing, or it was recorded before."""
        if "asked" in line:
            if line["batch"] in self.batches:
                return False
            points = [Point(each["number"], each["stage"], tuple(each["shares"])) for each in line["asked"]]
            self.batches[line["batch"]] = points
            by_number |= {each.number: each for each in points}
            return True
        number = line["trial"]
        if number in self.trials or number not in by_number:
            return False
        models, errors = (tuple(nan if each is None else each for each in line[name]) for name in ("models", "errors"))
        self.trials[number] = Trial(by_number[number], models, errors, line["reason"])
        return True


def _read_line(line: bytes) -> dict[str, Any] | None:
    """Fields of a line; None where it is not what was written."""
    try:
        fields = json.loads(line)
        del fields[_CHECK]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    found: dict[str, Any] = fields
    return found if line == _as_line(_as_text(fields)) else None


def _as_text(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"), allow_nan=False)


def _as_line(text: str) -> bytes:
    """A line of the ledger, with its checksum."""
    return f'{text[:-1]},"{_CHECK}":"{_checksum(text)}"}}'.encode()


def _checksum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_CHECK_DIGITS]
