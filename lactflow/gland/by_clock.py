"""
Melatonin, cortisol and tryptophan in milk: rhythms of her blood that pass into milk by themselves.

A config asks for them by name (`analytes: [melatonin, cortisol, tryptophan]`); a run that names none has nothing of
them. Each brings the signal of the blood that it follows. Milk has no clock of its own: what is in it comes and goes
with a clearance in each direction, so its level follows that of the blood by minutes, and milk that was taken at one
hour keeps what it had then. Fat has no rhythm here: it follows the intervals between feeds.
"""

from __future__ import annotations

from typing import Any

from lactflow import sources
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.influences import BuildContext
from lactflow.endocrine.rhythms import ByClock, daily_wave, morning_peak, night_peak
from lactflow.gland.analytes import Analyte
from lactflow.gland.routes import ExchangedWithPlasma
from lactflow.parameters.declaration import Declared, quantity


def _hours(default: float, source: sources.Citation, locator: str, note: str) -> Any:
    """A time of day."""
    near = (default - 2.0, default + 2.0)
    return quantity(default, "h", within=(0.0, 24.0), plausible=near, source=source, locator=locator, note=note)


def _clearance() -> Any:
    """How fast a small molecule crosses the cells of a breast."""
    return quantity(
        300.0,
        "mL/h",
        within=(0.0, 10_000.0),
        plausible=(50.0, 2000.0),
        source=sources.ASSUMED,
        note="Clearance from milk of a breast with the cells of term; no lag behind blood is printed: the milk of a "
        "breast follows within half an hour",
    )


def _passing(name: str, unit: str, ratio: float, clearance: float) -> Analyte:
    """An analyte that is exchanged with the signal of its name, `ratio` times as concentrated in milk."""
    route = ExchangedWithPlasma(f"{name}_in_plasma", into_ml_per_h=ratio * clearance, out_ml_per_h=clearance)
    return Analyte(name, unit, (route,))


class Melatonin(Declared):
    """Melatonin: high at night, nearly nothing by day."""

    night_pmol_per_l: float = quantity(
        280.0,
        "pmol/L",
        within=(0.0, 5000.0),
        plausible=(180.0, 380.0),
        source=sources.ILLNEROVA_1993,
        locator="abstract",
        note="In serum at its peak: 280 (34) pmol/L at 02 to 04 h",
    )
    day_pmol_per_l: float = quantity(
        10.0,
        "pmol/L",
        within=(0.0, 5000.0),
        plausible=(2.0, 40.0),
        source=sources.ASSUMED,
        note="In serum far from the peak; milk was below detection from 14 to 17 h (Illnerova 1993)",
    )
    peak_h: float = _hours(3.0, sources.QIN_2019, "abstract", "Time of the peak: 03:00, of samples every 6 h")
    width_h: float = quantity(
        8.0,
        "h",
        within=(1.0, 23.0),
        plausible=(6.0, 10.0),
        source=sources.ASSUMED,
        note="Hours above half of the rise; milk was low at 09 and 15 h and rising at 21 h (Qin 2019)",
    )
    milk_per_plasma: float = quantity(
        0.35,
        "",
        within=(0.0, 10.0),
        plausible=(0.25, 0.45),
        source=sources.ILLNEROVA_1993,
        locator="abstract",
        note="Milk over serum at night: 99 over 280 pmol/L",
    )
    clearance_ml_per_h: float = _clearance()

    def declare(self) -> tuple[SignalRow, Analyte]:
        """The level in plasma, and what of it is in milk."""
        plasma = SignalRow("melatonin_in_plasma", "pmol/L", "melatonin in plasma", self._plasma)
        return plasma, _passing("melatonin", "pmol", self.milk_per_plasma, self.clearance_ml_per_h)

    def _plasma(self, run: BuildContext) -> ByClock:
        return ByClock(
            run.birth_clock_min,
            lambda clock_h: night_peak(clock_h, self.day_pmol_per_l, self.night_pmol_per_l, self.peak_h, self.width_h),
        )


