"""What `fit.plot` offers: pictures of a fitted mother and of her log."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.experiments.fitting import Fit


class FitPlots:
    """
    Pictures of a fit; each method draws on axes of matplotlib and returns them. Called, it draws the traits.

    Parameters
    ----------
    fit
        Of one log, or of several.
    """

    def __init__(self, fit: Fit) -> None:
        self._fit = fit

    def __call__(self, axes: Axes | None = None) -> Axes:
        """Traits with their intervals: as `traits`."""
        return self.traits(axes)

    def traits(self, axes: Axes | None = None) -> Axes:
        """Traits with their intervals on the spread of women: `lactflow.analysis.drawing.traits.draw_traits`."""
        from lactflow.analysis.drawing.traits import draw_traits

        return draw_traits(with_spread(self._fit), axes)

    def left(self, axes: Axes | None = None) -> Axes:
        """What the log leaves open: `lactflow.analysis.drawing.traits.draw_left`."""
        from lactflow.analysis.drawing.traits import draw_left

        return draw_left(self._fit.traits, axes)

    def volumes(self, axes: Axes | None = None, *, breast: str | None = None) -> Axes:
        """Volumes over time, as recorded and as predicted: `lactflow.analysis.drawing.fitted.draw_volumes`."""
        from lactflow.analysis.drawing.fitted import draw_volumes

        return draw_volumes(self._fit.volumes, axes, breast=breast)

    def predicted(self, axes: Axes | None = None) -> Axes:
        """Volumes of the fitted mother against those of her log: `lactflow.analysis.drawing.fitted.draw_predicted`."""
        from lactflow.analysis.drawing.fitted import draw_predicted

        return draw_predicted(self._fit.volumes, axes)

    def forecast(self, axes: Axes | None = None, *, breast: str | None = None) -> Axes:
        """Volumes that were held out, and their forecasts: `lactflow.analysis.drawing.fitted.draw_forecast`."""
        from lactflow.analysis.drawing.fitted import draw_forecast

        return draw_forecast(self._fit.forecast, axes, breast=breast)


def with_spread(fit: Fit) -> pd.DataFrame:
    """
    Traits of a fit with how far women differ in each: those of the virtual mothers that it learned from.

    Parameters
    ----------
    fit
        Of one log, or of several.

    Returns
    -------
    `Fit.traits`, and a column `spread`: the standard deviation of the logarithm of the trait between women;
    NaN for a trait that this version does not know.

    Raises
    ------
    ConfigError
        If the config of a fitted mother cannot be read.
    DamagedRunError
        If its traits are not what was written.
    """
    import pandas as pd

    from lactflow.config.scenario import load_scenario

    if fit.logs:
        parts = [with_spread(fit.of(each["folder"])).assign(log=each["log"]) for each in fit.manifest.get("logs", ())]
        return pd.concat(parts, ignore_index=True)
    variation = load_scenario(fit.config).config.mother.variation
    return fit.traits.assign(spread=[float(getattr(variation, trait, nan)) for trait in fit.traits["trait"]])
