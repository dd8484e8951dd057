"""
The ledger of a calibration: what was asked, and how each trial ended, as lines of JSON that are on the disk at once.

A line has a checksum. The last line of a process that was killed may be torn: it is cut off when the ledger is opened
again. Everything else that is not what was written is damage. Points are written as they were asked, to the last bit,
before they are simulated, so that whoever goes on simulates the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import isnan, nan
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.errors import DamagedRunError
from lactflow.recording.files import append_at, read_regular, sync_folder, told_in_one_line

LEDGER = "trials.jsonl"
_CHECK = "check"
_CHECK_DIGITS = 16


class Asked(NamedTuple):
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
    asked
        What was tried.
    models, errors
        What the model gives for each target, and its standard error; NaN where it is not known. Empty for one that
        failed.
    reason
        Why it failed; empty for one that did not.
    """

    asked: Asked
    models: tuple[float, ...]
    errors: tuple[float, ...]
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether there is no loss."""
        return bool(self.reason)


class Ledger:
    """
    What was asked and tried.

    Parameters
    ----------
    folder
        Of the calibration; None for a ledger in memory.

    Attributes
    ----------
    batches
        What was asked, by number of the batch.
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
        self.batches: dict[int, list[Asked]] = {}
        self.trials: dict[int, Trial] = {}
        if self._path is not None and self._path.exists():
            self._read(self._path)

    def ask(self, batch: int, asked: Sequence[Asked]) -> None:
        """Write what a batch will try."""
        self.batches[batch] = list(asked)
        self._write({"batch": batch, "asked": [each._asdict() for each in asked]})

    def add(self, trial: Trial) -> None:
        """Write how a trial ended."""
        self.trials[trial.asked.number] = trial
        models, errors = ([None if isnan(each) else each for each in given] for given in (trial.models, trial.errors))
        self._write({"trial": trial.asked.number, "models": models, "errors": errors, "reason": trial.reason})

    def in_order(self) -> list[Trial]:
        """What has ended, by number."""
        return [self.trials[number] for number in sorted(self.trials)]

    def content(self) -> bytes:
        """All lines as they stand in the file."""
        return b"" if self._path is None else read_regular(self._path)[: self._length]

    def _write(self, said: Mapping[str, Any]) -> None:
        if self._path is None:
            return
        with told_in_one_line("write", self._path):
            is_new = self._length == 0
            self._length = append_at(self._path, self._length, _as_line(_as_text(said)) + b"\n")
            if is_new:
                sync_folder(self._path.parent)

    def _read(self, path: Path) -> None:
        with told_in_one_line("read", path):
            content = read_regular(path)
        *lines, _torn = content.split(b"\n")
        by_number: dict[int, Asked] = {}
        for number, line in enumerate(lines, start=1):
            said = _read_line(line)
            if said is None or not self._take(said, by_number):
                raise DamagedRunError(f"{path} is damaged: line {number} is not what was written")
            self._length += len(line) + 1

    def _take(self, said: Mapping[str, Any], by_number: dict[int, Asked]) -> bool:
        """Take what a line says; not where what it rests on is missing, or it was said before."""
        if "asked" in said:
            if said["batch"] in self.batches:
                return False
            asked = [Asked(each["number"], each["stage"], tuple(each["shares"])) for each in said["asked"]]
            self.batches[said["batch"]] = asked
            by_number |= {each.number: each for each in asked}
            return True
        number = said["trial"]
        if number in self.trials or number not in by_number:
            return False
        models, errors = (tuple(nan if each is None else each for each in said[name]) for name in ("models", "errors"))
        self.trials[number] = Trial(by_number[number], models, errors, said["reason"])
        return True


def _read_line(line: bytes) -> dict[str, Any] | None:
    """What a line says; None where it is not what was written."""
    try:
        said = json.loads(line)
        del said[_CHECK]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    found: dict[str, Any] = said
    return found if line == _as_line(_as_text(said)) else None


def _as_text(said: Mapping[str, Any]) -> str:
    return json.dumps(said, separators=(",", ":"), allow_nan=False)


def _as_line(text: str) -> bytes:
    """A line of the ledger, with its checksum."""
    return f'{text[:-1]},"{_CHECK}":"{_checksum(text)}"}}'.encode()


def _checksum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_CHECK_DIGITS]
