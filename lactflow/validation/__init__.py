"""Published measurements, and what a run is held against."""
