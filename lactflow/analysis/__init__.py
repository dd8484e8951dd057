"""Tables made from recorded facts: days, windows, event logs."""
