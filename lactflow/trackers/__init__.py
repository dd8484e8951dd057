"""Logs that people keep in other programs: recognised, read row by row, and written as lactflow's own log."""
