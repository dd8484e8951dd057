"""Several finished runs together: labelled, concatenated, compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.analysis.run import Run, open_run
from lactflow.config.text import choices, nearest, quoted
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.config.model import RunConfig

_ENDING = re.compile(r"-\d{8}T\d{6}Z-[0-9a-f]+(-\d+)?$")
"""What a run directory has behind the name of its config: when it was made, and of what."""
RUN = "run"
"""Column that says whose a row is, the first of every frame."""


class Runs(Mapping[str, Run]):
    """
    Runs by their labels, in the order in which they were given; `runs["a"]` is a run.

    Parameters
    ----------
    runs
        By their labels.
    """

    def __init__(self, runs: Mapping[str, Run]) -> None:
        self._runs = dict(runs)

    def __getitem__(self, label: str) -> Run:
        """
        The run of a label.

        Raises
        ------
        KeyError
            If there is none; the message has the nearest label.
        """
        if label not in self._runs:
            near = nearest(str(label), list(self._runs))
            hint = f"nearest: {near}" if near is not None else choices(list(self._runs))
            raise KeyError(f"there is no run {quoted(str(label))} ({hint})")
        return self._runs[label]

    def __iter__(self) -> Iterator[str]:
        """The labels."""
        return iter(self._runs)

    def __len__(self) -> int:
        """Number of runs."""
        return len(self._runs)

    def table(self, name: str) -> pd.DataFrame:
        """
        One table of all runs, one below the other, with the label in the column `run`.

        Parameters
        ----------
        name
            Such as `removals`.

        Raises
        ------
        UnknownTableError
            If there is no such table; the message has the nearest name.
        """
        return self._together({label: run[name] for label, run in self.items()})

    def daily(self) -> pd.DataFrame:
        """One row a day of every run: `lactflow.analysis.daily.daily`, with the label in the column `run`."""
        return self._together({label: run.daily() for label, run in self.items()})

    def summary(self, warm_up_days: float = 0.0) -> pd.DataFrame:
        """
        Each measure of each run after a warm-up: one row a run, indexed by its label.

        Parameters
        ----------
        warm_up_days
            Time left out at the start of each [days].
        """
        import pandas as pd

        rows = {label: run.summary(warm_up_days) for label, run in self.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(RUN)

    def differences(self, baseline: str | None = None, level: float = 0.95) -> pd.DataFrame:
        """
        Paired differences from one of the runs, as `lactflow compare` makes them.

        Parameters
        ----------
        baseline
            Label of the run that the others are compared with; the first when None.
        level
            Joint level of the intervals of one measure over all runs.

        Returns
        -------
        As `lactflow.analysis.paired.differences`, with labels as names of scenarios.

        Raises
        ------
        ConfigError
            If they were not simulated on common random numbers and over the same days, with each difference.
        """
        from lactflow.analysis.daily import by_replicate, measures_in
        from lactflow.analysis.paired import Subject, differences, per_subject

        first = next(iter(self)) if baseline is None else baseline
        runs = {first: self[first], **{label: run for label, run in self.items() if label != first}}
        if len(runs) < 2:
            raise ConfigError("one run has nothing to be compared with (allowed: two or more)")
        if problems := list(self._not_pairs(first)):
            raise ConfigError(*problems)
        config = self._configs[first]
        subject: Subject = "mother" if config.mother.cohort else "replicate"
        warm_up = config.record.warm_up_days
        measured = {label: per_subject(by_replicate(run, warm_up), subject) for label, run in runs.items()}
        return differences(measured, measures_in(name for table in measured.values() for name in table), level=level)

    @cached_property
    def _configs(self) -> dict[str, RunConfig]:
        from lactflow.config.scenario import load_scenario

        return {label: load_scenario(run.config_file).config for label, run in self.items()}

    def _not_pairs(self, first: str) -> Iterator[str]:
        """Why runs cannot be paired with the first: one line for each key that differs."""
        for label, run in self.items():
            if run.status != "complete":
                yield f"{label}: it is {run.status} (allowed: complete)"
        one = self._configs[first]
        for label, other in self._configs.items():
            for name, of_first, of_other in (
                ("seed", one.seed, other.seed),
                ("start_day", one.start_day, other.start_day),
                ("days", one.days, other.days),
                ("mother.cohort", one.mother.cohort, other.mother.cohort),
                ("record.warm_up_days", one.record.warm_up_days, other.record.warm_up_days),
            ):
                if of_first != of_other:
                    yield f"{label}: {name} is {of_other}, and {of_first} in {first} (allowed: the same)"

    def _together(self, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        import pandas as pd

        units: dict[str, str] = {}
        for frame in frames.values():
            units |= frame.attrs.pop("units", {})
        together = pd.concat(frames, names=[RUN]).reset_index(level=0).reset_index(drop=True)
        together.attrs["units"] = units
        return together

    def __repr__(self) -> str:
        """Its labels."""
        return f"{type(self).__name__}({list(self._runs)})"

    def _repr_html_(self) -> str:
        """For notebooks: the measures of each."""
        from lactflow.analysis.notebook import SHOWN, as_html

        table = self.summary()[[*SHOWN]].reset_index()
        return as_html(f"{len(self)} runs", {"status": ", ".join(sorted({run.status for run in self.values()}))}, table)


def open_many(paths: Mapping[str, str | Path] | Sequence[str | Path]) -> Runs:
    """
    Open several run directories together.

    Parameters
    ----------
    paths
        Run directories; or a mapping from labels to them. Without labels each has the name of its directory without
        the time, and a number where that is taken.

    Returns
    -------
    The runs by their labels: `table("removals")`, `daily()` and `summary()` are frames over all of them, and
    `differences()` compares those that were simulated on common random numbers.

    Raises
    ------
    ConfigError
        If no directory is given.
    ArchiveError
        If one is no run directory, or one that this version cannot read.
    DamagedRunError
        If one is not what was written.
    """
    if isinstance(paths, str | Path):
        paths = [paths]
    if not paths:
        raise ConfigError("no run directory is given (allowed: one or more)")
    if isinstance(paths, Mapping):
        return Runs({str(label): open_run(path) for label, path in paths.items()})
    runs: dict[str, Run] = {}
    for path in paths:
        run = open_run(path)
        name = _ENDING.sub("", run.path.resolve().name)
        labels = (name if number == 1 else f"{name}-{number}" for number in count(1))
        runs[next(label for label in labels if label not in runs)] = run
    return Runs(runs)
