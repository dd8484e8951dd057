"""
Pictures of runs, drawn on axes of matplotlib: for notebooks, files and pages alike.

Each function takes a run and draws on axes that are given, or on a new figure, and returns the axes. Matplotlib is
imported when something is drawn. `svg` makes parts of pages of the same figures.
"""
