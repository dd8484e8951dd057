"""
A virtual cohort: mothers drawn around the one that a config describes.

Each trait has a stream of its own, addressed by the number of the mother: the same mother comes back with the same
traits whatever schedule she keeps, in whatever replicate, and however many others there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import Any

from lactflow.chance import Streams
from lactflow.config.model import RunConfig, coarsest
from lactflow.parameters.declaration import Quantity
from lactflow.parameters.stations import GROWS_WITH_GLAND, StationRow
from lactflow.records import MotherTrait

Path = tuple[str | int, ...]

PACKET = "resolution.packet_ml"
_MARGIN = 0.999
"""Of the largest packet, against round-off."""
WOMEN_SD = 3.0
"""Standard deviations in which nearly all women lie: one of 370 does not."""

TRAITS: Mapping[str, tuple[str, ...]] = {
    "storage_capacity": ("gland.lumen.capacity_ml",),
    "gland_size": tuple(f"gland.{key}" for key in GROWS_WITH_GLAND),
    "active_at_term": ("gland.plasticity.active_at_term",),
    "progesterone_half_life": ("endocrine.progesterone.slow_half_life_h",),
    "transcription_lag": ("gland.genes.mrna_h",),
    "prolactin": tuple(
        f"endocrine.prolactin.{name}" for name in ("term_ng_per_ml", "suckled_ng_per_ml", "surge_ng_per_ml")
    ),
    "feedback_half_effect": ("gland.inhibitor.half_effect",),
    "let_down_interval": ("endocrine.oxytocin.pulse_interval_min", "endocrine.oxytocin.first_interval_min"),
    "let_down_fraction": ("gland.ejection.let_down_fraction",),
    "fat": ("gland.composition.fat_g_per_l",),
    "meal_size": ("dyad.infant.meal_threshold",),
    "infant_appetite": ("infants.*.appetite",),
    "birth_weight": ("infants.*.birth_weight_kg",),
}
"""Quantities on which each trait is a factor; `*` stands for every infant, each with a draw of its own."""


def mothers(config: RunConfig) -> range:
    """Numbers of the mothers of a scenario."""
    return range(config.mother.cohort or 1)


def drawn(config: RunConfig, mother: int, stations: Sequence[StationRow] = ()) -> tuple[RunConfig, list[MotherTrait]]:
    """
    One mother of a cohort.

    Parameters
    ----------
    config
        Of the whole cohort; where there is none, the mother is the one it describes.
    mother
        Her number.
    stations
        Stations beside those that every lobe has: their room follows quantities of the config.

    Returns
    -------
    The config with her quantities in it, and what was drawn. A value beyond the hard bounds of its quantity is held at
    them. A gland too small for the packets of the config gets finer ones.
    """
    if config.mother.cohort is None:
        return config, []
    streams = Streams(config.seed, mother)
    told = []
    for trait, keys in TRAITS.items():
        spread = getattr(config.mother.variation, trait)
        for path in (path for key in keys for path in _paths(config, key)):
            number = next((part for part in path if isinstance(part, int)), 0)
            factor = exp(spread * _deviate(config, streams, trait, number))
            told.append(MotherTrait(trait, ".".join(map(str, path)), factor, _scaled(config, path, factor)))
    woman = with_quantities(config, {each.key: each.value for each in told})
    finer_ml = finer_packet_ml(woman, stations)
    if finer_ml is not None:
        told.append(MotherTrait("resolution", PACKET, finer_ml / config.resolution.packet_ml, finer_ml))
        woman = with_quantities(woman, {PACKET: finer_ml})
    return woman, told


def finer_packet_ml(config: RunConfig, stations: Sequence[StationRow] = ()) -> float | None:
    """The packet that a gland too small for the config's own can hold [mL-eq]; None where it holds that."""
    largest_ml = coarsest(config, stations).packet_ml
    return largest_ml * _MARGIN if config.resolution.packet_ml > largest_ml else None


