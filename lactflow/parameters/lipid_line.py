"""Lipid line: droplet growth, budding: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class LipidLine(Declared):
    """Lipid line: droplet growth, budding."""

    packet_multiple: float = quantity(
        2.0,
        "",
        within=(0.5, 10.0),
        plausible=(1.0, 4.0),
        source=sources.ASSUMED,
        note="A lipid packet carries the fat of this many aqueous packets",
    )
    growth_min: float = quantity(
        120.0,
        "min",
        within=(5.0, 1000.0),
        plausible=(60.0, 300.0),
        source=sources.MASEDUNSKAS_2017,
        locator="abstract",
        note="Growth of droplets by coalescence, several hours in the mouse",
    )
    growth_ml: float = quantity(
        100.0,
        "mL-eq",
        within=(5.0, 1000.0),
        plausible=(80.0, 150.0),
        source=sources.ASSUMED,
        note="Room for growing droplets; at full rate three quarters are in use",
    )
    budding_min: float = quantity(
        60.0,
        "min",
        within=(1.0, 600.0),
        plausible=(30.0, 120.0),
        source=sources.ASSUMED,
        note="Envelopment and release of a droplet, without inhibitor",
    )
    budding_ml: float = quantity(
        60.0,
        "mL-eq",
        within=(2.0, 500.0),
        plausible=(40.0, 80.0),
        source=sources.ASSUMED,
        note="Droplets that can bud at a time; pass 1.6 times full translation in an empty lumen, as docking sites do, "
        "so that the brake bites on both lines alike",
    )
    contraction_advance_min: float = quantity(
        15.0,
        "min",
        within=(0.0, 120.0),
        plausible=(0.0, 60.0),
        source=sources.ASSUMED,
        note="A contraction brings each budding droplet forward by this much: oxytocin releases droplets in the mouse "
        "(Masedunskas 2017)",
    )
