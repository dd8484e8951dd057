"""Mistakes of additions: found together, at the names in the config, each once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from sorting_station import SORTING

from lactflow import plugins
from lactflow.config.scenario import load_scenario
from lactflow.dyad.schedule import TimedPhase
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.influences import Influence
from lactflow.endocrine.signal import Effect, Steps
from lactflow.errors import ConfigError
from lactflow.gland.analytes import Analyte
from lactflow.gland.routes import CarriedThroughCells, CrossesJunctions, ExchangedWithPlasma


def signal(name, build=lambda _: Steps(1.0), **more):
    """A signal that stands still."""
    return SignalRow(name, "", "made up", build, **more)


def reading(name, other):
    """A signal that is another one."""
    return signal(name, lambda run: Effect(run.blood[other], lambda level: level))


def broken(run):
    """A signal that cannot be built."""
    raise KeyError(run.start_min)


def problems(text, **things):
    """What is wrong with a config that names things: place and message of each, the place of the definition cut off."""
    for name, thing in things.items():
        (group,) = (key for key, names in re.findall(r"(\w+): \[(.*)\]", text) if name in names.split(", "))
        plugins.add(group, name, lambda thing=thing: thing)
    Path("bad.yaml").write_text(f"format: 1\ndays: 0.2\n{text}", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario("bad.yaml")
    return [str(problem).partition(" (")[0] for problem in caught.value.problems]


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_mistakes_of_all_groups_are_reported_together():
    """In the order of the config, with line and column of each name; what is right is not named."""
    found = problems(
        "stations: [short, right]\nsignals: [a, b, c, d]\nanalytes: [nothing, fine]\nreplicates: 0\n",
        short=replace(SORTING, name="short", least_places=0.0),
        right=SORTING,
        a=signal("a", broken),
        b=Influence("b", "hunger", lambda _: Steps(1.0)),
        c=[signal("c"), Influence("c", "junctions", lambda _: Steps(1.5))],
        d=signal("d"),
        nothing=Analyte("nothing", "mg"),
        fine=Analyte("fine", "mg", (ExchangedWithPlasma("d", 1.0, 1.0),)),
    )
    assert found == [
        "bad.yaml:3:12: stations.0: station 'short': least_places is 0",
        "bad.yaml:4:11: signals.0: the signal 'a' cannot be built: KeyError: 41760.0",
        "bad.yaml:4:14: signals.1: there is no target",
        "bad.yaml:4:17: signals.2: the influence 'c' on junctions is 1.5 at 41760 min",
        "bad.yaml:5:12: analytes.0: analyte 'nothing': it declares no route, so that nothing of it would ever be in milk",  # noqa: E501
        "bad.yaml:6:13: replicates: 0 is outside 1 to 10000",
    ]


def test_what_only_follows_from_another_mistake_is_left_out():
    """What reads a signal that cannot be built, and stations that stand after a wrong one."""
    found = problems(
        "stations: [first, second, third]\nsignals: [b, a, c]\nanalytes: [carried]\n",
        first=replace(SORTING, words=""),
        second=replace(SORTING, name="second", after="trans_golgi"),
        third=replace(SORTING, name="third", after="second"),
        b=reading("b", "a"),
        a=signal("a", broken),
        c=Influence("c", "fat", lambda run: run.blood["b"]),
        carried=Analyte("carried", "mg", (ExchangedWithPlasma("a", 1.0, 1.0),)),
    )
    assert found == [
        "bad.yaml:3:12: stations.0: station 'trans_golgi': words are missing: what a page calls it",
        "bad.yaml:4:14: signals.1: the signal 'a' cannot be built: KeyError: 41760.0",
    ]


@pytest.mark.parametrize(
    ("text", "things", "words"),
    [
        ("signals: [a, b]", {"a": signal("x"), "b": signal("x")}, "3:14: signals.1: the signal 'x' is declared twice"),
        ("signals: [a]", {"a": signal("oxytocin")}, "3:11: signals.0: the signal 'oxytocin' is declared twice"),
        (
            "signals: [a, b]",
            {"a": reading("x", "y"), "b": reading("y", "x")},
            "3:14: signals.1: signals need one another: x -> y -> x",
        ),
        (
            "signals: [a]",
            {"a": signal("a", column="a_mg_per_l")},
            "3:11: signals.0: the signal 'a' has no column in the table hormones",
        ),
        (
            "signals: [a, b]",
            {name: Influence("x", "fat", lambda _: Steps(1.0)) for name in "ab"},
            "3:14: signals.1: the influence 'x on fat' is declared twice",
        ),
        (
            "stations: [a]",
            {"a": replace(SORTING, loads=True)},
            "3:12: stations.0: aqueous line: it needs one station that loads cargo",
        ),
        (
            "analytes: [a, b]",
            {name: Analyte("x", "mg", (ExchangedWithPlasma(1.0, 1.0, 1.0),)) for name in "ab"},
            "3:15: analytes.1: analyte 'x': this name is taken",
        ),
    ],
)
def test_what_two_declarations_make_wrong_is_said_of_one(text, things, words):
    """The later one, or the one where it was found."""
    assert problems(text, **things) == [f"bad.yaml:{words}"]


def test_what_cannot_be_loaded_hides_what_may_follow_from_it():
    """A signal that nobody adds: what reads signals is looked at when it is there, stations at once."""
    found = problems(
        "signals: [unknown]\nanalytes: [carried]\nstations: [short]\n",
        carried=Analyte("carried", "mg", (ExchangedWithPlasma("unknown", 1.0, 1.0),)),
        short=replace(SORTING, words=""),
    )
    assert found == [
        "bad.yaml:3:11: signals.0: no package adds the signal 'unknown'",
        "bad.yaml:5:12: stations.0: station 'trans_golgi': words are missing: what a page calls it",
    ]


def one(route, **more):
    """An analyte with one route."""
    return Analyte("x", **{"unit": "mg", "routes": (route,), **more})


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (None, "is nothing: it returns None"),
        ([], "is an empty list"),
        ([one(CrossesJunctions(0.0)), None], "is nothing: it returns None"),
        (3, "is int"),
        (one(CarriedThroughCells(1.0, resting_share=20)), "CarriedThroughCells: resting_share is 20"),
        (one(CarriedThroughCells(1.0, resting_share=-0.1)), "CarriedThroughCells: resting_share is -0.1"),
        (one(CarriedThroughCells(1.0, resting_share="1")), "CarriedThroughCells: resting_share is '1'"),
        (one(CrossesJunctions(0.0), unit=""), "unit is ''"),
        (one(CrossesJunctions(0.0), unit=" "), "unit is ' '"),
    ],
)
def test_what_would_be_in_no_milk_or_out_of_range(thing, words):
    """Nothing that is accepted is silently left out, and a share is one."""
    (found,) = problems("analytes: [x]", x=thing)
    assert found.startswith("bad.yaml:3:12: analytes.0: analyte 'x'")
    assert found.endswith(words)


def test_a_share_may_be_nothing_or_all():
    """Its ends are in it."""
    for share in (0, 1.0):
        plugins.add("analytes", "x", lambda share=share: one(CarriedThroughCells(1.0, resting_share=share)))
        Path("good.yaml").write_text("format: 1\ndays: 0.2\nanalytes: [x]\n", encoding="utf-8")
        load_scenario("good.yaml")


class Hourly(TimedPhase):
    """A kind from outside."""

    kind: Literal["every"]

    def planned(self, period, logs):
        """Nothing."""
        yield from ()


def test_a_kind_of_schedule_with_a_name_of_lactflow_is_refused_where_it_is_used():
    """The one of lactflow would answer in its place; said once, and not of configs without it."""
    plugins.add("schedules", "every", Hourly)
    later = "{kind: every, hours: 4, from_day: 30.1}"
    (found,) = problems(f"schedule: [{{kind: every, hours: 3}}, {later}]")
    assert found == (
        f"bad.yaml:3:19: schedule.0.kind: kind of schedule 'every' of {Hourly.__module__} "
        "has the name of a kind that comes with lactflow"
    )
    Path("good.yaml").write_text("format: 1\ndays: 0.2\nschedule: [{kind: on_demand}]\n", encoding="utf-8")
    load_scenario("good.yaml")
