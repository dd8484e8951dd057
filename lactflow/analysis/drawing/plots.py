"""What `run.plot` offers: pictures of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed


class RunPlots:
    """
    Pictures of a run; each method draws on axes of matplotlib and returns them.

    Parameters
    ----------
    run
        Finished or not.
    """

    def __init__(self, run: Analysed) -> None:
        self._run = run

    def day(self, day: float, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
        """One day in two breasts: `lactflow.analysis.drawing.day.draw_day`."""
        from lactflow.analysis.drawing.day import draw_day

        return draw_day(self._run, day, axes, mother=mother, replicate=replicate)

    def course(self, measure: str = "made_ml_per_day", axes: Axes | None = None) -> Axes:
        """A measure day by day: `lactflow.analysis.drawing.course.draw_course`."""
        from lactflow.analysis.drawing.course import draw_course

        return draw_course(self._run, measure, axes)

    def growth(self, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
        """Weight of every infant on the curves of the WHO: `lactflow.analysis.drawing.course.draw_growth`."""
        from lactflow.analysis.drawing.course import draw_growth

        return draw_growth(self._run, axes, mother=mother, replicate=replicate)
