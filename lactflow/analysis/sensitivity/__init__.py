"""
Which quantities decide a measure, and how much of it is chance: statistics of samples of the quantities.

All functions take and give frames. A sample has a row for each unit of work that was simulated: the values of the
quantities that were varied, by their keys; `mother` and `replicate`; the measures. A unit that failed is a row that is
not there, or a measure that is NaN: what rests on it is left out and counted.
"""
