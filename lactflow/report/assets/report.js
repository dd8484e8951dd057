"use strict";
// Draws the line charts of a report and lets its readers filter and choose. All text goes in as text.
(() => {
  const page = document.documentElement;
  const data = JSON.parse(document.getElementById("charts").textContent);
  const PAPER_PX = 690;
  const MOST_PRINTED = 41;
  const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
  const LONG_DASHES = [[], [14, 5], [4, 4], [18, 4, 4, 4]];
  const drawn = [];

  const css = (name) => getComputedStyle(page).getPropertyValue(name).trim();
  const number = (value) =>
    value == null ? "" : value.toLocaleString("en", { maximumSignificantDigits: Math.abs(value) < 1000 ? 4 : 6 });

  function series(each, index) {
    const dense = each.values.length > 200;
    const colour = css(`--tone-${(index % 6) + 1}`);
    return {
      label: each.label,
      stroke: colour,
      spanGaps: each.joined,
      width: !each.line ? 0 : dense ? 1.1 : 1.75,
      // Short dashes are noise where a line is.
      dash: (dense ? LONG_DASHES : DASHES)[index % DASHES.length],
      points: { show: each.points, size: 5, fill: colour },
      paths: each.line ? undefined : () => null,
      value: (_, value) => number(value),
    };
  }

  // Two lines that nobody sees, with a band between them.
  function ends(each, index) {
    const unseen = { class: "unlisted", stroke: "transparent", width: 0, points: { show: false } };
    const colour = css(`--tone-${(index % 6) + 1}`);
    return each.lows.length ? { series: [{ ...unseen }, { ...unseen }], fill: `${colour}33`, data: [each.highs, each.lows] } : null;
  }

  // A hook that draws on the field of a chart, and nowhere else.
  function within(paint) {
    return (u) => {
      const { left, top, width, height } = u.bbox;
      u.ctx.save();
      u.ctx.beginPath();
      u.ctx.rect(left, top, width, height);
      u.ctx.clip();
      paint(u, u.ctx, devicePixelRatio);
      u.ctx.restore();
    };
  }

  // Ranges that others have published.
  function ranges(chart) {
    return within((u, ctx, ratio) => {
      ctx.fillStyle = css("--band");
      for (const each of chart.published) {
        const [x0, x1] = [each.from_x, each.to_x].map((x) => u.valToPos(x, "x", true));
        const [y0, y1] = [each.high, each.low].map((y) => u.valToPos(y, "y", true));
        ctx.fillRect(x0, y0, Math.max(x1 - x0, 3 * ratio), y1 - y0);
      }
    });
  }

  // Lines at moments, with their names at the top, each in the first row where it touches no other name.
  function moments(chart) {
    return within((u, ctx, ratio) => {
      const { left, top, width, height } = u.bbox;
      ctx.strokeStyle = ctx.fillStyle = css("--faint");
      ctx.setLineDash([3 * ratio, 3 * ratio]);
      ctx.lineWidth = ratio;
      ctx.font = `${11 * ratio}px system-ui, sans-serif`;
      ctx.textBaseline = "top";
      const rows = [];
      for (const mark of chart.marks) {
        const x = Math.round(u.valToPos(mark.at, "x", true));
        const room = ctx.measureText(mark.text).width + 8 * ratio;
        const late = x + room > left + width;
        const [from, to] = late ? [x - room, x] : [x, x + room];
        const free = rows.findIndex((names) => names.every(([start, end]) => to <= start || from >= end));
        const row = free < 0 ? rows.length : free;
        (rows[row] ??= []).push([from, to]);
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, top + height);
        ctx.stroke();
        ctx.textAlign = late ? "right" : "left";
        ctx.fillText(mark.text, x + (late ? -4 : 4) * ratio, top + (3 + 13 * row) * ratio);
      }
    });
  }

  function axis(label, gutter, ticks) {
    const ink = css("--faint");
    return {
      label,
      labelSize: 20,
      labelGap: gutter ? 40 - gutter / 2 : 0,
      labelFont: "12px system-ui, sans-serif",
      font: "11.5px system-ui, sans-serif",
      stroke: ink,
      grid: { stroke: css("--rule"), width: 1 },
      ticks: { stroke: css("--rule"), width: 1, size: 5 },
      size: gutter ? gutter - 20 : 28,
      ...(ticks ? { splits: () => ticks } : {}),
    };
  }

  // Published ranges of the same days are seen whole: cut off, their middle would seem to be elsewhere.
  function range({ fromZero, marks, published, x, xRange }) {
    const [first, last] = xRange ?? [x[0], x[x.length - 1]];
    const behind = published.filter((each) => each.to_x >= first && each.from_x <= last);
    return (_, low, high) => {
      if (low == null) return [0, 1];
      low = Math.min(low, ...behind.map((each) => each.low));
      high = Math.max(high, ...behind.map((each) => each.high));
      if (fromZero) low = Math.min(0, low);
      const room = (high - low || Math.abs(high) || 1) * 0.06;
      // Names of moments stand above the lines.
      return [fromZero && low === 0 ? 0 : low - room, high + (marks.length ? 2.5 : 1) * room];
    };
  }

  function draw(holder, width) {
    const chart = data[holder.dataset.chart];
    const bands = chart.series.map(ends);
    const behind = bands.filter((each) => each);
    const first = chart.series.length + 1;
    const options = {
      width,
      height: 230,
      padding: [10, parseInt(css("--margin"), 10), 0, 0],
      legend: {
        live: true,
        markers: {
          width: 2,
          fill: () => "transparent",
          stroke: (u, index) => u.series[index].stroke(u, index),
          dash: (u, index) => (u.series[index].dash?.length ? (u.series[index].dash[0] < 5 ? "dotted" : "dashed") : "solid"),
        },
      },
      bands: behind.map((each, number) => ({ series: [first + 2 * number, first + 2 * number + 1], fill: each.fill })),
      hooks: {
        drawClear: [ranges(chart)],
        draw: [moments(chart)],
        setCursor: [(u) => holder.classList.toggle("reading", u.cursor.idx != null)],
      },
      cursor: { drag: { x: false, y: false }, sync: chart.shared ? { key: chart.shared } : undefined },
      scales: {
        x: { time: false, range: chart.xRange ? () => chart.xRange : undefined },
        y: { range: range(chart) },
      },
      axes: [axis(chart.xLabel, 0, chart.xTicks), axis(chart.yLabel, parseInt(css("--gutter"), 10))],
      series: [{ label: chart.xLabel, value: (_, value) => number(value) }, ...chart.series.map(series), ...behind.flatMap((each) => each.series)],
    };
    const values = [...chart.series.map((each) => each.values), ...behind.flatMap((each) => each.data)];
    return new uPlot(options, [chart.x, ...values], holder);
  }

  function redraw(width) {
    for (const chart of drawn.splice(0)) chart.destroy();
    for (const holder of document.querySelectorAll(".lines")) drawn.push(draw(holder, width || holder.clientWidth));
  }

  function readByKeys(event) {
    const holder = event.target.closest(".lines");
    const chart = holder && drawn.find((each) => holder.contains(each.root));
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (!chart || !step) return;
    event.preventDefault();
    const last = chart.data[0].length - 1;
    const at = chart.cursor.idx == null ? (step > 0 ? 0 : last) : Math.min(last, Math.max(0, chart.cursor.idx + step));
    chart.setCursor({ left: chart.valToPos(chart.data[0][at], "x"), top: 10 }, true, true);
  }

  function filterVerdicts(fieldset) {
    const rows = [...document.querySelectorAll("tr[data-verdict]")];
    fieldset.addEventListener("change", (event) => {
      const wanted = event.target.value;
      for (const row of rows) row.hidden = wanted !== "" && row.dataset.verdict !== wanted;
      for (const body of document.querySelectorAll(".verdicts tbody"))
        body.hidden = !body.querySelector("tr[data-verdict]:not([hidden])");
      const shown = rows.filter((row) => !row.hidden).length;
      document.querySelector("[data-filtered]").textContent = `${shown} of ${rows.length} are shown`;
    });
  }

  // Of figures that are shown one at a time: without this script all of them are there.
  function offerChoice(figures) {
    const label = document.createElement("label");
    const select = document.createElement("select");
    for (const figure of figures) select.add(new Option(figure.querySelector("h3").textContent));
    const show = () => figures.forEach((figure, index) => (figure.hidden = index !== select.selectedIndex));
    select.addEventListener("change", show);
    label.className = "controls";
    label.append(figures[0].dataset.choice === "profiles" ? "Quantity " : "Measure ", select);
    figures[0].before(label);
    show();
  }

  // Bars of a frame: lengths as shares of their room, and the same in words.
  function slide(figure) {
    const { room, times, frames } = data[figure.dataset.slideshow];
    const slider = figure.querySelector("input");
    const words = figure.querySelector("[data-words]").dataset.words.split("|");
    const show = () => {
      const at = Number(slider.value);
      figure.querySelector("output").textContent = times[at];
      slider.setAttribute("aria-valuetext", times[at]);
      [...figure.querySelectorAll(".bars tbody tr")].forEach((row, index) => {
        const lengths = frames[at][index];
        let begin = 0;
        [...row.querySelectorAll("[data-part]")].forEach((bar, part) => {
          bar.setAttribute("x", (100 * begin) / room[index]);
          bar.setAttribute("width", (100 * lengths[part]) / room[index]);
          begin += lengths[part];
        });
        const counts = lengths.map((length, part) => `${number(length)} ${words[part]}`);
        row.querySelector("[data-text]").textContent = `${counts.join(", ")}, room for ${number(room[index])}`;
      });
    };
    figure.querySelector(".controls").hidden = false;
    slider.addEventListener("input", show);
    show();
  }

  // A table that is wider than its place says so above itself.
  function offerMore(holder) {
    const hint = document.createElement("p");
    hint.className = "more";
    hint.textContent = "\u2194 More columns: scroll sideways";
    hint.hidden = true;
    holder.before(hint);
    const measure = () => (hint.hidden = holder.scrollWidth <= holder.clientWidth + 1);
    new ResizeObserver(measure).observe(holder);
    measure();
  }

  for (const holder of document.querySelectorAll(".scroll")) offerMore(holder);
  for (const figure of document.querySelectorAll("[data-slideshow]")) slide(figure);
  for (const fieldset of document.querySelectorAll("[data-filter]")) filterVerdicts(fieldset);
  const figures = [...document.querySelectorAll("[data-choice]")];
  for (const word of new Set(figures.map((each) => each.dataset.choice))) {
    const ofWord = figures.filter((each) => each.dataset.choice === word);
    if (ofWord.length > 1) offerChoice(ofWord);
  }
  redraw();
  const main = document.querySelector("main");
  let width = main.clientWidth;
  new ResizeObserver(() => {
    if (main.clientWidth === width) return;
    width = main.clientWidth;
    if (!page.classList.contains("paper")) redraw();
  }).observe(main);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());
  addEventListener("keydown", readByKeys);
  // On paper nobody can open a table; lists of pages of papers stay folded.
  const isShort = (each) => each.querySelectorAll("tr").length <= MOST_PRINTED;
  const folded = [...document.querySelectorAll("details.folded:not([open])")].filter(isShort);
  addEventListener("beforeprint", () => {
    page.classList.add("paper");
    for (const each of folded) each.open = true;
    redraw(PAPER_PX);
  });
  addEventListener("afterprint", () => {
    page.classList.remove("paper");
    for (const each of folded) each.open = false;
    redraw();
  });
})();
