"""Drugs in the milk of a whole run, declared in Python: their level, and the routes by which they pass."""

from __future__ import annotations

from lactflow.config.additions import Additions
from lactflow.config.model import RunConfig
from lactflow.endocrine.blood import SignalRow
from lactflow.gland.analytes import Analyte
from lactflow.gland.routes import CrossesJunctions, ExchangedWithPlasma, LoadedWithFreshMilk
from lactflow.pharmacology.disposition import Input, changes, one_compartment
from lactflow.pharmacology.level import DrugLevel, steady
from lactflow.records import MemoryRecorder, RemovalContent
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN, HOUR_MIN


def carried_share(exchange):
    """What fresh milk brings of the partition, as a drug declares it by default."""
    return exchange / (exchange + 100.0)


def drug(name, level, *, ratio, exchange, back=1.0, carried=None, partition=1.0, active=1.0, unbound=None):
    """A drug of a partition and a clearance [mL/h]; `back` of the way from milk to plasma, `carried` by fresh milk."""
    carried = carried_share(exchange) if carried is None else carried
    routes = [
        ExchangedWithPlasma(level, ratio * exchange, back * exchange, active_ratio=active),
        LoadedWithFreshMilk(level, carried * ratio, active_ratio=active),
    ]
    if unbound is not None:
        routes.append(CrossesJunctions(level, unbound))
    return Analyte(name, "mg", tuple(routes), fat_partition=partition)


def doses(times_min, *, mg, clearance, volume, absorption):
    """Level after doses by mouth: clearance [L/h], volume [L], absorption [1/h]."""
    return DrugLevel(
        changes(
            one_compartment(clearance, volume),
            [Input(time_min, mg, "first_order", absorption / HOUR_MIN) for time_min in times_min],
        )
    )


def regular(from_min, days, *, mg, clearance, volume, absorption, per_day=3):
    """Level of doses that have been taken for ever, from a day before a time on one by one."""
    every_min, begin_min = DAY_MIN / per_day, from_min - DAY_MIN
    disposition = one_compartment(clearance, volume)
    inputs = [
        Input(begin_min + number * every_min, mg, "first_order", absorption / HOUR_MIN)
        for number in range(round((days + 1.0) * per_day))
    ]
    before = steady(changes(disposition, inputs[:1]), begin_min, every_min)
    return DrugLevel(changes(disposition, inputs), before)


def run(*analytes, signals=None, **keys):
    """Facts of days 30 and 31 of feeds every three hours, in a gland of two lobes, without noise."""
    config = RunConfig.model_validate({
        "format": 1, "start_day": 30, "days": 2.0, "schedule": ({"kind": "every", "hours": 3},),
        "resolution": {"packet_ml": 0.5}, "record": {"visits": False}, **keys,
        "gland": {"lobes_per_breast": 2, **keys.get("gland", {})},
    })  # fmt: skip
    rows = tuple(
        SignalRow(name, "mg/L", name, lambda _, signal=signal: signal) for name, signal in (signals or {}).items()
    )
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder, additions=Additions(signals=rows, analytes=analytes))
    return recorder.facts


def of(facts, kind, **having):
    """Facts of one kind that have some values."""
    return [
        fact
        for fact in facts
        if type(fact) is kind and all(getattr(fact, name) == value for name, value in having.items())
    ]


def amounts(facts, analyte):
    """Amount of an analyte in each removal."""
    return [row.amount for row in of(facts, RemovalContent, analyte=analyte)]
