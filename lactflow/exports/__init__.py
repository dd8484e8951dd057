"""Runs and results in the formats of other programs: CSV, Parquet, data packages, traces, research objects."""
