"""What storing expressed milk leaves of the proteins that protect an infant."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity

Store = Literal["fridge", "frozen", "pasteurised"]
"""Ways to store expressed milk."""


class InFridge(Declared):
    """Days at about 4 degrees Celsius."""

    siga: float = quantity(
        0.7,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.ASSUMED,
        note="Share of secretory IgA that is left: half, on a scale of logarithms, of what freezing and a tube take "
        "too. Less was left after four days than in fresh milk (Li 2022); the number was not seen",
    )
    igm: float = quantity(
        0.7, "", within=(0.0, 1.0), plausible=(0.5, 1.0), source=sources.ASSUMED, note="The same of IgM, as of IgA"
    )
    lysozyme: float = quantity(
        0.85,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 1.0),
        source=sources.ASSUMED,
        note="The same of lysozyme: its activity was lower after four days (Li 2022); the number was not seen",
    )
    lactoferrin: float = quantity(
        1.0,
        "",
        within=(0.0, 1.0),
        plausible=(0.8, 1.0),
        source=sources.ROLLO_2014,
        locator="abstract, seen: stable for 5 days",
        note="The same of lactoferrin",
    )
    igg: float = quantity(
        1.0, "", within=(0.0, 1.0), plausible=(0.8, 1.0), source=sources.ASSUMED, note="The same of IgG"
    )


class Frozen(Declared):
    """Refrigerated, then frozen at about -20 degrees Celsius for weeks to months, and thawed."""

    siga: float = quantity(
        0.5,
        "",
        within=(0.0, 1.0),
        plausible=(0.48, 1.0),
        source=sources.GRANGER_2021,
        locator="about halved by refrigerating, freezing and tubing together",
        note="Share of secretory IgA that is left. Others lost 16.5 to 52.1 % by the way of thawing (2022), or nothing "
        "that could be measured (Evans 1978)",
    )
    igm: float = quantity(
        0.5, "", within=(0.0, 1.0), plausible=(0.3, 1.0), source=sources.ASSUMED, note="The same of IgM, as of IgA"
    )
    lysozyme: float = quantity(
        0.72,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 1.0),
        source=sources.THAWING_2022,
        locator="abstract, seen: 16.8 to 39.3 % lower",
        note="The same of the activity of lysozyme: the middle of what ways of thawing leave",
    )
    lactoferrin: float = quantity(
        0.63,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.ROLLO_2014,
        locator="abstract, seen: 37 % lower after 3 months",
        note="The same of lactoferrin; Evans 1978 found no loss",
    )
    igg: float = quantity(
        1.0,
        "",
        within=(0.0, 1.0),
        plausible=(0.8, 1.0),
        source=sources.EVANS_1978,
        locator="abstract, seen: no loss in 3 months",
        note="The same of IgG",
    )


class Pasteurised(Declared):
    """Holder pasteurisation: 62.5 degrees Celsius for 30 minutes."""

    siga: float = quantity(
        0.741,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.CHANG_2013,
        locator="abstract, seen: 25.9 % lower",
        note="Share of secretory IgA that is left; Evans 1978 found no loss",
    )
    igm: float = quantity(
        0.3,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.6),
        source=sources.ASSUMED,
        note="The same of IgM, which heat destroys more of than of IgA and IgG",
    )
    lysozyme: float = quantity(
        0.763,
        "",
        within=(0.0, 1.0),
        plausible=(0.4, 1.0),
        source=sources.EVANS_1978,
        locator="abstract, seen: a loss of 23.7 %",
        note="The same of lysozyme",
    )
    lactoferrin: float = quantity(
        0.432,
        "",
        within=(0.0, 1.0),
        plausible=(0.2, 0.6),
        source=sources.EVANS_1978,
        locator="abstract, seen: a loss of 56.8 %",
        note="The same of lactoferrin; 66 % lower in Chang 2013",
    )
    igg: float = quantity(
        0.66,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.EVANS_1978,
        locator="abstract, seen: a loss of 34 %",
        note="The same of IgG",
    )


class MilkStorage(Declared):
    """Share of each protein that is left of it by the way in which milk was stored, before it is given."""

    fridge: InFridge = Field(default_factory=InFridge)
    frozen: Frozen = Field(default_factory=Frozen)
    pasteurised: Pasteurised = Field(default_factory=Pasteurised)

    def left_of(self, store: Store | None) -> dict[str, float]:
        """
        Share that is left of each substance that loses any, by its name.

        Parameters
        ----------
        store
            How it is stored; None for milk that is given fresh.
        """
        if store is None:
            return {}
        shares: dict[str, float] = getattr(self, store).model_dump()
        return {name: share for name, share in shares.items() if share < 1.0}
