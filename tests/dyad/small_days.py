"""Days of a small gland that several files look at, and what is checked of their sessions."""

from __future__ import annotations

from itertools import pairwise

from lactflow.config.model import config_type
from lactflow.records import MemoryRecorder, Removal, Session
from lactflow.simulation import simulate

ON_DEMAND = ({"kind": "on_demand"},)
NO_MILK = ("oxytocin_receptor",)
TWINS = ({"birth_weight_kg": 3.0}, {"birth_weight_kg": 2.6})


def in_turn(played):
    """Sessions; checked to be one at a time, first come first served."""
    sessions = played.table(Session)
    for before, after in pairwise(sessions.itertuples()):
        assert before.end_min <= after.start_min
        assert before.planned_min <= after.planned_min
    assert (sessions.start_min >= sessions.planned_min - 1e-9).all()
    removals = played.table(Removal).merge(sessions, on="session", suffixes=("", "_of_session"))
    assert (removals.start_min >= removals.start_min_of_session).all()
    assert (removals.end_min <= removals.end_min_of_session).all()
    return sessions


def shortest_gap_min(sessions):
    """Shortest time from the end of a session to the start of the next."""
    return (sessions.start_min.iloc[1:].to_numpy() - sessions.end_min.iloc[:-1].to_numpy()).min()


def on_the_gland(kind, phase, *, days=1.0, **keys):
    """Sessions of a day of a small gland, in a config that knows the kind."""
    config = config_type((kind,)).model_validate({
        "format": 1, "days": days, "gland": {"lobes_per_breast": 2}, "resolution": {"packet_ml": 0.5},
        "schedule": (phase,), **keys,
    })  # fmt: skip
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder)
    return [fact for fact in recorder.facts if type(fact) is Session]
