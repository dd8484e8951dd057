"""Small folders of every kind that lactflow makes, to be damaged: each is made when it is first needed."""

from __future__ import annotations

import json
from functools import cache, cached_property
from pathlib import Path

from benchmarks.trust.commands import COARSE, called

LOG = """start,kind,left_min,right_min,volume_ml,left_ml,right_ml
2001-01-01 01:00,pump,15,15,80,,
2001-01-01 06:00,pump,15,15,120,,
2001-01-01 09:30,breast,10,8,,,
2001-01-01 11:00,pump,15,15,100,,
2001-01-01 13:10,bottle_own_milk,,,60,,
2001-01-01 16:00,pump,15,15,,40,50
2001-01-01 18:45,hand,8,8,25,,
2001-01-01 21:00,pump,15,15,95,,
2001-01-02 01:00,pump,15,15,80,,
2001-01-02 04:20,breast,0,14,,,
2001-01-02 06:00,pump,15,15,120,,
2001-01-02 08:15,bottle_formula,,,45,,
2001-01-02 11:00,pump,15,15,100,,
"""
"""A log with every kind of row."""

CONFIG = """format: 1
name: logged
title: A mother who keeps a log
start_day: 40
days: 2
replicates: 2
resolution: {packet_ml: 0.5}
gland: {lobes_per_breast: 2}
schedule: [{kind: log, file: log.csv}]
"""
_FLUSH_ROWS = 3000


@cache
def hostile(kind: str) -> tuple[str, ...]:
    """
    Texts that somebody could write to do harm, from the list beside this file.

    Parameters
    ----------
    kind
        Such as `names` or `payloads`. In the list `LONG 300` stands for 300 letters, `DEEP 600` for 600 folders.
    """
    texts: list[str] = json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8"))[kind]
    return tuple(_written_out(text) for text in texts)


def _written_out(text: str) -> str:
    word, _, number = text.partition(" ")
    unit = {"LONG": "a", "DEEP": "a/"}.get(word)
    return text if unit is None else unit * int(number)


class Material:
    """
    Sound folders.

    Parameters
    ----------
    folder
        Where they are made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        (folder / "logged.yaml").write_text(CONFIG, encoding="utf-8")
        (folder / "log.csv").write_text(LOG, encoding="utf-8")

    def _made(self, kind: str, *args: str) -> Path:
        """The one folder that a command leaves."""
        ended = called(*args, "--out", kind, "--quiet", cwd=self._folder)
        assert not ended.traceback, ended.traceback
        (made,) = (self._folder / kind).iterdir()
        return made

    @cached_property
    def run(self) -> Path:
        """A run of several flushes, two replicates, with a log kept beside its config."""
        from lactflow.recording import recorder

        usual = recorder.FLUSH_ROWS
        recorder.FLUSH_ROWS = _FLUSH_ROWS
        try:
            return self._made("run", "run", "logged.yaml", "--workers", "1")
        finally:
            recorder.FLUSH_ROWS = usual

    @cached_property
    def comparison(self) -> Path:
        """A comparison of two scenarios, two replicates each."""
        scenarios = ("every-two-hours", "every-four-hours")
        return self._made(
            "comparison", "compare", *scenarios, "--days", "0.3", "--replicates", "2", "--workers", "1", *COARSE
        )

    @cached_property
    def fit(self) -> Path:
        """A fit that learned from as few virtual mothers as are allowed."""
        return self._made("fit", "fit", "log.csv", "--start-day", "40", "--mothers", "40", "--workers", "1")

    @cached_property
    def validation(self) -> Path:
        """The validation of one claim, the quickest."""
        return self._made("validation", "validate", "C20", "--workers", "1")
