"""The analytes that every run has, from the declared quantities of a gland; and whether a declaration can work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from math import inf
from numbers import Real
from typing import get_args

from lactflow.errors import ConfigError
from lactflow.gland.analytes import Analyte, Kept
from lactflow.gland.routes import CarriedThroughCells, CrossesJunctions, ExchangedWithPlasma, RidesPackets, Route
from lactflow.parameters.gland import Gland

STAGES = ("rer", "golgi", "vesicle_fusion", "droplet_growth")
"""Stations at which packets take analytes up, those of vesicles first."""

_FOLLOW_MATURITY = ("golgi", "vesicle_fusion")
"""Of these, the ones whose cargo is made anew when the cell matures."""

_SWITCHES = ("synthesised", "both_ways")
_SHARES = ("resting_share",)
_MAY_LACK = ("per_l_eq", "immature_per_l_eq")
"""Of the fields of routes, those that are true or false, those that are shares, and those that may be None."""

_MEMBRANE = "membrane"
"""The quantity of the balance that is no analyte."""

OTHER_PROTEIN = "other_protein"
"""What no declared part of protein accounts for, in the table of what removals contain; no analyte of its own."""

_TOTALS = {"protein": "g"}
"""Analytes that others may be part of, each with its unit."""


def milk_analytes(gland: Gland) -> tuple[Analyte, ...]:
    """
    The analytes that every run has, in the order of the constants of `gland.analytes`.

    What packets bring of them has its own rules (`gland.loading`); water and fat have their own phase.

    Parameters
    ----------
    gland
        Declared quantities.
    """
    junctions, composition = gland.tight_junctions, gland.composition
    sodium, potassium = junctions.plasma_sodium_mmol_per_l, junctions.plasma_potassium_mmol_per_l
    chloride = junctions.plasma_chloride_mmol_per_l
    other = max(0.0, composition.osmolality_mosm_per_kg - (sodium + potassium + chloride))
    fusion = RidesPackets("vesicle_fusion", synthesised=False)
    antibodies = CarriedThroughCells(composition.transcytosed_g_per_day, composition.resting_transcytosis)
    entering = CrossesJunctions(junctions.entering_protein_g_per_l, both_ways=False)
    return (
        Analyte("water", "mL", (fusion,)),
        Analyte("lactose", "mmol", (RidesPackets("golgi"), CrossesJunctions(0.0))),
        Analyte(
            "protein", "g", (RidesPackets("rer"), entering, antibodies), resorption=junctions.protein_resorption
        ),
        Analyte("sodium", "mmol", (fusion, CrossesJunctions(sodium))),
        Analyte("potassium", "mmol", (fusion, CrossesJunctions(potassium))),
        Analyte("chloride", "mmol", (fusion, CrossesJunctions(chloride))),
        Analyte("citrate", "mmol", (RidesPackets("vesicle_fusion"), CrossesJunctions(0.0))),
        Analyte("other_solutes", "mmol", (fusion, CrossesJunctions(other))),
        Analyte("inhibitor", "mL-eq", (RidesPackets("rer"),)),
        Analyte("fat", "g", (RidesPackets("droplet_growth"),), fat_partition=inf, resorption=junctions.fat_resorption),
    )  # fmt: skip


def answering(extras: Sequence[Analyte]) -> list[str]:
    """Targets of influences (`endocrine.influences`) that a route of what a run adds answers to."""
    routes = [
        route
        for each in extras
        for route in each.routes
        if isinstance(route, CarriedThroughCells | ExchangedWithPlasma) and route.answers > 0.0
    ]
    return [
        target
        for target, kind in (("fluxes", CarriedThroughCells), ("uptake", ExchangedWithPlasma))
        if any(isinstance(route, kind) for route in routes)
    ]


def check(own: Sequence[Analyte], extras: Sequence[Analyte], signals: Collection[str]) -> None:
    """
    Check what a run adds.

    Parameters
    ----------
    own
        The analytes that every run has.
    extras
        Those that it adds.
    signals
        Names that a level may have.

    Raises
    ------
    ConfigError
        With every problem of every declaration, by the name of its analyte.
    """
    taken = {_MEMBRANE, OTHER_PROTEIN, *(analyte.name for analyte in own)}
    problems = []
    for analyte in extras:
        found = list(_problems(analyte, signals))
        if isinstance(analyte.name, str):
            if analyte.name in taken:
                found.append("this name is taken")
            taken.add(analyte.name)
        problems += [f"analyte {analyte.name!r}: {problem}" for problem in found]
    if problems:
        raise ConfigError(*problems)


def _problems(analyte: Analyte, signals: Collection[str]) -> Iterator[str]:
    """What is wrong with one declaration."""
    if not isinstance(analyte.name, str) or not analyte.name.replace("-", "_").isidentifier():
        yield "its name is not made of letters, digits, underscores and hyphens"
    if not isinstance(analyte.unit, str) or not analyte.unit.strip():
        yield f"unit is {analyte.unit!r} (a text, such as 'mg')"
    for name in ("fat_partition", "resorption"):
        if not _is_amount(getattr(analyte, name)):
            yield f"{name} is {getattr(analyte, name)!r} (0 or more, finite)"
    yield from _problems_of_storage(analyte)
    yield from _problems_of_part(analyte)
    if not isinstance(analyte.routes, tuple | list):
        yield f"routes are {analyte.routes!r} (a tuple of routes; with one route, `(route,)`)"
        return
    if not analyte.routes:
        yield "it declares no route, so that nothing of it would ever be in milk"
    for route in analyte.routes:
        if isinstance(route, Route):
            yield from _problems_of_route(route, signals)
        else:
            known = ", ".join(kind.__name__ for kind in get_args(Route))
            yield f"{route!r} is no route (routes are {known})"
    yield from _problems_together(analyte.routes)


def _problems_of_storage(analyte: Analyte) -> Iterator[str]:
    """What is wrong with what storing leaves of it."""
    if not isinstance(analyte.kept, Kept):
        yield f"kept is {analyte.kept!r} (shares that are left, such as `Kept(frozen=0.5)`)"
        return
    for way, share in analyte.kept._asdict().items():
        if not (_is_amount(share) and share <= 1.0):
            yield f"kept.{way} is {share!r} (a share that is left, 0 to 1)"


def _problems_of_part(analyte: Analyte) -> Iterator[str]:
    """What is wrong with what it is part of."""
    total = analyte.part_of
    if total not in ("", *_TOTALS):
        yield f"part_of is {total!r} (allowed: {', '.join(_TOTALS)}, or nothing)"
    elif total and analyte.unit != _TOTALS[total]:
        yield f"its unit is {analyte.unit!r} (as part of {total}: {_TOTALS[total]!r})"


def _problems_of_route(route: Route, signals: Collection[str]) -> Iterator[str]:
    kind = type(route).__name__
    yield from _problems_of_fields(route)
    level = getattr(route, "level", None)
    if isinstance(level, str) and level not in signals:
        yield f"{kind}: there is no signal {level!r}{_nearest(level, signals)}"
    if isinstance(route, RidesPackets):
        if not isinstance(route.stage, str):
            yield f"{kind}: stage is {route.stage!r} (one of {', '.join(STAGES)})"
        elif route.stage not in STAGES:
            yield f"{kind}: packets take nothing up at {route.stage!r}{_nearest(route.stage, STAGES)}"
        elif route.immature_per_l_eq is not None and route.stage not in _FOLLOW_MATURITY:
            yield f"{kind}: packets of {route.stage} do not follow maturity (immature_per_l_eq)"
        if route.per_l_eq is None:
            yield f"{kind}: per_l_eq is missing, the amount that a packet takes up"


def _problems_of_fields(route: Route) -> Iterator[str]:
    """Types and ranges; names are looked up by themselves."""
    kind = type(route).__name__
    for name, value in vars(route).items():
        if name in _SWITCHES:
            if not isinstance(value, bool):
                yield f"{kind}: {name} is {value!r} (true or false)"
        elif name == "stage" or (name == "level" and isinstance(value, str)) or (name in _MAY_LACK and value is None):
            continue
        elif name in _SHARES:
            if not (_is_amount(value) and value <= 1.0):
                yield f"{kind}: {name} is {value!r} (a share, 0 to 1)"
        elif not _is_amount(value):
            or_signal = ", or the name of a signal" if name == "level" else ""
            yield f"{kind}: {name} is {value!r} (0 or more, finite{or_signal})"


def _problems_together(routes: Sequence[Route]) -> Iterator[str]:
    """At most one route of a kind: of one line for packets, any number for fluxes."""
    kinds = [
        f"RidesPackets in {'lipid' if route.stage == 'droplet_growth' else 'aqueous'} packets"
        if isinstance(route, RidesPackets)
        else type(route).__name__
        for route in routes
        if not isinstance(route, CarriedThroughCells)
    ]
    for kind in dict.fromkeys(kinds):
        if kinds.count(kind) > 1:
            yield f"{kinds.count(kind)} routes are {kind} (at most one)"


def _is_amount(value: object) -> bool:
    return isinstance(value, Real) and 0.0 <= float(value) < inf


def _nearest(name: str, known: Collection[str]) -> str:
    if not known:
        return " (there are none)"
    near = get_close_matches(name, known, n=1, cutoff=0.0)
    return f"; nearest is {near[0]!r} (there are {', '.join(known)})"
