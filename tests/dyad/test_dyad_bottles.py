"""Bottles with a name: what was pumped into them comes out of them, oldest first, and the accounts close."""

from __future__ import annotations

import pytest

from lactflow.config.additions import config_from_json
from lactflow.config.bottles import bottle_names
from lactflow.config.scenario import load_scenario
from lactflow.dyad.bottles import Bottle, Bottles, check_bottles
from lactflow.dyad.schedule import PlannedSession
from lactflow.dyad.schedule.checked import planned_of
from lactflow.errors import BalanceError, ConfigError, DeclarationError
from lactflow.gland.analytes import FAT, Milk
from lactflow.gland.contents import Contents
from lactflow.parameters.gland import Gland
from lactflow.records import Balance, MemoryRecorder, RemovalContent, Session
from lactflow.records.bottles import BottleBalance, BottleContent
from lactflow.simulation import simulate

CONTENTS = Contents(Gland())


def milk(volume_ml, fat_g=0.0):
    """Milk with some fat."""
    amounts = CONTENTS.zeros()
    amounts[FAT] = fat_g
    return Milk(volume_ml, amounts)


def test_a_pot_gives_its_oldest_milk_first():
    """40 mL of one night and 20 mL of the next: 50 mL are all of the one and half of the other."""
    bottles = Bottles(CONTENTS.no_milk())
    bottles.store(Bottle(0.0, "left", milk(30.0, 3.0)), "night")
    bottles.store(Bottle(0.0, "right", milk(10.0, 1.0)), "night")
    bottles.store(Bottle(1440.0, "left", milk(20.0, 8.0)), "night")
    pot = bottles.pot("night")
    assert [(each.time_min, each.breast, each.milk.volume_ml) for each in pot.stored] == [
        (0.0, "both", 40.0),
        (1440.0, "left", 20.0),
    ]
    taken = pot.take(50.0)
    assert (taken.milk.volume_ml, taken.milk.amounts[FAT]) == (50.0, 8.0)
    assert (taken.from_min, taken.to_min) == (0.0, 1440.0)
    assert pot.left_ml == 10.0
    assert bottles.pot("day").take(1.0) is None
    assert bottles.take(1.0) is None


def test_the_accounts_of_every_pot_close():
    """What was short is supplied, and nothing else comes from nowhere; a leak is found."""
    bottles = Bottles(CONTENTS.no_milk())
    bottles.store(Bottle(0.0, "left", milk(30.0, 3.0)))
    bottles.store(Bottle(5.0, "left", milk(30.0, 2.0)), "night")
    bottles.take(40.0)
    bottles.take(10.0, "night")
    rows = list(bottles.balances(CONTENTS))
    fat = {row.bottle: row for row in rows if row.quantity == "fat"}
    assert fat[None][3:8] == (3.0, 1.0, 0.0, 4.0, 0.0)
    assert fat["night"][3:8] == pytest.approx((2.0, 0.0, 4.0 / 3.0, 2.0 / 3.0, 0.0))
    check_bottles(rows)
    bottles.pot("night").stored[0].milk.amounts[FAT] += 0.1
    with pytest.raises(BalanceError, match=r"bottles 'night': 2\.0 g of fat went in"):
        check_bottles(list(bottles.balances(CONTENTS)))


TEXT = """
format: 1
start_day: 60
days: 3.0
resolution: {packet_ml: 1.0}
gland: {lobes_per_breast: 1}
record: {visits: false}
analytes: [melatonin]
schedule:
  - {kind: every, hours: 3}
  - {kind: pump, times: ["03:30"], minutes: 10, into: night}
  - {kind: pump, times: ["15:30"], minutes: 10, into: day}
  - {kind: bottle, times: ["16:00"], from: night}
"""


@pytest.fixture
def scenario(tmp_path):
    """Three days: pumped at night and in the afternoon, and the night's milk given by day."""

    def load(text=TEXT, **options):
        path = tmp_path / "bottles.yaml"
        path.write_text(text)
        return load_scenario(path, **options).config

    return load


def of(kind, facts):
    """Facts of one table."""
    return [fact for fact in facts if isinstance(fact, kind)]


def test_a_bottle_holds_what_its_pumping_had(scenario):
    """Melatonin of the night at four in the afternoon, to the last bit; the accounts close."""
    config = scenario()
    assert bottle_names(config) == ["night", "day"]
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder)
    facts = recorder.facts
    sessions = {each.session: each for each in of(Session, facts)}
    pumped = {}
    for row in of(RemovalContent, facts):
        if sessions[row.session].kind == "pump":
            end_min = sessions[row.session].end_min
            pumped[end_min] = pumped.get(end_min, 0.0) + row.amount
    given = [row for row in of(BottleContent, facts) if row.analyte == "melatonin"]
    assert len(given) == 3
    volume_ml = {row.session: sessions[row.session].intake_ml for row in given}
    for row in given:
        assert sessions[row.session].kind == "bottle"
        assert row.expressed_from_min % 1440.0 == pytest.approx(3.5 * 60.0 + 10.0, abs=10.0)
        assert row.amount == pytest.approx(row.mean_per_l * volume_ml[row.session] / 1000.0)
        if row.expressed_from_min == row.expressed_to_min:
            per_l = pumped[row.expressed_from_min] / sessions_volume(facts, sessions, row.expressed_from_min) * 1000.0
            assert row.mean_per_l == pytest.approx(per_l, rel=1e-9)
    accounts = {(row.bottle, row.quantity): row for row in of(BottleBalance, facts)}
    assert max(abs(row.residual) for row in accounts.values()) <= 1e-9
    assert {name for name, _ in accounts} == {None, "night", "day"}
    assert accounts["day", "melatonin"].given == 0.0
    assert accounts["night", "fat"].supplied == 0.0
    assert {quantity for _, quantity in accounts} == {row.quantity for row in of(Balance, facts)} - {"membrane"}


