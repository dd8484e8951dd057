"use strict";
// Draws the line charts of a report and lets its readers filter and choose. All text goes in as text.
(() => {
  const page = document.documentElement;
  const data = JSON.parse(document.getElementById("charts").textContent);
  const PAPER_PX = 690;
  const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
  const drawn = [];

  const css = (name) => getComputedStyle(page).getPropertyValue(name).trim();
  const number = (value) =>
    value == null ? "-" : value.toLocaleString("en", { maximumSignificantDigits: Math.abs(value) < 1000 ? 4 : 6 });

  function series(each, index) {
    const dense = each.values.length > 200;
    const colour = css(`--tone-${(index % 6) + 1}`);
    return {
      label: each.label,
      stroke: colour,
      width: !each.line ? 0 : dense ? 1.1 : 1.75,
      // Dashes distinguish lines, and are noise where a line is.
      dash: dense ? [] : DASHES[index % DASHES.length],
      points: { show: each.points, size: 5, fill: colour },
      paths: each.line ? undefined : () => null,
      value: (_, value) => number(value),
    };
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

  function range(fromZero) {
    return (_, low, high) => {
      if (low == null) return [0, 1];
      if (fromZero) low = Math.min(0, low);
      const room = (high - low || Math.abs(high) || 1) * 0.06;
      return [fromZero && low === 0 ? 0 : low - room, high + room];
    };
  }

  function draw(holder, width) {
    const chart = data[holder.dataset.chart];
    const options = {
      width,
      height: 230,
      padding: [10, parseInt(css("--margin"), 10), 0, 0],
      legend: { live: true, markers: { fill: (u, index) => u.series[index].stroke(u, index) } },
      cursor: { drag: { x: false, y: false }, sync: chart.shared ? { key: chart.shared } : undefined },
      scales: {
        x: { time: false, range: chart.xRange ? () => chart.xRange : undefined },
        y: { range: range(chart.fromZero) },
      },
      axes: [axis(chart.xLabel, 0, chart.xTicks), axis(chart.yLabel, parseInt(css("--gutter"), 10))],
      series: [{ label: chart.xLabel, value: (_, value) => number(value) }, ...chart.series.map(series)],
    };
    return new uPlot(options, [chart.x, ...chart.series.map((each) => each.values)], holder);
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
  addEventListener("beforeprint", () => {
    page.classList.add("paper");
    redraw(PAPER_PX);
  });
  addEventListener("afterprint", () => {
    page.classList.remove("paper");
    redraw();
  });
})();
