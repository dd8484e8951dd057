"""Infants that fall below their growth channel: which, from which day on, and how far they are below it at the end."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, NamedTuple

from lactflow.config.additions import config_type_of
from lactflow.config.yaml_source import parse_yaml
from lactflow.parameters.faltering import CENTILE_SPACE, FROM_DAYS, spaces_of_concern
from lactflow.parameters.growth_standard import standard_at
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from lactflow.config.model import RunConfig
    from lactflow.parameters.dyad import InfantTraits
    from lactflow.recording.tables import RunTables

_UNIT = ["mother", "replicate", "infant"]
_COLUMNS = [*_UNIT, "from_day", "spaces", "below_at_end", "to_day"]
_MOST_NAMED = 3
"""Infants that a line names."""


class Fall(NamedTuple):
    """
    One infant below its growth channel.

    Attributes
    ----------
    from_day
        Day on which it was first so far below.
    spaces
        Centile spaces by which a fall is faltering growth, in an infant of its weight at birth.
    below_at_end
        Standard scores below that of its weight at birth, when the run ended.
    to_day
        The last day on which it was weighed.
    """

    from_day: int
    spaces: int
    below_at_end: float
    to_day: int


def faltering(run: RunTables, config: RunConfig | None = None) -> pd.DataFrame:
    """
    Infants whose weight fell so far below the channel that they were born in that a guideline calls it faltering.

    The channel is the standard score of the weight at birth by the WHO growth standard. Weight is held against it once
    a day, from two weeks of age on. An infant that falls by as many centile spaces as the guideline names has a row.

    Parameters
    ----------
    run
        A run with infants.
    config
        The config of the run, where that is at hand; it is read from the run when None.

    Returns
    -------
    `mother`, `replicate`, `infant`, `from_day` (first day so far below), `spaces` (centile spaces by which a fall is
    faltering growth: 1, 2 or 3, by the weight at birth), `below_at_end` (standard scores below that at birth, when the
    run ended), `to_day` (its last day).

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.

    References
    ----------
    NICE2017: faltering growth is a fall across one centile space or more of an infant born below the 9th centile, two
    where birth weight was between the 9th and the 91st, three above.
    """
    import pandas as pd

    config = _config_of(run) if config is None else config
    if not _may_falter(config):
        return pd.DataFrame(columns=_COLUMNS)
    born_kg = birth_weights(run)
    samples = run.read("infants", ["time_min", "weight_kg", *_UNIT])
    samples["day"] = samples["time_min"] // DAY_MIN + 1
    daily = samples.drop_duplicates([*_UNIT, "day"], keep="last")
    found = []
    for names, rows in daily.groupby(_UNIT):
        mother, replicate, infant = (int(str(each)) for each in names)
        traits = config.infants[infant]
        weight_kg = born_kg.get((mother, infant), traits.birth_weight_kg)
        fall = fall_of(traits, weight_kg, zip(rows["time_min"].tolist(), rows["weight_kg"].tolist(), strict=True))
        if fall is not None:
            found.append((mother, replicate, infant, *fall))
    return pd.DataFrame(found, columns=_COLUMNS)


def _config_of(run: RunTables) -> RunConfig:
    data = parse_yaml(run.config_text.encode()).data
    return config_type_of(data).model_validate(data)


def _may_falter(config: RunConfig) -> bool:
    """Whether an infant grows old enough within the run to be held against the standard."""
    ends_min = (config.start_day - 1.0 + config.days) * DAY_MIN
    return any(ends_min - _born_min(traits) >= FROM_DAYS * DAY_MIN for traits in config.infants)


def _born_min(traits: InfantTraits) -> float:
    return (traits.born_day - 1.0) * DAY_MIN


def birth_weights(run: RunTables) -> dict[tuple[int, int], float]:
    """
    Weight at birth [kg] by mother and infant, where a cohort or a condition has set it.

    Parameters
    ----------
    run
        Finished or not.
    """
    rows = run.read("mothers", ["key", "value", "mother"])
    rows = rows[rows["key"].astype(str).str.endswith(".birth_weight_kg")]
    return {
        (int(mother), int(str(key).split(".")[1])): float(value)
        for mother, key, value in zip(rows["mother"], rows["key"], rows["value"], strict=True)
    }


def fall_of(traits: InfantTraits, birth_weight_kg: float, weighed: Iterable[tuple[float, float]]) -> Fall | None:
    """
    How one infant fell below its channel; None for one that did not.

    Parameters
    ----------
    traits
        Sex, and day of birth.
    birth_weight_kg
        Weight at birth [kg].
    weighed
        Time [min] and weight [kg], in the order of time.
    """
    at_birth = standard_at(0.0, traits.sex).score(birth_weight_kg)
    spaces = spaces_of_concern(at_birth)
    from_day, below, time_min = None, 0.0, 0.0
    for time_min, weight_kg in weighed:
        age_days = (time_min - _born_min(traits)) / DAY_MIN
        if age_days >= FROM_DAYS:
            below = at_birth - standard_at(age_days, traits.sex).score(weight_kg)
            if from_day is None and below >= spaces * CENTILE_SPACE:
                from_day = _day(time_min)
    return None if from_day is None else Fall(from_day, spaces, below, _day(time_min))


def _day(time_min: float) -> int:
    return floor(time_min / DAY_MIN) + 1


def faltering_in_words(run: RunTables, config: RunConfig | None = None) -> list[str]:
    """
    A line on the infants that fell below their growth channels, for users; none where none did.

    Parameters
    ----------
    run
        A run with or without infants.
    config
        As `faltering` takes it.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    config = _config_of(run) if config is None else config
    found = faltering(run, config).to_dict("records") if _may_falter(config) else []
    if not found:
        return []
    several_units = len(run.spans_min) > 1
    named = [f"{_named(row, several_units=several_units)} {_described(row)}" for row in found[:_MOST_NAMED]]
    more = len(found) - len(named)
    named += [f"and {more} more (`run.faltering()` has all)"] if more else []
    fell = "an infant fell below its growth channel" if len(found) == 1 else _many(len(found), several_units)
    return [f"{fell}, which clinicians call faltering growth (NICE NG75): {'; '.join(named)}"]


def _many(count: int, several_units: bool) -> str:
    """How many fell, in words."""
    return f"{count} infants fell below their growth channels" + (" in all runs together" if several_units else "")


def _named(row: Mapping[object, object], *, several_units: bool) -> str:
    infant = f"infant {row['infant']}"
    return f"mother {row['mother']}, replicate {row['replicate']}, {infant}" if several_units else infant


def _described(row: Mapping[object, object]) -> str:
    spaces = row["spaces"]
    across = f"{spaces} centile space{'' if spaces == 1 else 's'} or more"
    return (
        f"was {across} below its weight at birth from day {row['from_day']}, and {row['below_at_end']:.1f} standard "
        f"scores on day {row['to_day']}"
    )