def sessions_volume(facts, sessions, end_min):
    """Milk of the pumping that ended then."""
    (session,) = [each for each in sessions.values() if each.end_min == end_min and each.kind == "pump"]
    return session.intake_ml


def test_an_infant_gets_no_more_than_a_named_bottle_holds(scenario):
    """Nothing was pumped into it before the first bottle: nothing is drunk, and the session says so."""
    recorder = MemoryRecorder(visits=False)
    text = TEXT.replace("15:30", "20:30").replace("03:30", "21:30")
    simulate(scenario(text, days=0.75), recorder)
    (bottle,) = [each for each in of(Session, recorder.facts) if each.kind == "bottle"]
    assert (bottle.intake_ml, bottle.end_reason, bottle.content) == (0.0, "empty", "own_milk")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("from: night", "from: nihgt"),
            "no phase expresses milk into 'nihgt' (filled: night, day; `into` names them)",
        ),
        (("from: night", "from: night, content: formula"), "bottles with a name hold own milk"),
        (("into: day", "into: 'a b'"), "schedule.2.into"),
    ],
)
def test_what_cannot_be_is_refused(scenario, change, message):
    """When the config is checked."""
    with pytest.raises(ConfigError) as found:
        scenario(TEXT.replace(*change))
    assert message in str(found.value)


def test_a_run_without_names_has_no_row_of_them(scenario):
    """Neither accounts nor contents; what nobody names is kept as before."""
    text = TEXT.replace(", into: night", "").replace('  - {kind: pump, times: ["15:30"], minutes: 10, into: day}\n', "")
    config = scenario(text.replace("from: night", "content: own_milk"))
    assert bottle_names(config) == []
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder)
    assert not of(BottleContent, recorder.facts)
    assert not of(BottleBalance, recorder.facts)


def test_a_config_with_named_bottles_is_the_same_as_json(scenario):
    """As worker processes get it."""
    config = scenario()
    again = config_from_json(config.model_dump_json(by_alias=True))
    assert again.model_dump() == config.model_dump()
    assert again.schedule[3].content == "own_milk"


def test_a_log_fills_and_gives_bottles_of_a_name(tmp_path):
    """All that it pumped goes into one name, and own milk comes from it; formula does not."""
    (tmp_path / "log.csv").write_text(
        "start,kind,left_min,right_min,volume_ml\n"
        "2001-01-01 03:00:00,pump,15,15,\n"
        "2001-01-01 05:00:00,breast,10,10,\n"
        "2001-01-01 09:00:00,bottle_own_milk,,,20\n"
        "2001-01-01 12:00:00,bottle_formula,,,40\n"
        "2001-01-01 15:00:00,pump,15,15,\n"
    )
    path = tmp_path / "logged.yaml"
    path.write_text(
        "format: 1\nstart_day: 60\ndays: 1\nresolution: {packet_ml: 1.0}\ngland: {lobes_per_breast: 1}\n"
        "record: {visits: false}\nschedule: [{kind: log, file: log.csv, into: logged, from: logged, gaps: nobody}]\n"
    )
    scenario = load_scenario(path)
    assert bottle_names(scenario.config) == ["logged"]
    recorder = MemoryRecorder(visits=False)
    simulate(scenario.config, recorder, logs=scenario.logs)
    (water,) = [
        each for each in of(BottleBalance, recorder.facts) if (each.bottle, each.quantity) == ("logged", "water")
    ]
    assert water.given == pytest.approx(20.0, rel=0.06)  # what is not water is fat
    assert water.expressed > water.given
    assert water.supplied == 0.0
    assert len({each.session for each in of(BottleContent, recorder.facts)}) == 1


def test_a_kind_from_outside_says_beforehand_which_bottles_it_names():
    """A session with another name is refused by the name of its phase."""

    class Ours:
        into_bottles, from_bottles = "ours", None

    def planned(name):
        return [PlannedSession(0.0, "pump", (("left", 10.0),), bottle=name)]

    assert list(planned_of(lambda: planned("ours"), Ours()))
    with pytest.raises(DeclarationError, match="Ours: bottle: a pump names 'theirs'"):
        list(planned_of(lambda: planned("theirs"), Ours()))
