"""Units of time: clocks run in minutes since birth, people speak of hours and days."""

HOUR_MIN = 60.0
DAY_MIN = 1440.0
