"""Generated configs of legal values: each is run, and what comes out is looked at."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, get_args, get_type_hints

from benchmarks.trust.commands import Ended, called
from benchmarks.trust.drawing import MOODS, Drawing, Group, repaired, tidied
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.material import LOG
from benchmarks.trust.reading import lost_to_verify

_MOST_REPAIRS = 8
_LONGEST_S = 20.0
_REFUSED = 2
_ROUNDING_ML = 1e-9
_LIMIT = "too long"


class TooLongError(BaseException):
    """A config took more CPU time than it may; nothing catches this on its way."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """
    Stop what takes more CPU time than this.

    Raises
    ------
    TooLongError
        After so many seconds.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def configs(bench: Bench) -> Iterator[Try]:
    """Draw, load, run, look; configs that stay refused are tries beyond the number wanted."""
    from lactflow.config.model import RunConfig

    schema = RunConfig.model_json_schema()
    number = simulated = 0
    while simulated < bench.size:
        mood = MOODS[number % len(MOODS)]
        folder = bench.memory / str(number)
        folder.mkdir()
        (folder / "log.csv").write_text(LOG, encoding="utf-8")
        config = Drawing(schema, bench.random(number)).config(mood)
        try:
            with within(_LONGEST_S):
                ended, lost = _simulated(folder, config)
        except TooLongError:
            ended, lost = _LIMIT, f"more than {_LONGEST_S:g} s of CPU time"
        simulated += ended != "refused"
        if lost:
            lost = f"{bench.keep(number, '.yaml', (folder / 'drawn.yaml').read_bytes())}: {lost}"
        yield Try(mood, ended, lost)
        shutil.rmtree(folder)
        number += 1


def _simulated(folder: Path, config: Group) -> tuple[str, str]:
    """How one config ended, and what was lost."""
    ended = _run(folder, config)
    for _ in range(_MOST_REPAIRS):
        if ended.traceback or ended.exit_code != _REFUSED:
            break
        problems = ended.json().get("problems", ())
        if not problems:
            return "refused", f"refused without a problem: {ended.text[-200:]}"
        # All of them, not the first alone.
        changed = [repaired(config, each["message"], each["key"]) for each in problems]
        if not any(changed):
            break
        tidied(config)
        ended = _run(folder, config)
    if ended.traceback:
        return "traceback", ended.traceback
    if ended.exit_code == _REFUSED:
        return "refused", ""
    if ended.exit_code:
        return f"exit code {ended.exit_code}", ended.text[-300:]
    (run,) = (folder / "out").iterdir()
    lost = _odd_object(ended.json()) or lost_to_verify(run, "complete") or _odd_values(run)
    return ("sound, with a warning of Python" if ended.warnings else "sound"), lost


def _run(folder: Path, config: Group) -> Ended:
    # JSON is YAML too.
    (folder / "drawn.yaml").write_text(json.dumps(config, indent=1), encoding="utf-8")
    return called("run", "drawn.yaml", "--json", "--workers", "1", "--out", "out", cwd=folder)


def _odd_object(shown: Any) -> str:
    """What is wrong with the JSON of a run."""
    if shown.get("status") != "complete" or not shown.get("summary"):
        return f"the JSON has status {shown.get('status')} and {len(shown.get('summary') or ())} measures"
    return ""


def _odd_values(run: Path) -> str:
    """Infinities, nulls where a value is declared, and volumes below zero; read from the parts with pyarrow."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from lactflow.records import TABLES

    for table, kind in TABLES.items():
        hints = get_type_hints(kind, include_extras=True)
        needed = {name for name, hint in hints.items() if type(None) not in get_args(get_args(hint)[0])}
        for part in (run / table).glob("*.parquet"):
            read = pq.read_table(part, partitioning=None)
            for name in read.column_names:
                values = read[name]
                if name in needed and values.null_count:
                    return f"{values.null_count} nulls (or NaN) in {name} of {table}"
                if not pa.types.is_floating(values.type) or len(values) == values.null_count:
                    continue
                if not pc.all(pc.is_finite(values)).as_py():
                    return f"an infinity in {name} of {table}"
                if name.endswith("_ml") and pc.min(values).as_py() < -_ROUNDING_ML:
                    return f"{name} of {table} is {pc.min(values).as_py()}"
    return ""


EXPERIMENTS = (
    Experiment(
        name="configs",
        title="generated configs of legal values",
        size=1000,
        how="Drawn from the JSON Schema of the config in five moods (only the schedule unusual, one quantity, six, "
        "half of all over their whole ranges, half of all at their bounds), with up to 4 infants, 3 mothers, 15 "
        "knock-outs, 6 interventions and 5 phases; what contradicts is taken out as the loader says; run for up to a "
        "day with coarse packets. Those that stay refused are counted beside the others",
        lost="a traceback, an exit code other than 0 or 2, more than 20 s of CPU time, a balance beyond its "
        "tolerance, an infinity, a null or NaN where a value is declared, a volume below zero, JSON without a "
        "summary, or `lactflow verify` finding fault.",
        tries=configs,
    ),
)
