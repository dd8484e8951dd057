"""
Her record as a scenario: what virtual mothers have in common with her, whatever mechanism they have.

They have her infant's birth weight, her way of birth, the sessions of her log, and the single pumpings and bottles of
her record; what is not known of her differs between them as between women.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from lactflow.config.logs.believable import LONGEST_MIN
from lactflow.config.logs.collection import read_bounded
from lactflow.config.logs.feeding_log import LARGEST_BYTES, read_feeding_log
from lactflow.config.named import by_name
from lactflow.config.python import ConfigSource, as_json
from lactflow.config.scenario import Scenario, as_yaml, load_scenario
from lactflow.config.text import counted, shown_path
from lactflow.diagnosis.record import Record
from lactflow.diagnosis.single import day_of, pumping, sessions_of
from lactflow.dyad.schedule import last_min
from lactflow.errors import ConfigError, Problem
from lactflow.parameters.declaration import quantity_at
from lactflow.parameters.dyad import InfantTraits
from lactflow.units import DAY_MIN

NEXT_H = 24.0
"""Hours after the last fact at which what could be measured next is simulated. Ours."""
AFTER_DAYS = 0.5
"""Days that a run goes on after that, so that the session is whole."""
SAMPLE_MIN = 180.0
SHORTEST_WEEKS, LONGEST_WEEKS = 23.0, 42.0
"""Gestations that infants of a config may have."""
DECIDED = ("days", "start_day", "birth_clock", "replicates", "schedule", "seed")
"""Keys of a config that follow from the record or from options."""
MOST_SESSIONS = 1000
"""Of one phase of a schedule."""
OF_INFANT = ("weight", "test_weigh", "feed", "feeds_per_day", "bottle_formula", "bottle_own_milk")
"""Kinds of facts that need an infant."""
COARSE: Mapping[str, Any] = {
    "resolution": {"packet_ml": 0.2},
    "gland": {"lobes_per_breast": 3},
    "record": {"visits": False, "sample_min": SAMPLE_MIN},
    "replicates": 1,
}
"""Virtual mothers have fewer lobes and coarser packets, as those of a fit: the same milk to 1 %."""
LARGEST_COHORT = 10_000
LOG_FILE = "log.csv"
_NO_SPREAD = "mother.variation.birth_weight = 0 "
_MEASURED_IN_MILK = ("glucose", "albumin")
"""Kinds that only runs have which ask for the analyte of that name."""


@dataclass(frozen=True)
class Her:
    """
    What virtual mothers have in common with her.

    Attributes
    ----------
    record
        That was read.
    scenario
        Of an ordinary cohort that keeps her schedule, from birth to after `next_min`.
    next_min
        When what could be measured next is measured [min since birth].
    logged
        Whether a feeding log says when feeds were.
    assumed
        What was assumed of her, one line each.
    """

    record: Record
    scenario: Scenario
    next_min: float
    logged: bool
    assumed: tuple[str, ...]


def her(
    record: Record, log: str | Path | None = None, config: ConfigSource | None = None, settings: Sequence[str] = ()
) -> Her:
    """
    Her record, and what there is beside it, as a scenario.

    Parameters
    ----------
    record
        That was read.
    log
        CSV file of a feeding log of the same days.
    config
        What else is known of her: conditions, drugs, a schedule.
    settings
        `key.sub=value`, as `--set` takes them.

    Raises
    ------
    ConfigError
        If the log or the config is wrong, or they contradict the record.
    """
    next_min = max(fact.time_min for fact in record.facts) + NEXT_H * 60.0
    _refuse_decided(settings)
    _refuse_birth_weight(record)
    beside, logs = _beside(config)
    data = _data(beside) | {"start_day": 1, "days": ceil(next_min / DAY_MIN + AFTER_DAYS)}
    data["birth_clock"] = f"{record.birth.time:%H:%M}"
    infants = _infants(beside, record)
    if infants:
        data["infants"] = infants
    assumed = _not_kept(beside, record)
    raw, schedule, single = _schedule(list(data.get("schedule", ())), record, log, next_min, assumed)
    if not schedule and infants != []:
        schedule = [{"kind": "on_demand"}]
        assumed.append("feeds are on demand: neither a log nor a config says when they were")
    parts = (single[start : start + MOST_SESSIONS] for start in range(0, len(single), MOST_SESSIONS))
    data["schedule"] = [*schedule, *({"kind": "once", "sessions": part} for part in parts)]
    if analytes := _analytes(data.get("analytes", ()), record):
        data["analytes"] = analytes
    if raw is not None:
        logs = {LOG_FILE: (raw, shown_path(Path(log or "")))}
    scenario = _loaded(data, logs, [*_known(record, infants, assumed), *settings])
    return Her(record, _without_ours(scenario), next_min, log is not None, tuple(assumed))


def _schedule(
    known: list[dict[str, Any]], record: Record, log: str | Path | None, next_min: float, assumed: list[str]
) -> tuple[bytes | None, list[dict[str, Any]], list[dict[str, Any]]]:
    """The content of a log; phases, of the log or else of a config; and single sessions, of days that it leaves out."""
    single, of_single = sessions_of(record)
    assumed += of_single
    if log is None:
        return None, known, [*single, pumping(next_min)]
    if known:
        assumed.append("the schedule of the config is not kept: the log says when feeds were")
    raw, phases, (from_day, to_day) = _logged(Path(log), record, next_min)
    apart = [each for each in single if not from_day <= each["day"] < to_day]
    if len(apart) < len(single):
        assumed.append("pumpings and bottles on the days of the log are those of the log")
    return raw, phases, [*apart, pumping(next_min)]


def _refuse_decided(settings: Sequence[str]) -> None:
    """Refuse settings of what the record or an option decides."""
    for text in settings:
        key = text.partition("=")[0].strip()
        if key.partition(".")[0] in DECIDED or key == "mother.cohort":
            what = "it follows from the record and from options (allowed: other keys)"
            raise ConfigError(Problem(what, "--set", key=key))


def _refuse_birth_weight(record: Record) -> None:
    """Refuse a birth weight that a record may have, and no infant of a config."""
    weight_kg, declared = record.birth.weight_kg, quantity_at(InfantTraits(), "birth_weight_kg")
    low, high = declared.declaration.within if declared is not None else (0.0, float("inf"))
    if weight_kg is not None and not low <= weight_kg <= high:
        what = f"birth: {weight_kg:.3g} kg is outside {low:g} to {high:g} kg, of which infants can be simulated"
        raise ConfigError(Problem(what, record.file, record.birth.line, key="value"))


def _beside(config: ConfigSource | None) -> tuple[dict[str, Any], dict[str, tuple[bytes, str]]]:
    """Plain data of what else is known, as far as it was set; and its logs, each with its name for messages."""
    if config is None:
        return {}, {}
    known = load_scenario(config, start_day=1.0)  # as the record has it
    data: dict[str, Any] = as_json(known.config.model_dump(by_alias=True, exclude_unset=True))
    return data, {name: (raw, name) for name, raw in known.files.items()}


def _data(beside: Mapping[str, Any]) -> dict[str, Any]:
    """The same, cut coarsely and of a cohort."""
    mother = {**beside.get("mother", {}), "cohort": LARGEST_COHORT}
    gland = {**beside.get("gland", {}), **COARSE["gland"]}
    return {"format": 1, **beside, **COARSE, "mother": mother, "gland": gland, "name": "diagnosis"}


def _infants(beside: Mapping[str, Any], record: Record) -> list[dict[str, Any]] | None:
    """Infants of the config, or as many as the record has; None for one of whom nothing is known beside."""
    plurality = record.birth.plurality
    if "infants" not in beside:
        return None if plurality in (None, 1) else [{} for _ in range(plurality or 1)]
    infants = list(beside["infants"])
    if plurality not in (None, len(infants)):
        born = counted(plurality or 1, "infant")
        what = f"the birth is of {born}, and the config has {len(infants)} (needed: as many)"
        raise ConfigError(Problem(what, record.file, record.birth.line))
    for fact in record.facts if not infants else ():
        if fact.kind in OF_INFANT:
            what = f"{fact.kind}: there is no infant in the config (needed: one, or a record without facts of it)"
            raise ConfigError(Problem(what, record.file, fact.line))
    return infants


def _settled(record: Record) -> dict[str, Any]:
    """What the record says of keys that a config may have too."""
    birth = record.birth
    known = {
        "birth_clock": f"{birth.time:%H:%M}",
        "birth.mode": birth.mode,
        "mother.parity": None if birth.parity is None else ("first" if birth.parity == 1 else "later"),
        "infants.0.birth_weight_kg": birth.weight_kg,
        "infants.0.gestation_weeks": birth.gestation_weeks,
    }
    return {key: value for key, value in known.items() if value is not None}


def _not_kept(beside: Mapping[str, Any], record: Record) -> list[str]:
    """A line for keys of the config of which the record says something else."""
    keys = []
    for key, value in _settled(record).items():
        found: Any = beside
        for part in key.split("."):
            group = dict(enumerate(found)) if isinstance(found, (list, tuple)) else (found or {})
            found = group.get(int(part) if part.isdecimal() else part)
        if found not in (None, value):
            keys.append(key)
    return [f"{', '.join(keys)} of the config: not kept, the record says something else"] if keys else []


def _known(record: Record, infants: Sequence[Any] | None, assumed: list[str]) -> list[str]:
    """Settings of what the record has about the birth; what it leaves out is assumed."""
    birth, settings = record.birth, []
    each_of = [{}] if infants is None else list(infants)
    if birth.weight_kg is not None:
        settings.append("mother.variation.birth_weight=0")
    elif each_of:
        assumed.append("birth weight is not known: virtual infants differ in it as infants do")
    if len(each_of) > 1:
        assumed.append("weights and feeds of the record are those of the first infant")
    for number, infant in enumerate(each_of):
        if birth.weight_kg is not None and (number == 0 or "birth_weight_kg" not in infant):
            settings.append(f"infants.{number}.birth_weight_kg={birth.weight_kg!r}")
        if birth.gestation_weeks is not None:
            weeks = min(LONGEST_WEEKS, max(SHORTEST_WEEKS, birth.gestation_weeks))
            settings.append(f"infants.{number}.gestation_weeks={weeks!r}")
    if each_of and birth.gestation_weeks is not None and weeks != birth.gestation_weeks:
        assumed.append(f"a gestation of {weeks:g} weeks stands for {birth.gestation_weeks:.3g}, where the model ends")
    of_mother = ("birth.mode", "mother.parity")
    return [*settings, *(f"{key}={value}" for key, value in _settled(record).items() if key in of_mother)]


def _logged(path: Path, record: Record, next_min: float) -> tuple[bytes, list[dict[str, Any]], tuple[float, float]]:
    """The content of a feeding log, phases of a schedule, on demand before and after it, and its days."""
    shown = shown_path(path)
    raw = read_bounded(path, LARGEST_BYTES, shown)
    read = read_feeding_log(raw, shown, infants=None)
    first_day = _day_of(read.first_date, record)
    end_day = first_day + last_min(read.sessions, LONGEST_MIN) / DAY_MIN
    if end_day <= 1.0 or first_day >= day_of(next_min):
        last = read.first_date + timedelta(minutes=read.sessions[-1].planned_min)
        birth = f"{record.birth.time:%Y-%m-%d}"
        what = f"{read.first_date} to {last}: none of these days is in the record, with the birth on {birth}"
        raise ConfigError(Problem(what, shown))
    log = {"kind": "log", "file": LOG_FILE, "first_day": first_day, "from_day": max(1.0, first_day)}
    before = [{"kind": "on_demand"}] if first_day > 1.0 else []
    return raw, [*before, log, {"kind": "on_demand", "from_day": end_day}], (first_day, end_day)


def _day_of(first: date, record: Record) -> float:
    """Day of lactation of 00:00 of a date."""
    midnight = datetime.combine(first, datetime.min.time())
    return 1.0 + (midnight - record.birth.time.replace(tzinfo=None)) / timedelta(days=1)


def _analytes(named: Any, record: Record) -> dict[str, Any]:
    """Analytes of a config with their quantities, and those that the record has."""
    found: dict[str, Any] = dict(by_name(named))
    return found | {kind: {} for kind in _MEASURED_IN_MILK if record.of(kind) and kind not in found}


def _loaded(data: dict[str, Any], logs: Mapping[str, tuple[bytes, str]], settings: Sequence[str]) -> Scenario:
    """The scenario of plain data and logs; nothing stays on disk."""
    if not logs:
        return load_scenario(data, settings)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "her.yaml"
        path.write_text(as_yaml(data), encoding="utf-8", newline="\n")
        for name, (raw, _) in logs.items():
            (Path(folder) / name).write_bytes(raw)
        scenario = load_scenario(path, settings)
        shown = [_shown(each, Path(folder), logs) for each in scenario.warnings]
        return replace(scenario, warnings=tuple(shown))


def _shown(warning: str, folder: Path, logs: Mapping[str, tuple[bytes, str]]) -> str:
    """A warning with the names of logs that a user knows."""
    for name, (_, shown) in logs.items():
        warning = warning.replace(shown_path(folder / name), shown)
    return warning


def _without_ours(scenario: Scenario) -> Scenario:
    """The scenario without the remark about a spread that is none because her infant's weight is known."""
    return replace(scenario, warnings=tuple(each for each in scenario.warnings if not each.startswith(_NO_SPREAD)))
