"""
Calibration: quantities are looked for with which the model meets a table of targets.

`targets` reads the table, `own` and `published` say what is simulated for a trial and how it is read, `search` proposes
the trials, `ledger` keeps them, `findings` is what they say, `calibrate` is the way in.
"""
