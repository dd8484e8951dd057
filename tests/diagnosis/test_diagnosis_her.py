"""Her record as a scenario: what virtual mothers have in common with her, and what contradicts her record."""

from __future__ import annotations

import pytest
from records import read

from lactflow.config.named import entries_of
from lactflow.diagnosis.her import NEXT_H, her
from lactflow.diagnosis.single import PUMPED_MIN
from lactflow.errors import ConfigError

ROWS = ("2031-05-04 09:00,weight,,3200,g,", "2031-05-06 09:00,sodium,,20,mmol/L,")
ON_DEMAND = "feeds are on demand: neither a log nor a config says when they were"
DAY = 1440.0


def record(folder, *rows, note="", weight="3410"):
    """A record of a birth on 3 May 2031 at 08:00."""
    return read(folder, *(rows or ROWS), birth=f"2031-05-03 08:00,birth,,{weight},{'g' if weight else ''},{note}")


def logged(folder, *days):
    """A feeding log of a feed every three hours on these days, from 00:10 to 21:10."""
    rows = [f"{day} {hour:02d}:10,breast,12,8" for day in days for hour in range(0, 24, 3)]
    path = folder / "feeds.csv"
    path.write_text("\n".join(["start,kind,left_min,right_min", *rows, ""]), encoding="utf-8")
    return path


def refused(*args, **options):
    """The one line with which it is refused."""
    with pytest.raises(ConfigError) as error:
        her(*args, **options)
    (problem,) = error.value.problems
    return str(problem)


def analytes(value):
    """Names of those that a config asks for."""
    return tuple(name for name, _ in entries_of(value))


def kinds(found):
    """Kinds of the phases of the schedule, and the day from which each is."""
    return [(phase.kind, phase.from_day) for phase in found.scenario.config.schedule if phase.kind != "once"]


def singles(found):
    """Single sessions: what, hours since birth, side or volume."""
    phases = [phase for phase in found.scenario.config.schedule if phase.kind == "once"]
    return [
        (each.what, round((each.day - 1.0) * 24.0, 6), each.side if each.what == "pump" else each.volume_ml)
        for phase in phases
        for each in phase.singles
    ]


def test_the_scenario_goes_from_birth_to_after_the_next_measurement(tmp_path):
    """A day after the last fact, and half a day on, so that the session is whole."""
    found = her(record(tmp_path))
    config = found.scenario.config
    assert (config.start_day, config.birth_clock, config.days) == (1.0, "08:00", 5.0)
    assert found.next_min == 3.0 * DAY + 60.0 + NEXT_H * 60.0
    assert config.days * DAY >= found.next_min + DAY / 2.0
    assert config.mother.cohort is not None
    assert not config.record.visits
    assert kinds(found) == [("on_demand", None)]
    assert found.assumed == (ON_DEMAND,)
    assert found.scenario.warnings == ()
    assert not found.logged


def test_all_that_the_birth_says_is_hers(tmp_path):
    """Weight, gestation, way of birth, parity."""
    found = her(record(tmp_path, note="mode: caesarean; gestation: 36+2; parity: 2"))
    config = found.scenario.config
    assert (config.infants[0].birth_weight_kg, config.mother.variation.birth_weight) == (3.41, 0.0)
    assert config.infants[0].gestation_weeks == pytest.approx(36.0 + 2.0 / 7.0)
    assert (config.birth.mode, config.mother.parity) == ("caesarean", "later")
    assert her(record(tmp_path, note="parity: 1")).scenario.config.mother.parity == "first"
    assert her(record(tmp_path)).scenario.config.mother.parity is None


def test_an_unknown_birth_weight_differs_between_virtual_infants(tmp_path):
    """That is said."""
    found = her(record(tmp_path, weight=""))
    assert found.scenario.config.mother.variation.birth_weight > 0.0
    assert found.assumed[1] == "birth weight is not known: virtual infants differ in it as infants do"


