"""Units of time: clocks run in minutes since birth, people speak of hours and days."""

from typing import Final

HOUR_MIN: Final = 60.0
DAY_MIN: Final = 1440.0
