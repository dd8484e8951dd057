"""Runs and sets of runs."""