@pytest.mark.parametrize(("written", "stands"), [("22+3", 23.0), ("43", 42.0), ("42", 42.0)])
def test_gestations_beyond_the_model_are_said(tmp_path, written, stands):
    """A record may have 22 to 44 weeks, a config 23 to 42."""
    found = her(record(tmp_path, note=f"gestation: {written}"))
    assert found.scenario.config.infants[0].gestation_weeks == stands
    assert any("where the model ends" in line for line in found.assumed) is (written != "42")


def test_pumpings_and_bottles_take_place_when_they_did(tmp_path):
    """A volume of each breast at one time is one pumping; a row without a breast is both; empty bottles are none."""
    found = her(
        record(
            tmp_path,
            "2031-05-05 09:00,pump,left,20,mL,",
            "2031-05-05 09:00,pump,right,25,mL,",
            "2031-05-05 15:00,pump,left,20,mL,",
            "2031-05-05 20:00,pump,,20,mL,",
            "2031-05-05 21:00,bottle_formula,,40,mL,",
            "2031-05-05 22:00,bottle_own_milk,,0,mL,",
            "2031-05-05 23:00,bottle_own_milk,,15,mL,",
        )
    )
    assert singles(found) == [
        ("pump", 49.0, "both"),
        ("pump", 55.0, "left"),
        ("pump", 60.0, "both"),
        ("bottle", 61.0, 40.0),
        ("bottle", 63.0, 15.0),
        ("pump", 63.0 + NEXT_H, "both"),
    ]
    bottles = [each for each in found.scenario.config.schedule[-1].singles if each.what == "bottle"]
    assert [each.content for each in bottles] == ["formula", "own_milk"]
    assert found.scenario.config.schedule[-1].singles[0].minutes == PUMPED_MIN


def test_more_sessions_than_one_phase_holds(tmp_path):
    """They are parted, and none is lost."""
    rows = [
        f"2031-05-{4 + number // 144:02d} {number % 144 // 6:02d}:{number % 6}5,bottle_formula,,5,mL,"
        for number in range(1100)
    ]
    found = her(record(tmp_path, *rows))
    assert len(singles(found)) == 1101


def test_analytes_of_the_record_are_asked_for(tmp_path):
    """Once, beside those of a config, whose quantities are kept."""
    rows = ("2031-05-04 09:00,glucose,,1,mmol/L,", "2031-05-05 09:00,albumin,,0.4,g/L,")
    config = {"format": 1, "analytes": {"siga": {"per_day": 0.4}, "albumin": {}}}
    found = her(record(tmp_path, *rows), config=config).scenario.config
    assert analytes(found.analytes) == ("siga", "albumin", "glucose")
    assert found.model_dump(by_alias=True)["analytes"]["siga"]["per_day"] == 0.4
    assert analytes(her(record(tmp_path), config={"format": 1, "analytes": ["siga"]}).scenario.config.analytes) == (
        "siga",
    )
    assert analytes(her(record(tmp_path)).scenario.config.analytes) == ()


def test_a_log_that_begins_two_days_after_birth(tmp_path):
    """Its rows are on their dates; before and after it feeds are on demand."""
    found = her(record(tmp_path), log=logged(tmp_path, "2031-05-05", "2031-05-06"))
    first = 1.0 + 40.0 / 24.0
    assert kinds(found) == [
        ("on_demand", None),
        ("log", pytest.approx(first)),
        ("on_demand", pytest.approx(first + 2.0)),
    ]
    assert found.scenario.config.schedule[1].first_day == pytest.approx(first)
    assert found.logged
    assert found.assumed == ()
    assert all(str(tmp_path / "feeds.csv") in line or line.startswith("schedule") for line in found.scenario.warnings)


def test_a_log_that_begins_before_birth(tmp_path):
    """What comes before is left out, and said; on the first day it is as it was kept."""
    found = her(record(tmp_path), log=logged(tmp_path, "2031-05-02", "2031-05-03", "2031-05-04"))
    assert kinds(found) == [("log", 1.0), ("on_demand", pytest.approx(3.0 - 8.0 / 24.0))]
    assert found.scenario.config.schedule[0].first_day == pytest.approx(-8.0 / 24.0)
    assert any("11 of 24 sessions" in line and "come before day 1" in line for line in found.scenario.warnings)


