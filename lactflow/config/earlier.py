"""
Keys that configs of `format: 1` had under other names: they are read as what they are called now, with a warning.

All of them were renamed before version 0.2. Only configs are read so, not what `--set` and keyword arguments name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from lactflow.gland.resolution import lobe_shares
from lactflow.kinetics import plain_sum
from lactflow.parameters.gland import Gland
from lactflow.records import BREASTS

_BREAST = {"size": "gland_size", "nerve_share": "let_down_share"}


def with_present_keys(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """
    Give a config the keys of now.

    Parameters
    ----------
    data
        A config as written, with the quantities of its resolution; it stays as it is.

    Returns
    -------
    The config, and a line for each key that it had under an earlier name. A key that stands there under both names is
    left for the check to refuse.
    """
    found, notes = dict(data), list[str]()
    if isinstance(birth := found.get("birth"), Mapping):
        found["birth"] = dict(_renamed(birth, {"fluids_ml": "fluids"}, "birth.", notes))
    if isinstance(breasts := found.get("breasts"), Mapping):
        found["breasts"] = {
            side: _breast(found, side, each, notes) if side in BREASTS and isinstance(each, Mapping) else each
            for side, each in breasts.items()
        }
    if isinstance(schedule := found.get("schedule"), list | tuple):
        found["schedule"] = tuple(_phase(number, phase, notes) for number, phase in enumerate(schedule))
    return found, notes


def _renamed(
    group: Mapping[str, Any], names: Mapping[str, str], before: str, notes: list[str]
) -> Iterator[tuple[str, Any]]:
    for key, value in group.items():
        if (name := names.get(key)) is not None and name not in group:
            notes.append(f"{before}{key} is called {before}{name} now")
            yield name, value
        else:
            yield key, value


def _breast(data: Mapping[str, Any], side: str, breast: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """A breast: a factor on its storage is a volume now, and a share of cut tissue names its lobes."""
    before = f"breasts.{side}."
    found = dict(_renamed(breast, _BREAST, before, notes))
    factor, cut = found.get("storage_size"), found.get("ducts_cut")
    if "storage_size" in found and "storage_ml" not in found and (factor is None or _is_number(factor)):
        del found["storage_size"]
        if factor is not None:
            found["storage_ml"] = round(factor * _storage_ml(data), 9)
            notes.append(f"{before}storage_size = {factor:g} is {before}storage_ml = {found['storage_ml']:g} now")
    if _is_number(cut) and "severed_lobes" not in found:
        del found["ducts_cut"]
        found["severed_lobes"] = _lobes_cut(data, cut)
        notes.append(f"{before}ducts_cut = {cut:g} is {before}severed_lobes = {[*found['severed_lobes']]} now")
    return found


def _phase(number: int, phase: Any, notes: list[str]) -> Any:
    if isinstance(phase, Mapping) and phase.get("side") == "block":
        notes.append(f"schedule.{number}.side = block is side = alternate with block_hours now")
        return {**phase, "side": "alternate"}
    return phase


def _storage_ml(data: Mapping[str, Any]) -> float:
    """Storage capacity of a breast of this mother [mL]."""
    mother = _group(data, "mother")
    factor = mother.get("storage_size")
    factor = mother.get("gland_size", 1.0) if factor is None else factor
    capacity_ml = _group(_group(data, "gland"), "lumen").get("capacity_ml", Gland().lumen.capacity_ml)
    return factor * capacity_ml if _is_number(factor) and _is_number(capacity_ml) else Gland().lumen.capacity_ml


def _lobes_cut(data: Mapping[str, Any], share: float) -> tuple[int, ...]:
    """Smallest lobes, whole ones, whose shares of the tissue add up to what comes nearest."""
    gland, usual = _group(data, "gland"), Gland()
    lobes, spread = (gland.get(name, getattr(usual, name)) for name in ("lobes_per_breast", "lobe_spread"))
    if not (isinstance(lobes, int) and 0 < lobes <= 60 and _is_number(spread)):
        return ()
    shares = lobe_shares(lobes, spread)
    return tuple(range(min(range(lobes + 1), key=lambda number: abs(plain_sum(shares[:number]) - share))))


def _group(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    group = data.get(name)
    return group if isinstance(group, Mapping) else {}


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
