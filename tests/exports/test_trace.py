"""Traces: every event has the documented fields of its kind, slices nest, and times are those of the visits."""

from __future__ import annotations

import json

import pytest
from small_runs import FACTS, NAN, sample, small_run

import lactflow
from lactflow.errors import ConfigError
from lactflow.records import InterventionChange, Removal

FIELDS = {
    "b": {"name", "cat", "id", "pid", "tid", "ts"},
    "e": {"name", "cat", "id", "pid", "tid", "ts"},
    "i": {"name", "cat", "pid", "tid", "ts", "s"},
    "M": {"name", "pid", "args"},
}
"""Fields that the Trace Event Format wants of asynchronous slices, instants and metadata."""
US = 60e6

VISITS = [
    (0, 0, 0, 0.0, 0.0, 30.0, 30.0),  # served and gone
    (0, 1, 1, 10.0, 20.0, 50.0, 55.0),  # waited, was served, was blocked
    (1, 0, 0, 30.0, 30.0, 60.0, NAN),  # is blocked at the end
    (1, 1, 0, 130.0, NAN, NAN, NAN),  # waits at the end
]
REMOVAL = Removal(0, "feed", "left", 20.0, 40.0, 100.0, 60.0, 0.5, 0.2, 2, *[None] * 12)
STRESS = InterventionChange(25.0, "stress", "start")

ALL_FACTS = [sample(0.0), *FACTS, REMOVAL, STRESS]


def traced(tmp_path, visits=VISITS, facts=ALL_FACTS, *, units=((0, 0),), **options):
    """The trace of a run, and what the export says."""
    run = small_run(tmp_path / "out", facts, visits, units=units)
    done = lactflow.export(run, "trace", tmp_path / "x", **options)
    assert done.files == ("trace.json",)
    return json.loads((done.path / "trace.json").read_text(encoding="utf-8")), done


def checked(trace):
    """Slices as (process, track, id, name, begin, end, depth), if every event is what the format documents."""
    assert set(trace) == {"displayTimeUnit", "otherData", "traceEvents"}
    assert trace["displayTimeUnit"] in ("ms", "ns")
    processes, open_slices, slices = {}, {}, []
    for event in trace["traceEvents"]:
        missing = FIELDS[event["ph"]] - set(event)
        assert not missing, (event, missing)
        assert isinstance(event["pid"], int)
        if event["ph"] == "M":
            assert event["name"] in ("process_name", "process_sort_index")
            if event["name"] == "process_name":
                processes[event["pid"]] = event["args"]["name"]
            continue
        assert event["ts"] >= 0
        assert event["pid"] in processes, "named before its first event"
        if event["ph"] == "i":
            assert event["s"] in ("g", "p", "t")
            continue
        stack = open_slices.setdefault((event["cat"], event["id"]), [])
        if event["ph"] == "b":
            stack.append(event)
        else:
            begun = stack.pop()
            assert (begun["name"], begun["pid"]) == (event["name"], event["pid"])
            assert begun["ts"] <= event["ts"]
            assert all(outer["ts"] <= begun["ts"] for outer in stack)
            slices.append(
                (processes[event["pid"]], event["id"], event["name"], begun["ts"] / US, event["ts"] / US, len(stack))
            )
    assert not any(open_slices.values()), "every slice ends"
    return slices


def test_visits_are_slices_with_what_the_packets_do(tmp_path):
    """From entered to left, within it waiting, service and blocking; what is not over ends with the run."""
    trace, done = traced(tmp_path)
    assert done.notes == ()
    lobe = [each[1:] for each in checked(trace) if each[0] == "left breast, lobe 0"]
    assert sorted(lobe) == [
        ("10.1.0", "rer", 0.0, 30.0, 0),
        ("10.1.0", "service", 0.0, 30.0, 1),
        ("10.1.1", "blocked", 50.0, 55.0, 1),
        ("10.1.1", "rer", 10.0, 55.0, 0),
        ("10.1.1", "service", 20.0, 50.0, 1),
        ("10.1.1", "waiting", 10.0, 20.0, 1),
        ("10.2.0", "blocked", 60.0, 150.0, 1),
        ("10.2.0", "golgi", 30.0, 150.0, 0),
        ("10.2.0", "service", 30.0, 60.0, 1),
        ("10.2.1", "golgi", 130.0, 150.0, 0),
        ("10.2.1", "waiting", 130.0, 150.0, 1),
    ]
    unfinished = [event["id"] for event in trace["traceEvents"] if event.get("args", {}).get("unfinished")]
    assert unfinished == ["10.2.0", "10.2.1"]
    first = next(event for event in trace["traceEvents"] if event["name"] == "rer")
    assert first["args"] == {"line": "aqueous", "packet": 0, "queue_length": 0}


