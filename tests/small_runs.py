"""Run directories with facts made by hand, for what compares or exports runs."""

from __future__ import annotations

from lactflow.recording.archive import Archive
from lactflow.records import HormoneSample, LetDown, Session, StationKey

KEYS = [StationKey("left", 0, "aqueous", "rer"), StationKey("left", 0, "aqueous", "golgi")]
NAN = float("nan")

VISITS = [(0, n, 0, 10.0 * n, 10.0 * n, 10.0 * n + 30.0, 10.0 * n + 35.0) for n in range(12)]
"""Station, packet, queue length; entered, started, finished, left: a packet every ten minutes."""


def let_down(number, time_min, ejected_ml=5.0):
    """One ejection of the left breast."""
    return LetDown(number, time_min, "left", None, "conditioned", 20.0, ejected_ml, 0.0, None)


def session(number, start_min, end_min, intake_ml=80.0):
    """One feed, planned a minute before it began."""
    return Session(
        number,
        "feed",
        0,
        start_min - 1.0,
        start_min,
        end_min,
        "satiety",
        intake_ml,
        None,
        None,
        None,
        "both",
        "schedule",
    )


def sample(time_min, prolactin=100.0):
    """Hormones at an instant."""
    return HormoneSample(time_min, 1.0, 50.0, 0.0, prolactin, 5.0)


FACTS = [
    let_down(0, 20.0),
    session(0, 20.0, 40.0),
    let_down(1, 70.0),
    session(1, 70.0, 95.0),
    sample(60.0),
    sample(120.0),
]


def small_run(
    out,
    facts=FACTS,
    visits=VISITS,
    *,
    config="format: 1\n",
    units=((0, 0),),
    ending="complete",
    files=None,
    tables=(),
    **stated,
):
    """A run directory with the same facts for each unit of work; facts of one unit alone by a mapping."""
    about = {"command": ["lactflow", "run", "small"], "seed": 1, **stated}
    archive = Archive.create(out, "small", config, files or {}, about, tables=tables)
    for unit in units:
        recorder = archive.writer(*unit)
        recorder.stations(KEYS)
        for fact in facts[unit] if isinstance(facts, dict) else facts:
            recorder.record(fact)
        for row in visits:
            recorder.visits.add(*row)
        recorder.close(150.0)
    archive.finish(ending)
    return archive.path
