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

    def day(self, day: float | None = None, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
        """One day in two breasts: `lactflow.analysis.drawing.day.draw_day`."""
        from lactflow.analysis.drawing.day import draw_day

        return draw_day(self._run, day, axes, mother=mother, replicate=replicate)

    def course(self, measure: str = "made_ml_per_day", axes: Axes | None = None) -> Axes:
        """A measure day by day: `lactflow.analysis.drawing.course.draw_course`."""
        from lactflow.analysis.drawing.course import draw_course

        return draw_course(self._run, measure, axes)

    def cohort(self, measure: str = "removed_ml_per_day", axes: Axes | None = None) -> Axes:
        """A measure by day over the women of a cohort: `lactflow.analysis.drawing.cohort.draw_cohort`."""
        from lactflow.analysis.drawing.cohort import draw_cohort

        return draw_cohort(self._run, measure, axes)

    def women(
        self,
        measure: str = "removed_ml_per_day",
        axes: Axes | None = None,
        *,
        days: tuple[int, int] | None = None,
    ) -> Axes:
        """How the women of a cohort are spread in a measure: `lactflow.analysis.drawing.cohort.draw_women`."""
        from lactflow.analysis.drawing.cohort import draw_women

        return draw_women(self._run, measure, axes, days=days)

    def growth(self, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
        """Weight of every infant on the curves of the WHO: `lactflow.analysis.drawing.growth.draw_growth`."""
        from lactflow.analysis.drawing.growth import draw_growth

        return draw_growth(self._run, axes, mother=mother, replicate=replicate)

    def feed(
        self, session: int | None = None, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0
    ) -> Axes:
        """One session by the minute: `lactflow.analysis.drawing.feed.draw_feed`."""
        from lactflow.analysis.drawing.feed import draw_feed

        return draw_feed(self._run, session, axes, mother=mother, replicate=replicate)

    def log(self, axes: Axes | None = None, *, mother: int = 0, breast: str | None = None, **others: Analysed) -> Axes:
        """
        Recorded and simulated volumes, session by session: `lactflow.analysis.drawing.logged.draw_log`.

        Parameters
        ----------
        axes, mother, breast
            As there.
        others
            Runs of the same log with a change, by what the legend calls them: `run.plot.log(without_3_am=changed)`.
        """
        from lactflow.analysis.drawing.logged import draw_log

        named = {name.replace("_", " "): run for name, run in others.items()}
        return draw_log({"model": self._run, **named}, axes, mother=mother, breast=breast)

    def agreement(self, axes: Axes | None = None, *, mother: int = 0) -> Axes:
        """Simulated against recorded volumes: `lactflow.analysis.drawing.logged.draw_agreement`."""
        from lactflow.analysis.drawing.logged import draw_agreement

        return draw_agreement(self._run, axes, mother=mother)

    def pipeline(
        self,
        day: float,
        axes: Axes | None = None,
        *,
        breast: str = "left",
        lobe: int = 0,
        mother: int = 0,
        replicate: int = 0,
    ) -> Axes:
        """The stations of one lobe at a time: `lactflow.analysis.drawing.pipeline.draw_pipeline`."""
        from lactflow.analysis.drawing.pipeline import draw_pipeline

        return draw_pipeline(self._run, day, axes, breast=breast, lobe=lobe, mother=mother, replicate=replicate)

    def drug(
        self,
        drug: str | None = None,
        axes: Axes | None = None,
        *,
        from_day: float | None = None,
        mother: int = 0,
        replicate: int = 0,
    ) -> Axes:
        """Two days of a drug in blood, milk and infant: `lactflow.analysis.drawing.drug.draw_drug`."""
        from lactflow.analysis.drawing.drug import draw_drug

        return draw_drug(self._run, drug, axes, from_day=from_day, mother=mother, replicate=replicate)

    def schedule(self, axes: Axes | None = None, *, mother: int = 0, replicate: int = 0) -> Axes:
        """Every session by time of day: `lactflow.analysis.drawing.schedule.draw_schedule`."""
        from lactflow.analysis.drawing.schedule import draw_schedule

        return draw_schedule(self._run, axes, mother=mother, replicate=replicate)
