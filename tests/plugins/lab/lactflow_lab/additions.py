"""A station, two signals and what one of them does, an analyte, a kind of schedule, a scenario, a section of pages."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from lactflow import sources
from lactflow.dyad.schedule import PlannedSession, WatchingPhase
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.influences import Influence
from lactflow.endocrine.signal import Effect, LevelWindow, Steps
from lactflow.gland.analytes import Analyte
from lactflow.gland.routes import ExchangedWithPlasma
from lactflow.parameters.declaration import Declared, quantity
from lactflow.parameters.stations import StationRow, own_quantity
from lactflow.report.blocks import Note
from lactflow.sources import ASSUMED, Citation

SORTING = StationRow(
    name="trans_golgi",
    line="aqueous",
    words="trans-Golgi",
    after="golgi",
    work=own_quantity(4.0, "min", within=(0.1, 60.0), source=sources.ASSUMED, note="Sorting into vesicles"),
    places=own_quantity(
        7.0,
        "mL-eq",
        within=(0.5, 50.0),
        source=sources.ASSUMED,
        note="Half of the Golgi",
        follows="protein_line.golgi_ml",
    ),
    least_places=1.0,
)


def insulin() -> list[SignalRow | Influence]:
    """Insulin in plasma, and what it does to translation: half of it while she fasts on day 31, from 06:00 to 12:00."""
    fasts = LevelWindow((30.0 + 0.25) * 1440.0, (30.0 + 0.5) * 1440.0, 5.0)
    return [
        SignalRow("insulin", "mU/L", "insulin in plasma", lambda _: Steps(10.0, [fasts])),
        Influence("insulin", "translation", lambda run: Effect(run.blood["insulin"], lambda level: level / 10.0)),
    ]


STUDY = Citation(key="Lab2030", authors=("Lab A",), year=2030, title="Coffee in mothers")


class Caffeine(Declared):
    """A level in plasma that holds, in a mother who drinks coffee all day."""

    level_mg_per_l: float = quantity(
        4.0, "mg/L", within=(0.0, 50.0), plausible=(1.0, 10.0), source=STUDY, locator="table 1", note="By the hour"
    )
    from_clock_h: float = quantity(0.0, "h", within=(0.0, 24.0), source=ASSUMED, note="Of every day; none before it")

    def declare(self) -> SignalRow:
        """What a config names."""
        return SignalRow("caffeine_in_plasma", "mg/L", "caffeine in plasma", self.level)

    def level(self, run):
        """From a time of day on, up to midnight."""
        first_min = 60.0 * self.from_clock_h - run.birth_clock_min
        days = [
            LevelWindow(day * 1440.0 + first_min, (day + 1.0) * 1440.0 - run.birth_clock_min, self.level_mg_per_l)
            for day in range(100)
        ]
        return Steps(self.level_mg_per_l) if self.from_clock_h == 0.0 else Steps(0.0, days)


CAFFEINE = Analyte("caffeine", "mg", (ExchangedWithPlasma("caffeine_in_plasma", 200.0, 260.0),))


class Offer(WatchingPhase):
    """The breast is offered to an infant that has not fed for some hours."""

    kind: Literal["offer"]
    hours: float = Field(default=5.0, gt=0.0, le=24.0, description="Hours since its last meal")

    def when(self, view):
        """So many hours after the meal that is longest ago."""
        return max(0.0, min(each.fed_min for each in view.infants)) + self.hours * 60.0

    def then(self, view):
        """That infant is put to both breasts."""
        longest = min(view.infants, key=lambda each: each.fed_min)
        return [PlannedSession(view.now_min, "feed", infant=longest.number, rule="both")]


def scenario() -> Path:
    """The config that lies beside this file."""
    return Path(__file__).with_name("lab-day.yaml")


class _CaffeineSection:
    """What the infant got."""

    title = "Caffeine"

    def blocks(self, run):
        """One sentence."""
        return [Note(f"The milk held {run['removal_contents']['amount'].sum():.2f} mg of caffeine.")]


CAFFEINE_SECTION = _CaffeineSection()