class Cortisol(Declared):
    """Cortisol that is not bound to protein: high in the morning, lowest about midnight."""

    morning_nmol_per_l: float = quantity(
        6.1,
        "nmol/L",
        within=(0.0, 1000.0),
        plausible=(2.2, 19.9),
        source=sources.VAN_DER_VOORN_2016,
        locator="chapter 6",
        note="Free cortisol at its peak, taken to be that of saliva: 6.1 (2.2 to 19.9) nmol/L at 07:00",
    )
    peak_h: float = _hours(7.0, sources.VAN_DER_VOORN_2016, "chapter 6", "Time of the peak: 06 to 08 h")
    rise_per_h: float = quantity(
        1.77,
        "",
        within=(1.0, 20.0),
        plausible=(1.4, 2.2),
        source=sources.VAN_DER_VOORN_2016,
        locator="chapter 6",
        note="Factor of an hour before the peak",
    )
    fall_per_h: float = quantity(
        0.85,
        "",
        within=(0.01, 1.0),
        plausible=(0.8, 0.9),
        source=sources.VAN_DER_VOORN_2016,
        locator="chapter 6",
        note="Factor of an hour after the peak",
    )
    milk_per_free: float = quantity(
        1.7,
        "",
        within=(0.0, 100.0),
        plausible=(1.2, 2.3),
        source=sources.VAN_DER_VOORN_2016,
        locator="chapter 6",
        note="Milk over saliva: 10.3 over 6.1 nmol/L at 07:00",
    )
    clearance_ml_per_h: float = _clearance()

    def declare(self) -> tuple[SignalRow, Analyte]:
        """The free level in plasma, and what of it is in milk."""
        plasma = SignalRow("cortisol_in_plasma", "nmol/L", "cortisol in plasma, not bound to protein", self._plasma)
        return plasma, _passing("cortisol", "nmol", self.milk_per_free, self.clearance_ml_per_h)

    def _plasma(self, run: BuildContext) -> ByClock:
        return ByClock(
            run.birth_clock_min,
            lambda clock_h: (
                self.morning_nmol_per_l * morning_peak(clock_h, self.peak_h, self.rise_per_h, self.fall_per_h)
            ),
        )


class Tryptophan(Declared):
    """Free tryptophan: highest at night. Only the time of the peak has a source; the size of the rhythm is assumed."""

    mean_umol_per_l: float = quantity(
        50.0,
        "umol/L",
        within=(0.0, 1000.0),
        plausible=(30.0, 80.0),
        source=sources.ASSUMED,
        note="In plasma, mean of the day",
    )
    amplitude: float = quantity(
        0.2,
        "",
        within=(0.0, 1.0),
        plausible=(0.05, 0.4),
        source=sources.ASSUMED,
        note="Of its wave, as a share of the mean; no amplitude could be read",
    )
    peak_h: float = _hours(3.0, sources.CUBERO_2005, "abstract", "Time of the peak, as in milk: about 03:00")
    milk_per_plasma: float = quantity(
        0.15,
        "",
        within=(0.0, 10.0),
        plausible=(0.05, 0.4),
        source=sources.ASSUMED,
        note="Milk over plasma, about the share that is not bound to albumin",
    )
    clearance_ml_per_h: float = _clearance()

    def declare(self) -> tuple[SignalRow, Analyte]:
        """The level in plasma, and what of it is in milk."""
        plasma = SignalRow("tryptophan_in_plasma", "umol/L", "tryptophan in plasma", self._plasma)
        return plasma, _passing("tryptophan", "umol", self.milk_per_plasma, self.clearance_ml_per_h)

    def _plasma(self, run: BuildContext) -> ByClock:
        return ByClock(
            run.birth_clock_min,
            lambda clock_h: daily_wave(clock_h, self.mean_umol_per_l, self.amplitude, self.peak_h),
        )