@pytest.mark.parametrize("year", ["2030", "2032"])
def test_a_log_of_other_days_is_refused(tmp_path, year):
    """With its dates and that of the birth; nothing of how a log is placed is seen."""
    line = refused(record(tmp_path), log=logged(tmp_path, f"{year}-05-05", f"{year}-05-06"))
    what = f"{year}-05-05 to {year}-05-06: none of these days is in the record, with the birth on 2031-05-03"
    assert line == f"{tmp_path / 'feeds.csv'}: {what}"


def test_pumpings_of_the_record_on_days_of_the_log_are_those_of_the_log(tmp_path):
    """The others take place; so does what could be measured next."""
    rows = ("2031-05-04 19:00,pump,left,20,mL,", "2031-05-05 10:00,pump,right,25,mL,")
    found = her(record(tmp_path, *rows), log=logged(tmp_path, "2031-05-05"))
    assert singles(found) == [("pump", 35.0, "left"), ("pump", 50.0 + NEXT_H, "both")]
    assert found.assumed == ("pumpings and bottles on the days of the log are those of the log",)


def test_a_log_with_errors_is_refused_by_its_name(tmp_path):
    """As everywhere else."""
    path = tmp_path / "feeds.csv"
    path.write_text("start,kind,left_min\n2031-05-05 08:00,brest,5\n", encoding="utf-8")
    assert refused(record(tmp_path), log=path).startswith(f"{path}:2:2: kind: 'brest' is unknown")
    assert "gone.csv: cannot be read" in refused(record(tmp_path), log=tmp_path / "gone.csv")


def test_a_config_beside_without_a_schedule_is_fed_on_demand(tmp_path):
    """It says something else of her; she is no mother whose infant nobody feeds."""
    config = {"format": 1, "interventions": [{"kind": "mastitis", "side": "left", "start_day": 3, "end_day": 5}]}
    found = her(record(tmp_path), config=config)
    assert kinds(found) == [("on_demand", None)]
    assert found.assumed == (ON_DEMAND,)
    assert len(found.scenario.config.interventions) == 1


def test_a_config_beside_says_when_feeds_were(tmp_path):
    """Its phases are kept, with single sessions beside them; its days are those of the record."""
    config = {
        "format": 1,
        "days": 60,
        "schedule": [{"kind": "every", "hours": 3}, {"kind": "pump", "times": ["10:00"]}],
    }
    found = her(record(tmp_path, *ROWS, "2031-05-05 09:00,pump,,20,mL,"), config=config)
    assert kinds(found) == [("every", None), ("pump", None)]
    assert len(singles(found)) == 2
    assert found.scenario.config.days == 5.0
    assert found.assumed == ()
    beside = her(record(tmp_path), log=logged(tmp_path, "2031-05-05"), config=config)
    assert ("every", None) not in kinds(beside)
    assert beside.assumed == ("the schedule of the config is not kept: the log says when feeds were",)


def test_single_sessions_of_a_config_are_kept(tmp_path):
    """Beside those of the record."""
    once = {"kind": "once", "sessions": [{"day": 2.5, "what": "pump", "side": "left", "minutes": 10}]}
    found = her(record(tmp_path), config={"format": 1, "schedule": [{"kind": "on_demand"}, once]})
    assert [each[:2] for each in singles(found)] == [("pump", 36.0), ("pump", 73.0 + NEXT_H)]


def test_a_shipped_scenario_beside(tmp_path):
    """What it sets that the record does not is kept."""
    found = her(record(tmp_path), config="hypoplasia")
    assert "hypoplasia" in str(found.scenario.config.mother.conditions)
    assert found.scenario.config.mother.cohort is not None


