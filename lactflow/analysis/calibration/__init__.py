"""
What trials of a calibration show about the quantities that were moved: statistics of numbers, whatever they are of.

`axes` has the ranges, `surface` a smooth picture of what the model gives between the trials, `profiles` the intervals
that the targets leave each quantity, `directions` what they cannot distinguish. It needs scikit-learn.
"""
