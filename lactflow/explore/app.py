"""The page of `lactflow explore`, for marimo: controls on top, then a day, the days, the stations and the numbers."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="lactflow explore")

with app.setup:
    import marimo as mo

    from lactflow.errors import LactflowError
    from lactflow.explore import choices as chosen
    from lactflow.explore import pictures
    from lactflow.explore.explorer import SOURCE, Explorer
    from lactflow.explore.page import failed, heading, pairs_of, table_html
    from lactflow.explore.stations import stations_html, stations_of


@app.cell
def config():
    explorer = Explorer(**pairs_of(mo.cli_args().to_dict(), SOURCE))
    mo.md(heading(explorer.config, explorer.note, explorer.warnings))
    return (explorer,)


@app.cell
def controls(explorer):
    who = mo.ui.dropdown(chosen.WHO, value=next(iter(chosen.WHO)), label="milk is taken by")
    days = mo.ui.slider(
        chosen.SHORTEST_DAYS,
        chosen.LONGEST_DAYS,
        value=explorer.start.days,
        label="days simulated",
        show_value=True,
        debounce=True,
    )
    sizes = mo.ui.dictionary(
        {
            name: mo.ui.slider(
                explorer.ranges[name].low,
                explorer.ranges[name].high,
                step=step,
                value=getattr(explorer.start, name),
                label=label,
                show_value=True,
                debounce=True,
            )
            for name, label, step in (
                ("capacity_ml", "storage capacity of a breast [mL]", 1.0),
                ("gland_size", "size of the gland [reference: 1]", 0.05),
                ("appetite", "appetite of the infant [usual: 1]", 0.05),
            )
        }
    )
    return days, sizes, who


@app.cell
def of_the_schedule():
    per_day = mo.ui.slider(
        *chosen.PER_DAY, value=chosen.USUAL_PER_DAY, label="sessions a day", show_value=True, debounce=True
    )
    nights = mo.ui.dropdown(chosen.NIGHTS, value=next(iter(chosen.NIGHTS)), label="nights")
    return nights, per_day


@app.cell
def placed(days, nights, per_day, sizes, who):
    _shown = [who]
    if who.value in chosen.COUNTED:
        _shown.append(per_day)
    if who.value != chosen.AS_WRITTEN:
        _shown.append(nights)
    mo.hstack(
        [mo.vstack(_shown), mo.vstack([*sizes.elements.values(), days])],
        justify="start",
        align="start",
        gap=2,
        wrap=True,
    )
    return


@app.cell
def simulated(days, explorer, nights, per_day, sizes, who):
    try:
        _choices = chosen.Choices(
            **sizes.value, days=days.value, who=who.value, per_day=per_day.value, nights=nights.value
        )
        before = explorer.run(chosen.unchanged(explorer.config, days.value))
        run = explorer.run(_choices)
        _problem = None
    except LactflowError as _error:
        before = run = None
        _problem = mo.callout(mo.md(failed(_error)), kind="danger")
    _problem
    return before, run


@app.cell
def pictured(days, explorer):
    _first, _last = chosen.days_of(explorer.config, days.value)
    day = mo.ui.slider(_first, _last, value=_last, label="day shown", show_value=True, debounce=True)
    measure = mo.ui.dropdown(
        {pictures.in_words(name).label: name for name in pictures.COURSES},
        value=pictures.in_words(pictures.COURSES[0]).label,
        label="day by day",
    )
    return day, measure


@app.cell
def the_pictures(before, day, measure, run):
    mo.stop(run is None)
    mo.hstack(
        [
            mo.vstack([day, mo.Html(pictures.day_picture(run, day.value).html)]),
            mo.vstack([measure, mo.Html(pictures.course_picture(run, before, measure.value).html)]),
        ],
        justify="start",
        align="start",
        gap=1,
        wrap=True,
    )
    return


@app.cell
def of_the_stations(day, run):
    mo.stop(run is None)
    stations = stations_of(run, day.value)
    hour = mo.ui.slider(
        0, len(stations.clocks) - 1, value=stations.fullest, label="moment of that day", show_value=True
    )
    return hour, stations


@app.cell
def the_stations(hour, stations):
    mo.vstack([hour, mo.Html(stations_html(stations, hour.value))])
    return


@app.cell
def the_numbers(before, run):
    mo.stop(run is None)
    mo.Html(table_html(pictures.numbers(run, before)))
    return


if __name__ == "__main__":
    app.run()
