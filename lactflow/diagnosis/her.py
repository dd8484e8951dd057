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
from lactflow.config.python import ConfigSource, as_json
from lactflow.config.scenario import Scenario, as_yaml, load_scenario
from lactflow.config.text import shown_path
from lactflow.diagnosis.record import Record
from lactflow.dyad.schedule import last_min
from lactflow.units import DAY_MIN

NEXT_H = 24.0
"""Hours after the last fact at which what could be measured next is simulated. Ours."""
AFTER_DAYS = 0.5
"""Days that a run goes on after that, so that the session is whole."""
PUMPED_MIN = 15.0
"""Length of a pumping of the record, which has none [min]. Ours."""
SAMPLE_MIN = 180.0
COARSE: Mapping[str, Any] = {
    "resolution": {"packet_ml": 0.2},
    "gland": {"lobes_per_breast": 3},
    "record": {"visits": False, "sample_min": SAMPLE_MIN},
    "replicates": 1,
}
"""Virtual mothers have fewer lobes and coarser packets, as those of a fit: the same milk to 1 %."""
LARGEST_COHORT = 10_000
LOG_FILE = "log.csv"
_MEASURED_IN_MILK = ("glucose", "albumin")
"""Kinds that only runs have which ask for the analyte of that name."""
_BOTTLES = {"bottle_formula": "formula", "bottle_own_milk": "own_milk"}


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
    last = max(fact.time_min for fact in record.facts)
    next_min = last + NEXT_H * 60.0
    assumed: list[str] = []
    data = _data(config) | {"start_day": 1, "days": ceil(next_min / DAY_MIN + AFTER_DAYS)}
    data["birth_clock"] = f"{record.birth.time:%H:%M}"
    raw = None
    if log is not None:
        raw, phases = _logged(Path(log), record)
        data["schedule"] = phases
    elif "schedule" not in data:
        data["schedule"] = [{"kind": "on_demand"}]
        assumed.append("feeds are on demand: neither a log nor a config says when they were")
    single = [*([] if log is not None else _sessions(record)), _next_pumping(next_min)]
    data["schedule"] = [*data["schedule"], {"kind": "once", "sessions": single}]
    data["analytes"] = _analytes(data.get("analytes", ()), record)
    scenario = _loaded(data, raw, [*_known(record, assumed), *settings], log)
    return Her(record, scenario, next_min, log is not None, tuple(assumed))


def _data(config: ConfigSource | None) -> dict[str, Any]:
    """Plain data of what else is known, cut coarsely and of a cohort."""
    known = (
        {} if config is None else as_json(load_scenario(config).config.model_dump(by_alias=True, exclude_unset=True))
    )
    mother = {**known.get("mother", {}), "cohort": LARGEST_COHORT}
    gland = {**known.get("gland", {}), **COARSE["gland"]}
    return {"format": 1, **known, **COARSE, "mother": mother, "gland": gland, "name": "diagnosis"}


def _known(record: Record, assumed: list[str]) -> list[str]:
    """Settings of what the record has about the birth; what it leaves out is assumed."""
    birth = record.birth
    settings = ["mother.variation.birth_weight=0"] if birth.weight_kg is not None else []
    if birth.weight_kg is None:
        assumed.append("birth weight is not known: virtual infants differ in it as infants do")
    else:
        settings.append(f"infants.0.birth_weight_kg={birth.weight_kg!r}")
    if birth.gestation_weeks is not None:
        settings.append(f"infants.0.gestation_weeks={min(42.0, max(23.0, birth.gestation_weeks))!r}")
    if birth.mode is not None:
        settings.append(f"birth.mode={birth.mode}")
    if birth.parity is not None:
        settings.append(f"mother.parity={'first' if birth.parity == 1 else 'later'}")
    return settings


def _logged(path: Path, record: Record) -> tuple[bytes, list[dict[str, Any]]]:
    """The content of a feeding log, and phases of a schedule: on demand before and after it."""
    shown = shown_path(path)
    raw = read_bounded(path, LARGEST_BYTES, shown)
    read = read_feeding_log(raw, shown, infants=None)
    first_day = _day_of(read.first_date, record)
    end_day = first_day + last_min(read.sessions, LONGEST_MIN) / DAY_MIN
    log = {"kind": "log", "file": LOG_FILE, "first_day": first_day, "from_day": max(1.0, first_day)}
    before = [{"kind": "on_demand"}] if first_day > 1.0 else []
    return raw, [*before, log, {"kind": "on_demand", "from_day": max(1.0, end_day)}]


def _day_of(first: date, record: Record) -> float:
    """Day of lactation of 00:00 of a date."""
    midnight = datetime.combine(first, datetime.min.time())
    return 1.0 + (midnight - record.birth.time.replace(tzinfo=None)) / timedelta(days=1)


def _sessions(record: Record) -> list[dict[str, Any]]:
    """Pumpings and bottles of the record, as single sessions; a volume for each breast at one time is one pumping."""
    sides: dict[float, set[str]] = {}
    for fact in record.of("pump"):
        sides.setdefault(fact.time_min, set()).add(fact.breast or "both")
    found: list[dict[str, Any]] = [
        {
            "day": _day(time_min),
            "what": "pump",
            "side": next(iter(of)) if len(of) == 1 else "both",
            "minutes": PUMPED_MIN,
        }
        for time_min, of in sides.items()
    ]
    for kind, content in _BOTTLES.items():
        found += [
            {"day": _day(fact.time_min), "what": "bottle", "volume_ml": fact.value, "content": content}
            for fact in record.of(kind)
            if fact.value
        ]
    return found


def _day(time_min: float) -> float:
    return 1.0 + time_min / DAY_MIN


def _next_pumping(next_min: float) -> dict[str, Any]:
    """The pumping that could be done next."""
    return {"day": _day(next_min), "what": "pump", "side": "both", "minutes": PUMPED_MIN}


def _analytes(named: Any, record: Record) -> list[str]:
    """Analytes of a config, and those that the record has."""
    names = list(named)
    return [*names, *(kind for kind in _MEASURED_IN_MILK if record.of(kind) and kind not in names)]


def _loaded(data: dict[str, Any], raw: bytes | None, settings: Sequence[str], log: str | Path | None) -> Scenario:
    """The scenario of plain data and a log; nothing stays on disk."""
    if raw is None:
        return load_scenario(data, settings)
    with tempfile.TemporaryDirectory() as folder:
        copy, path = Path(folder) / LOG_FILE, Path(folder) / "her.yaml"
        copy.write_bytes(raw)
        path.write_text(as_yaml(data), encoding="utf-8", newline="\n")
        scenario = load_scenario(path, settings)
        shown = tuple(each.replace(shown_path(copy), shown_path(Path(log or ""))) for each in scenario.warnings)
        return replace(scenario, warnings=shown)
