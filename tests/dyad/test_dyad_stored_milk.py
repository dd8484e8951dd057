"""Milk that is stored: proteins lose a share, everything else is kept, and the accounts close."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar, get_args

import pytest

from lactflow.config.additions import additions_of
from lactflow.config.branches import parting_day
from lactflow.config.scenario import load_scenario
from lactflow.dyad.bottles import Bottle, Bottles, check_bottles
from lactflow.dyad.schedule import KINDS, Period, PlannedSession, ResponsivePhase
from lactflow.dyad.schedule.checked import planned_of, sessions_of
from lactflow.errors import BalanceError, ConfigError, DeclarationError
from lactflow.experiments.run import new_archive
from lactflow.gland.analytes import Analyte, Kept, Milk
from lactflow.gland.contents import Contents
from lactflow.gland.immune import ImmunoglobulinG, SecretoryIgA
from lactflow.gland.routes import CarriedThroughCells
from lactflow.gland.storage import STORED, Stored, left_by_index
from lactflow.kinetics import plain_sum
from lactflow.parameters.gland import Gland
from lactflow.records import BottleMade, InfantDose, MemoryRecorder, RemovalContent, optional_tables
from lactflow.records.bottles import BottleContent, StorageLoss
from lactflow.simulation import simulate

FLUX = (CarriedThroughCells(0.0, 1.0),)
CONTENTS = Contents(
    Gland(),
    [
        Analyte("siga", "g", FLUX, kept=Kept(frozen=0.5, pasteurised=0.75)),
        Analyte("igg", "g", FLUX, kept=Kept(pasteurised=0.6)),
        Analyte("caffeine", "mg", FLUX),
    ],
)
LEFT = left_by_index(CONTENTS)


def milk(volume_ml, siga=0.0, igg=0.0, caffeine=0.0):
    """Milk with what the run adds."""
    return Milk(volume_ml, [*[0.0] * 10, siga, igg, caffeine])


def test_ways_of_storing_have_one_list_of_names():
    """In schedules, in declarations of analytes, and in the table of bottles."""
    column = BottleMade.__annotations__["stored"]
    assert tuple(STORED) == get_args(Stored) == Kept._fields
    assert all(repr(way) in str(column) or way in str(column) for way in STORED)


def test_shares_that_are_left():
    """By index of what the run adds; what loses nothing is not there."""
    assert LEFT == {"refrigerated": [], "frozen": [(10, 0.5)], "pasteurised": [(10, 0.75), (11, 0.6)]}


def test_what_storing_takes_is_lost():
    """Half of the IgA of frozen milk; IgG and caffeine are as they were, and so is the volume."""
    bottles = Bottles(CONTENTS.no_milk(), left_of=LEFT)
    bottles.put_away(Bottle(0.0, "left", milk(100.0, 0.08, 0.01, 3.0)), PlannedSession(0.0, "pump", stored="frozen"))
    bottles.put_away(Bottle(9.0, "left", milk(100.0, 0.08, 0.01, 3.0)), PlannedSession(0.0, "pump"))
    first, second = bottles.take(100.0), bottles.take(50.0)
    assert first.amounts[10:] == pytest.approx([0.04, 0.01, 3.0])
    assert second.amounts[10:] == pytest.approx([0.04, 0.005, 1.5])
    rows = {row.analyte: row for row in bottles.losses(CONTENTS)}
    assert rows["siga"][2:] == ("g", pytest.approx(0.16), pytest.approx(0.04))
    assert rows["igg"].lost == rows["caffeine"].lost == 0.0
    accounts = list(bottles.balances(CONTENTS))
    check_bottles(accounts)
    siga = next(row for row in accounts if row.quantity == "siga")
    assert (siga.expressed, siga.given, siga.stored) == pytest.approx((0.16, 0.08, 0.04))
    assert [(row.stored, row.drunk_ml) for row in bottles.made()] == [("frozen", 100.0), (None, 50.0)]


def test_a_loss_that_is_not_booked_is_found():
    """The residual counts what storing took: without it the account is open."""
    bottles = Bottles(CONTENTS.no_milk(), left_of=LEFT)
    bottles.store(Bottle(0.0, "left", milk(100.0, 0.08)), None, "frozen")
    bottles.pots[None].lost.amounts[10] = 0.0
    with pytest.raises(BalanceError, match=r"bottles: 0\.08 g of siga went in"):
        check_bottles(list(bottles.balances(CONTENTS)))


def test_what_is_supplied_is_like_stored_milk():
    """A pot that is short gives the mean of what it had, as storing left it: of 0.08 g in 100 mL, 0.04 g."""
    bottles = Bottles(CONTENTS.no_milk(), left_of=LEFT)
    bottles.store(Bottle(0.0, "left", milk(100.0, 0.08)), None, "frozen")
    assert bottles.take(200.0).amounts[10] == pytest.approx(0.08)
    check_bottles(list(bottles.balances(CONTENTS)))


def test_milk_that_is_thrown_away_is_not_stored():
    """It leaves as it was expressed."""
    bottles = Bottles(CONTENTS.no_milk(), lambda _time_min: True, LEFT)
    bottles.store(Bottle(0.0, "left", milk(100.0, 0.08)), None, "frozen")
    assert bottles.pots[None].discarded.amounts[10] == 0.08
    assert [row.stored for row in bottles.made()] == [None]
    check_bottles(list(bottles.balances(CONTENTS)))


def test_fresh_and_frozen_milk_of_one_instant_are_two_bottles():
    """Of one name, from both breasts: joined only where they are stored alike."""
    bottles = Bottles(CONTENTS.no_milk(), left_of=LEFT)
    for stored in ("frozen", "frozen", None):
        bottles.store(Bottle(5.0, "left", milk(10.0, 0.01)), "night", stored)
    assert [(row.stored, row.volume_ml) for row in bottles.made()] == [("frozen", 20.0), (None, 10.0)]


TEXT = """
format: 1
start_day: 60
days: 2.0
resolution: {packet_ml: 1.0}
gland: {lobes_per_breast: 1}
record: {visits: false}
analytes: [siga, igg, hmo]
schedule:
  - {kind: none}
  - {kind: KIND, times: ["03:30", "09:30", "15:30", "21:30"], into: bag, stored: STORED}
  - {kind: bottle, times: ["10:00", "16:00", "22:00"], from: bag, volume_ml: 60}
