"""Feeding logs in lactflow's own format: CSV to planned sessions, with everything repaired or assumed reported."""