def test_what_a_config_has_otherwise_is_that_of_the_record(tmp_path):
    """One line names the keys."""
    config = {
        "format": 1,
        "start_day": 5,
        "birth_clock": "01:00",
        "birth": {"mode": "caesarean"},
        "mother": {"parity": "first"},
        "infants": [{"birth_weight_kg": 2.5, "gestation_weeks": 33}],
        "schedule": [{"kind": "on_demand"}],
    }
    found = her(record(tmp_path, note="mode: vaginal; parity: 2; gestation: 39+0"), config=config)
    keys = "birth_clock, birth.mode, mother.parity, infants.0.birth_weight_kg, infants.0.gestation_weeks"
    assert found.assumed == (f"{keys} of the config: not kept, the record says something else",)
    assert found.scenario.config.infants[0].birth_weight_kg == 3.41
    same = {
        **config,
        "start_day": 1,
        "birth_clock": "08:00",
        "birth": {"mode": "vaginal"},
        "mother": {"parity": "later"},
    }
    same["infants"] = [{"birth_weight_kg": 3.41}]
    assert her(record(tmp_path, note="mode: vaginal; parity: 2"), config=same).assumed == ()


def test_twins(tmp_path):
    """As many infants as the record has; the others weighed the same unless a config says what they weighed."""
    found = her(record(tmp_path, note="twins; gestation: 36"))
    assert [(each.birth_weight_kg, each.gestation_weeks) for each in found.scenario.config.infants] == [
        (3.41, 36.0)
    ] * 2
    assert set(found.assumed) == {"weights and feeds of the record are those of the first infant", ON_DEMAND}
    config = {"format": 1, "infants": [{}, {"birth_weight_kg": 2.9}]}
    beside = her(record(tmp_path, note="twins"), config=config)
    assert [each.birth_weight_kg for each in beside.scenario.config.infants] == [3.41, 2.9]


def test_another_number_of_infants_is_refused(tmp_path):
    """At the birth of the record."""
    line = refused(record(tmp_path, note="twins"), config={"format": 1, "infants": [{}, {}, {}]})
    assert line.endswith("record.csv:2: the birth is of 2 infants, and the config has 3 (needed: as many)")


def test_a_mother_who_only_pumps(tmp_path):
    """There is no infant in the config: facts of one are refused, and nobody is fed on demand."""
    config = {"format": 1, "infants": []}
    line = refused(record(tmp_path), config=config)
    assert line.endswith(
        "record.csv:3: weight: there is no infant in the config (needed: one, or a record without facts of it)"
    )
    found = her(record(tmp_path, "2031-05-05 09:00,pump,,20,mL,"), config=config)
    assert kinds(found) == []
    assert len(singles(found)) == 2


def test_a_config_that_is_wrong(tmp_path):
    """As everywhere else, by its own key."""
    assert refused(record(tmp_path), config={"format": 1, "mothr": {}}) == "mothr: unknown key (nearest: mother)"
    assert refused(record(tmp_path), config="caesaren").startswith(
        "caesaren: there is no such file or shipped scenario"
    )


def test_settings(tmp_path):
    """They come last; a wrong one has the nearest key."""
    found = her(record(tmp_path), settings=["mother.gland_size=0.8", "infants.0.birth_weight_kg=3"])
    assert found.scenario.config.mother.gland_size == 0.8
    assert found.scenario.config.infants[0].birth_weight_kg == 3.0
    line = refused(record(tmp_path), settings=["mother.gland_sise=1"])
    assert line == "--set: mother.gland_sise: unknown key (nearest: mother.gland_size)"


@pytest.mark.parametrize("key", ["days", "start_day", "birth_clock", "schedule", "seed", "replicates", "mother.cohort"])
def test_settings_of_what_the_record_decides_are_refused(tmp_path, key):
    """They would put her facts at other times, or virtual mothers in another number."""
    line = refused(record(tmp_path), settings=[f"{key}=3"])
    assert line == f"--set: {key}: it follows from the record and from options (allowed: other keys)"