"""


@pytest.fixture
def scenario(tmp_path):
    """Two days of pumping and bottles, stored in some way."""

    def load(stored, kind="pump", **keys):
        path = tmp_path / "stored.yaml"
        text = TEXT.replace(", stored: STORED" if stored is None else "STORED", "" if stored is None else stored)
        path.write_text(text.replace("KIND", kind))
        return load_scenario(path, **keys)

    return load


@pytest.fixture
def facts(scenario):
    """Simulates them."""

    def simulated(stored, kind="pump", **keys):
        recorder = MemoryRecorder(visits=False)
        simulate(scenario(stored, kind, **keys).config, recorder)
        return lambda kind: [fact for fact in recorder.facts if type(fact) is kind]

    return simulated


@pytest.mark.parametrize(("stored", "kind"), [("frozen", "pump"), ("pasteurised", "hand"), ("frozen", "power_pump")])
def test_infants_get_the_share_that_is_left(facts, stored, kind):
    """Of every substance; drunk, in bottles or taken by storing: all that left the breasts, to 1e-9."""
    rows, fresh = facts(stored, kind), facts(None, kind)
    shares = {each.name: getattr(each.kept, stored) for each in additions_of_both()}
    assert {row.stored for row in rows(BottleMade)} == {stored}
    assert {row.stored for row in fresh(BottleMade)} == {None}
    assert not fresh(StorageLoss)
    lost = {row.analyte: row for row in rows(StorageLoss) if row.bottle == "bag"}
    for name, share in shares.items():
        removed = plain_sum(row.amount for row in rows(RemovalContent) if row.analyte == name)
        drunk = [plain_sum(row.amount for row in of(InfantDose) if row.analyte == name) for of in (rows, fresh)]
        bottled = plain_sum(row.amount for row in rows(BottleContent) if row.analyte == name)
        assert lost[name].expressed == pytest.approx(removed, rel=1e-12)
        assert lost[name].lost == pytest.approx(removed * (1.0 - share), rel=1e-9, abs=1e-12)
        assert drunk[0] == pytest.approx(bottled, rel=1e-9)
        assert drunk[0] / drunk[1] == pytest.approx(share, rel=1e-9)


def additions_of_both():
    """What the run adds, by the shipped declarations."""
    return SecretoryIgA().declare(), ImmunoglobulinG().declare()


def test_shares_are_quantities_of_the_protein(scenario):
    """A config sets them, below the name of the protein; they lie between 0 and 1."""
    config = scenario("frozen", analytes={"siga": {"kept": {"frozen": 0.2}}}).config
    (siga,) = additions_of(config).analytes
    assert siga.kept == Kept(1.0, 0.2, 0.741)
    with pytest.raises(ConfigError, match=r"analytes\.siga\.kept\.frozen.*1\.2"):
        scenario("frozen", analytes={"siga": {"kept": {"frozen": 1.2}}})


def test_storing_what_loses_nothing_draws_a_warning(scenario):
    """With the way, and what would lose; none where something does."""
    (warning,) = scenario("refrigerated").warnings
    assert warning.startswith("schedule.1.stored: refrigerated milk is as fresh milk here")
    assert not scenario("frozen").warnings
    assert scenario("frozen", analytes=[]).warnings


def test_ways_of_storing_have_names(scenario):
    """Others are refused, with those that there are."""
    with pytest.raises(ConfigError, match=r"schedule\.1\.stored.*'pasteurized'.*pasteurised"):
        scenario("pasteurized")


def test_the_table_of_losses_is_there_where_something_can_be_lost(scenario, tmp_path):
    """With a way of storing and something that milk carries; scenarios with it and without have no past in common."""
    assert "storage_losses" in optional_tables(analytes=["siga"], stored=["frozen"])
    assert "storage_losses" not in optional_tables(analytes=["siga"])
    assert "storage_losses" not in optional_tables(stored=["frozen"])
    fresh, frozen = scenario(None), scenario("frozen")
    pasteurised = scenario("pasteurised")
    for each, there in ((fresh, False), (frozen, True)):
        assert (new_archive(each, tmp_path, "x").path / "storage_losses").is_dir() is there
    assert parting_day([fresh.config, frozen.config]) is None
    assert parting_day([frozen.config, pasteurised.config]) == 60.0


def test_a_logged_pumping_is_stored_too(tmp_path):
    """Feeds of the log are not."""
    (tmp_path / "log.csv").write_text(
        "start,kind,left_min,right_min,volume_ml\n2001-01-01 08:00,breast,10,,\n2001-01-01 11:00,pump,10,10,\n"
    )
    (tmp_path / "run.yaml").write_text(
        "format: 1\nstart_day: 60\ndays: 1\nschedule:\n  - {kind: log, file: log.csv, stored: frozen, gaps: nobody}\n"
    )
    scenario = load_scenario(tmp_path / "run.yaml")
    (phase,) = scenario.config.schedule
    sessions = list(phase.planned(Period(59.0 * 1440.0, 60.0 * 1440.0, 0.0), scenario.logs))
    assert [(each.kind, each.stored) for each in sessions] == [("feed", None), ("pump", "frozen")]


def test_every_kind_that_names_bottles_says_how_they_are_stored():
    """And says it of its sessions; others have no such key."""
    for kind in KINDS:
        assert ("into" in kind.model_fields) is ("stored" in kind.model_fields), kind
    phase = ResponsivePhase(kind="responsive", stored="frozen", into="day")

    class Full:
        now_min = 0.0
        breasts: ClassVar = {"left": SimpleNamespace(side="left", open_min=0.0)}

    (session,) = phase.then(Full())
    assert (session.bottle, session.stored, phase.stored_how) == ("day", "frozen", "frozen")


class Outside:
    """A kind of schedule of another package."""

    into_bottles = None
    stored_how = "frozen"


def test_a_phase_from_outside_says_how_it_stores():
    """A way that there is, and the one that its `stored_how` says."""

    class Nobody:
        now_min, infants, breasts = 0.0, (), {"left": None, "right": None}

    def asked(stored):
        session = PlannedSession(0.0, "pump", (("left", 5.0),), stored=stored)
        return sessions_of(lambda _view: (session,), Nobody(), Outside())

    assert asked("frozen")[0].stored == "frozen"
    with pytest.raises(DeclarationError, match=r"Outside: stored: a pump has the stored 'sun' .*refrigerated, frozen"):
        asked("sun")
    with pytest.raises(DeclarationError, match=r"Outside: stored: a pump says 'pasteurised' .*stored_how.*'frozen'"):
        list(planned_of(lambda: [PlannedSession(0.0, "pump", (("left", 5.0),), stored="pasteurised")], Outside()))


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (0.5, r"analyte 'x': kept is 0\.5 \(shares that are left, such as `Kept\(frozen=0\.5\)`\)"),
        (Kept(frozen=1.5), r"analyte 'x': kept\.frozen is 1\.5 \(a share that is left, 0 to 1\)"),
        (Kept(pasteurised=-0.1), r"kept\.pasteurised is -0\.1"),
        (Kept(refrigerated="all"), r"kept\.refrigerated is 'all'"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(kept, message):
    """By the name of its analyte."""
    with pytest.raises(ConfigError, match=message):
        Contents(Gland(), [Analyte("x", "g", FLUX, kept=kept)])
