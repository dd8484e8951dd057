"""Named levels of resolution in a config: what they stand for, and what a config is cut by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lactflow.config.model import Resolution, RunConfig
from lactflow.config.text import choices, counted, nearest, quoted
from lactflow.parameters.resolution import LEVEL_NAMES, LEVELS, level_of
from lactflow.records import BREASTS

Key = tuple[str | int, ...]


def with_level(data: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[Key, str]]]:
    """
    Plain data of a config with the lobes and the packet that a named level stands for.

    Parameters
    ----------
    data
        Plain data, not yet validated; nothing in it is relied on.

    Returns
    -------
    The data, without `resolution` where that is wrong; and what is wrong, with its key. Data that name no level are
    returned as they are.
    """
    name = data.get("resolution")
    if not isinstance(name, str):
        return data, []
    rest = {key: value for key, value in data.items() if key != "resolution"}
    if name not in LEVELS:
        match = nearest(name, LEVEL_NAMES)
        hint = f"; nearest: {match}" if match is not None else ""
        allowed = f"{choices(LEVEL_NAMES)}, or a mapping of packet_ml"
        return rest, [(("resolution",), f"{quoted(name)} is unknown (allowed: {allowed}{hint})")]
    level, gland = LEVELS[name], data.get("gland", {})
    if not isinstance(gland, dict):
        return rest, []  # which is wrong by itself
    if "lobes_per_breast" in gland:
        message = (
            f"resolution {name} has {level.lobes} lobes itself "
            f"(allowed: one of them; `resolution: {{packet_ml: {level.packet_ml:g}}}` leaves the lobes to this key)"
        )
        return rest, [(("gland", "lobes_per_breast"), message)]
    gland = {**gland, "lobes_per_breast": level.lobes}
    return {**rest, "resolution": {"packet_ml": level.packet_ml}, "gland": gland}, []


def level_name(config: RunConfig) -> str | None:
    """
    Name of the level that a config is cut by, named there or written out; None where it is none of them.

    Parameters
    ----------
    config
        Of a run.
    """
    return level_of(config.gland.lobes_per_breast, config.resolution.packet_ml)


def stated(config: RunConfig) -> dict[str, object]:
    """
    How finely a run is cut, for its manifest: `level` (None for none of the named ones), lobes, packet.

    Parameters
    ----------
    config
        Of a run.
    """
    return {
        "level": level_name(config),
        "lobes_per_breast": config.gland.lobes_per_breast,
        "packet_ml": config.resolution.packet_ml,
    }


def in_words(about: Mapping[str, object]) -> str:
    """
    How finely a run is cut, for people: `coarse (3 lobes a breast, packets of 0.3 mL)`.

    Parameters
    ----------
    about
        As `stated` gives it, or as it stands in a manifest.

    Returns
    -------
    The words; none where the manifest does not say.
    """
    level, lobes, packet_ml = (about.get(key) for key in ("level", "lobes_per_breast", "packet_ml"))
    if not (isinstance(lobes, int) and isinstance(packet_ml, int | float)):
        return ""
    cut_by = f"{counted(lobes, 'lobe')} a breast, packets of {packet_ml:g} mL"
    return f"{level} ({cut_by})" if isinstance(level, str) else cut_by


def recut(config: RunConfig, name: str) -> RunConfig:
    """
    The config at another level of resolution; whether the gland can hold such packets is not checked.

    Parameters
    ----------
    config
        Of a run.
    name
        Of the level.
    """
    level = LEVELS[name]
    gland = config.gland.model_copy(update={"lobes_per_breast": level.lobes})
    return config.model_copy(update={"gland": gland, "resolution": Resolution(packet_ml=level.packet_ml)})


def named_lobe(config: RunConfig) -> str | None:
    """
    Key by which a config names one lobe, which fewer lobes would make another one; None where it names none.

    Parameters
    ----------
    config
        Of a run.
    """
    numbers = (number for number, each in enumerate(config.interventions) if "lobe" in type(each).model_fields)
    number = next(numbers, None)
    if number is not None:
        return f"interventions.{number}.lobe"
    sides = (side for side in BREASTS if getattr(config.breasts, side).severed_lobes)
    side = next(sides, None)
    return None if side is None else f"breasts.{side}.severed_lobes"