def test_sessions_removals_and_let_downs(tmp_path):
    """Sessions and removals last, let-downs and interventions are instants; what is null is left out."""
    trace, _ = traced(tmp_path)
    slices = {each[1]: each for each in checked(trace) if not each[1][0].isdigit()}
    assert {key: (each[2], each[3], each[4]) for key, each in slices.items()} == {
        "session.0": ("feed", 20.0, 40.0),
        "session.1": ("feed", 70.0, 95.0),
        "removal.0.left": ("milk removed by feed", 20.0, 40.0),
    }
    instants = [event for event in trace["traceEvents"] if event["ph"] == "i"]
    assert [(event["name"], event["ts"] / US, event["s"]) for event in instants] == [
        ("let-down (conditioned)", 20.0, "p"),
        ("let-down (conditioned)", 70.0, "p"),
        ("stress: start", 25.0, "g"),
    ]
    assert instants[0]["args"]["ejected_ml"] == 5.0
    assert "session" not in instants[0]["args"]


def test_a_window_cuts_what_it_shows(tmp_path):
    """Day 2 of three: times count from its beginning, slices end at its ends, what lies outside is not there."""
    visits = [
        (0, 0, 0, 100.0, 100.0, 1400.0, 1439.0),
        (0, 1, 0, 1000.0, 1000.0, 1450.0, 1460.0),
        (0, 2, 0, 2000.0, 2100.0, 3000.0, 3000.0),
        (0, 3, 0, 2880.0, 2880.0, 3000.0, 3000.0),
    ]
    from small_runs import KEYS, let_down

    from lactflow.recording.archive import Archive

    archive = Archive.create(tmp_path, "small", "format: 1\n", {}, {})
    recorder = archive.writer()
    recorder.stations(KEYS)
    for fact in (let_down(0, 0.0), let_down(1, 1500.0), let_down(2, 2881.0)):
        recorder.record(fact)
    for row in visits:
        recorder.visits.add(*row)
    recorder.close(4320.0)
    archive.finish("complete")
    done = lactflow.export(archive.path, "trace", tmp_path / "x", from_day=2, to_day=2)
    trace = json.loads((done.path / "trace.json").read_text(encoding="utf-8"))
    assert (trace["otherData"]["from_min_since_birth"], trace["otherData"]["to_min_since_birth"]) == (1440.0, 2880.0)
    assert [each[1:5] for each in checked(trace)] == [
        ("10.1.1", "service", 0.0, 10.0),
        ("10.1.1", "blocked", 10.0, 20.0),
        ("10.1.1", "rer", 0.0, 20.0),
        ("10.1.2", "waiting", 560.0, 660.0),
        ("10.1.2", "service", 660.0, 1440.0),
        ("10.1.2", "rer", 560.0, 1440.0),
    ]
    assert [event["ts"] / US for event in trace["traceEvents"] if event["ph"] == "i"] == [60.0]


def test_one_unit_of_work_of_several(tmp_path):
    """The first unless another is named; what is left out is said."""
    trace, done = traced(tmp_path, units=((0, 0), (2, 1)))
    assert (trace["otherData"]["mother"], trace["otherData"]["replicate"]) == (0, 0)
    assert done.notes == ("the trace has mother 0, replicate 0: one of 2 (--mother, --replicate)",)
    (run,) = (tmp_path / "out").iterdir()
    done = lactflow.export(run, "trace", tmp_path / "y", unit=(2, 1))
    assert json.loads((done.path / "trace.json").read_text(encoding="utf-8"))["otherData"]["mother"] == 2


def test_many_events_are_a_note(tmp_path, monkeypatch):
    """A browser has its limits."""
    monkeypatch.setattr("lactflow.exports.export.MANY_EVENTS", 10)
    _, done = traced(tmp_path)
    assert "events are more than a browser shows at ease" in done.notes[0]


def test_days_that_were_not_simulated(tmp_path):
    """A window outside of the run is an error that says which days there are."""
    run = small_run(tmp_path / "out")
    with pytest.raises(ConfigError, match="it has days 1 to 1"):
        lactflow.export(run, "trace", tmp_path / "x", from_day=2, to_day=3)
