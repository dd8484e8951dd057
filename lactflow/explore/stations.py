"""The stations of a lobe over one day in the app: bars that a slider moves, and the same in words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.drawing.pipeline import PARTS, Frames, frames
from lactflow.analysis.drawing.style import RULE, clock_text
from lactflow.config.text import counted
from lactflow.parameters.stations import ROWS
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from lactflow.analysis.run import MemoryRun

_WIDTH, _HEIGHT = 300, 14
"""Of the bar of a station, which is as wide as the page allows."""
_WORDS = {row.name: row.words for row in ROWS}


class StationsOfDay(NamedTuple):
    """
    Packets at the stations of the first lobe of the left breast over one day.

    Attributes
    ----------
    found
        At every sample.
    clocks
        What each sample is called: `day 30, 06:00`.
    """

    found: Frames
    clocks: tuple[str, ...]

    @property
    def fullest(self) -> int:
        """Number of the sample with most blocked packets: the one that is shown first."""
        import numpy as np

        blocked = np.sum([frame["blocked"].to_numpy() for frame in self.found.packets.values()], axis=0)
        return int(blocked.argmax())


def stations_of(run: MemoryRun, day: int) -> StationsOfDay:
    """
    Packets at the stations over one day.

    Parameters
    ----------
    run
        Of one mother.
    day
        Its number.

    Raises
    ------
    ConfigError
        If the run has nothing of that day.
    """
    found = frames(run, (day - 1) * DAY_MIN, day * DAY_MIN)
    times_min = found.packets[found.stations[0]].index
    return StationsOfDay(found, tuple(clock_text(float(time_min), run) for time_min in times_min))


def stations_html(of_day: StationsOfDay, number: int) -> str:
    """
    Bars of every station at one sample, with what they show in words.

    Parameters
    ----------
    of_day
        As `stations_of` gives them.
    number
        Of the sample.
    """
    rows = "".join(_row(of_day.found, station, number) for station in of_day.found.stations)
    key = " ".join(
        f'<span style="color: {colour}">\N{BLACK SQUARE}</span> {label}' for label, colour, _ in PARTS.values()
    )
    title = f"The stations of a lobe, {of_day.clocks[number]}"
    caption = (
        f"{escape(title)}: packets at each station of the first lobe of the left breast. {key}; grey is the room that "
        "there is."
    )
    below = f"A blocked packet is done, and the next station has no room for it. {_in_words(of_day.found, number)}"
    return (
        f'<figure style="margin: 0"><table style="width: 100%; max-width: 40rem"><caption style="text-align: left">'
        f"{caption}</caption><tbody>{rows}</tbody></table><figcaption>{escape(below)}</figcaption></figure>"
    )


def _row(found: Frames, station: str, number: int) -> str:
    """A station: its name, its bar, its numbers."""
    room, begin, bars, words = found.room[station], 0.0, "", []
    counts = found.packets[station].iloc[number]
    for part, (label, colour, _) in PARTS.items():
        count = float(counts[part])
        width = _WIDTH * count / room
        bars += f'<rect x="{begin:.1f}" width="{width:.1f}" height="{_HEIGHT}" fill="{colour}"/>'
        begin += width
        if count:
            words.append(f"{count:.0f} {label}")
    ground = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{RULE}"/>'
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" style="width: 100%; height: {_HEIGHT}px"'
    name = escape(_WORDS.get(station, station))
    return (
        f'<tr><th scope="row" style="text-align: left; vertical-align: top; width: 6rem">{name}</th>'
        f'<td style="text-align: left"><svg aria-hidden="true" {box}>{ground}{bars}</svg>'
        f"<small>{', '.join(words) or 'empty'}; room for {room:.0f}</small></td></tr>"
    )


def _in_words(found: Frames, number: int) -> str:
    """Where packets are blocked."""
    blocked = {name: int(frame["blocked"].iloc[number]) for name, frame in found.packets.items()}
    there = [f"{counted(count, 'packet')} after {_WORDS.get(name, name)}" for name, count in blocked.items() if count]
    return f"Blocked now: {', '.join(there)}." if there else "Nothing is blocked now."
