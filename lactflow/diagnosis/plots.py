"""What `diagnosis.plot` offers: pictures of a diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from lactflow.diagnosis.diagnosis import Diagnosis


class DiagnosisPlots:
    """
    Pictures of a diagnosis; each draws with matplotlib and returns axes. Called, it draws the probabilities.

    Parameters
    ----------
    diagnosis
        That has a result.
    """

    def __init__(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis

    def __call__(self, axes: Axes | None = None) -> Axes:
        """Mechanisms and their probabilities: as `probabilities`."""
        return self.probabilities(axes)

    def probabilities(self, axes: Axes | None = None) -> Axes:
        """Mechanisms and their probabilities: `lactflow.analysis.drawing.diagnosis.draw_probabilities`."""
        from lactflow.analysis.drawing.diagnosis import draw_probabilities

        return draw_probabilities(self._diagnosis.diagnoses, axes)

    def contributions(self, axes: Axes | None = None) -> Axes:
        """What each observation contributes: `lactflow.analysis.drawing.diagnosis.draw_contributions`."""
        from lactflow.analysis.drawing.diagnosis import draw_contributions

        titles = [str(each) for each in self._diagnosis.diagnoses["title"].iloc[:2]]
        return draw_contributions(self._diagnosis.observations, titles, axes)

    def course(self, mechanism: str | None = None, axes: Axes | None = None, *, what: str = "weight_kg") -> Axes:
        """
        Her course in the virtual mothers of one mechanism: `lactflow.analysis.drawing.diagnosis.draw_course`.

        Parameters
        ----------
        mechanism
            Its name; the most probable one when None.
        axes
            To draw on; a new figure when None.
        what
            `weight_kg` or `intake_ml_per_day`.

        Raises
        ------
        ConfigError
            If there is no such mechanism or no such course, with the nearest name.
        """
        from lactflow.analysis.drawing.diagnosis import draw_course

        found = self._diagnosis
        names = [str(each) for each in found.diagnoses["mechanism"]]
        name = names[0] if mechanism is None else mechanism
        _check("mechanism", name, names)
        _check("course", what, [str(each) for each in found.courses["what"].unique()])
        return draw_course(found.courses, found.observations, name, axes, what=what)

    def courses(self, what: str = "weight_kg", figure: Figure | None = None) -> list[Axes]:
        """
        Her course in those of every mechanism: `lactflow.analysis.drawing.diagnosis.draw_courses_of`.

        Parameters
        ----------
        what
            `weight_kg` or `intake_ml_per_day`.
        figure
            Without axes; a new one when None.

        Raises
        ------
        ConfigError
            If there is no such course, with the nearest name.
        """
        import matplotlib.pyplot as plt

        from lactflow.analysis.drawing.diagnosis import draw_courses_of

        found = self._diagnosis
        _check("course", what, [str(each) for each in found.courses["what"].unique()])
        if figure is None:
            figure = plt.figure(figsize=(9.0, 1.2 + len(found.diagnoses)), layout="constrained")
        return draw_courses_of(found.diagnoses, found.courses, found.observations, what, figure)


def _check(what: str, name: str, known: list[str]) -> None:
    """Refuse a name that is none."""
    from lactflow.config.text import choices, nearest, quoted
    from lactflow.errors import ConfigError

    if name not in known:
        match = nearest(name, known)
        hint = f"; nearest: {match}" if match is not None else ""
        raise ConfigError(f"there is no {what} {quoted(name)} (allowed: {choices(known)}{hint})")
