"""Every quantity once: value, unit, hard bounds, plausible range, source, locator, note. The only home of a default."""