def with_quantities(config: RunConfig, values: Mapping[str, float]) -> RunConfig:
    """
    The config with other values of some quantities.

    Parameters
    ----------
    config
        Of a run.
    values
        By dotted key.

    Raises
    ------
    pydantic.ValidationError
        If a value is outside its hard bounds.
    """
    data = config.model_dump(by_alias=True)
    for key, value in values.items():
        data = _changed(data, tuple(int(part) if part.isdecimal() else part for part in key.split(".")), value)
    return RunConfig.model_validate(data)


def scaled(config: RunConfig, factors: Mapping[str, float]) -> dict[str, float]:
    """
    Values of the quantities of some traits, each times a factor and within its hard bounds.

    Parameters
    ----------
    config
        Whose values the factors are on.
    factors
        By trait, one of `TRAITS`.

    Returns
    -------
    Values by dotted key.
    """
    return {
        ".".join(map(str, path)): _scaled(config, path, factor)
        for trait, factor in factors.items()
        for key in TRAITS[trait]
        for path in _paths(config, key)
    }


def seen_in_women(config: RunConfig) -> dict[str, tuple[float, float]]:
    """
    Range of each quantity in which women differ, by dotted key: of nearly all women, not of the usual one.

    The plausible range of a quantity is that of the usual woman. One woman may lie beyond it by as much as women
    differ: `WOMEN_SD` standard deviations of the trait, on the value of the reference mother.

    Parameters
    ----------
    config
        Whose infants there are, and whose spreads hold.
    """
    found = {}
    for trait, keys in TRAITS.items():
        reach = exp(WOMEN_SD * getattr(config.mother.variation, trait))
        for path in (path for key in keys for path in _paths(config, key)):
            usual, declared = _usual(config, path), _at(config, path)[1]
            low, high = declared.plausible
            lowest, highest = declared.within
            found[".".join(map(str, path))] = (
                max(lowest, min(low, usual / reach)),
                min(highest, max(high, usual * reach)),
            )
    return found


def _scaled(config: RunConfig, path: Path, factor: float) -> float:
    """A quantity times a factor, held at its hard bounds."""
    value, declared = _at(config, path)
    low, high = declared.within
    return min(max(value * factor, low), high)


def _deviate(config: RunConfig, streams: Streams, trait: str, infant: int) -> float:
    """A standard normal deviate for a trait; that of storage capacity goes with the appetite of the first infant."""
    own = float(streams.at(f"trait {trait}", infant).standard_normal())
    if trait != "storage_capacity" or not config.infants:
        return own
    share = config.mother.variation.capacity_follows_appetite
    return share * _deviate(config, streams, "infant_appetite", 0) + sqrt(1.0 - share**2) * own


def _paths(config: RunConfig, key: str) -> list[Path]:
    """Key paths that a key stands for: one, or one for each infant."""
    parts = key.split(".")
    if "*" not in parts:
        return [tuple(parts)]
    return [tuple(number if part == "*" else part for part in parts) for number in range(len(config.infants))]


def _usual(config: RunConfig, path: Path) -> float:
    """Value of a quantity in the reference mother."""
    return float(type(_group(config, path)).model_fields[str(path[-1])].default)


def _group(config: RunConfig, path: Path) -> Any:
    """The group of keys that a quantity stands in."""
    group: Any = config
    for part in map(str, path[:-1]):
        group = group[int(part)] if part.isdecimal() else getattr(group, part)
    return group


def _at(config: RunConfig, path: Path) -> tuple[float, Quantity]:
    """Value and declaration of a quantity."""
    name, group = str(path[-1]), _group(config, path)
    extra: Any = type(group).model_fields[name].json_schema_extra
    return float(getattr(group, name)), extra["quantity"]


def _changed(data: Any, path: Path, value: float) -> Any:
    """Plain data with one value replaced."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        return (*data[:part], _changed(data[part], rest, value), *data[part + 1 :])
    return {**data, part: _changed(data[part], rest, value)}
