// The heat map, parallel coordinates, and what the choosers do.

const BINS = 8;
const FEW = 16;

/** The cells of a map along a parameter: its values, or where they are many or random, ranges of them. */
function bins(index) {
  const values = categories(index);
  const ranges = values.length > FEW || drawn(values);
  if (!ranges || !values.every(v => typeof v === "number")) {
    return {names: values.map(number), of: v => number(v)};
  }
  const {scale} = parameterScale(index, [0, BINS]);
  const bounds = scale.copy().range([0, BINS]);
  const edges = d3.range(BINS).map(i => bounds.invert(i));
  const names = edges.map(d3.format(".2~r"));
  return {names, of: v => names[Math.min(BINS - 1, Math.max(0, Math.floor(bounds(v) + 1e-9)))], ranges: true};
}

function drawMap() {
  const element = document.getElementById("map");
  const settings = shown();
  const across = Number(document.getElementById("map-x").value);
  const up = Number(document.getElementById("map-y").value);
  if (!settings.length) return empty(element, "No results yet.");
  if (across === up) return empty(element, "Choose two different parameters.");
  const columns = bins(across);
  const rows = bins(up);
  const left = 14 + 7 * Math.max(4, d3.max(rows.names, n => n.length));
  const height = Math.min(560, 110 + 44 * rows.names.length);
  const frame = chart(element, height, {top: 44, right: 10, bottom: 46, left},
    `Accuracy by ${data.parameters[across].path} and ${data.parameters[up].path}`);
  const width = Math.min(frame.width, 150 * columns.names.length);
  const x = d3.scaleBand(columns.names, [0, width]).padding(0.04);
  const y = d3.scaleBand(rows.names, [frame.height, 0]).padding(0.04);
  const cells = d3.flatRollup(settings, group => ({best: d3.greatest(group, mean), count: group.length}),
    s => columns.of(s.values[across]), s => rows.of(s.values[up]))
    .map(([column, row, cell]) => ({column, row, ...cell}));
  const colour = d3.scaleSequential(d3.extent(cells, c => mean(c.best)), d3.interpolateViridis);
  const every = Math.max(1, Math.ceil(columns.names.length * 40 / width));
  frame.svg.append("g").attr("transform", `translate(0,${frame.height})`)
    .call(d3.axisBottom(x).tickSize(0).tickPadding(6).tickValues(columns.names.filter((n, i) => i % every === 0)));
  frame.svg.append("g").call(d3.axisLeft(y).tickSize(0).tickPadding(6));
  frame.svg.selectAll(".domain").remove();
  axisLabel({svg: frame.svg, width, height: frame.height}, data.parameters[across].path + (columns.ranges ? ", from" : ""));
  frame.svg.append("text").attr("class", "label").attr("x", -left + 4).attr("y", -12)
    .text(data.parameters[up].path + (rows.ranges ? ", from" : ""));
  const groups = frame.svg.selectAll(".cell").data(cells).join("g").attr("class", "cell")
    .attr("transform", c => `translate(${x(c.column)},${y(c.row)})`);
  groups.append("rect").attr("width", x.bandwidth()).attr("height", y.bandwidth()).attr("rx", 2)
    .attr("fill", c => colour(mean(c.best)))
    .attr("data-column", c => c.column).attr("data-row", c => c.row).attr("data-mean", c => mean(c.best));
  if (x.bandwidth() >= 34) {
    groups.append("text").attr("x", x.bandwidth() / 2).attr("y", y.bandwidth() / 2).attr("dy", "0.35em")
      .attr("text-anchor", "middle").style("font-size", "11px")
      .style("fill", c => d3.lab(colour(mean(c.best))).l > 55 ? "#111" : "#fff")
      .text(c => (100 * mean(c.best)).toFixed(x.bandwidth() >= 44 ? 2 : 1));
  }
  labelled(groups, c => `best of ${c.count} setting${c.count === 1 ? "" : "s"}\n` + describe(c.best));
  mapLegend(frame, colour);
}

function mapLegend(frame, colour) {
  const [low, high] = colour.domain();
  const strip = frame.svg.append("g").attr("transform", "translate(34,-40)");
  d3.range(30).forEach(i => strip.append("rect").attr("x", i * 3).attr("width", 3.2).attr("height", 8)
    .attr("fill", colour(low + (high - low) * i / 29)));
  strip.append("text").attr("x", -5).attr("y", 8).attr("text-anchor", "end").style("font-size", "11px").text((100 * low).toFixed(1));
  strip.append("text").attr("x", 95).attr("y", 8).style("font-size", "11px").text((100 * high).toFixed(1) + " %");
}

/** Text that fits a width, in pixels. */
function cut(text, width) {
  const most = Math.max(4, Math.floor(width / 6.6));
  return text.length > most ? text.slice(0, most - 1) + "\u2026" : text;
}

function drawParallel() {
  const element = document.getElementById("parallel");
  const settings = shown();
  if (!settings.length) return empty(element, "No results yet.");
  const frame = chart(element, 360, {top: 48, right: 46, bottom: 14, left: 50}, "All parameters and the accuracy of each setting");
  const names = [...data.parameters.map(shortName), metricName(choice.metric)];
  const x = d3.scalePoint(d3.range(names.length), [0, frame.width]);
  const scales = data.parameters.map((p, i) => parameterScale(i, [frame.height, 0]));
  const extent = d3.extent(settings, mean);
  const y = d3.scaleLinear(extent[0] === extent[1] ? [extent[0] - 0.01, extent[1] + 0.01] : extent, [frame.height, 0]);
  const colour = d3.scaleSequential(y.domain(), d3.interpolateViridis);
  const room = names.length > 1 ? frame.width / (names.length - 1) : frame.width;
  const line = s => d3.line()([...scales.map((d, i) => [x(i), d.scale(s.values[i])]), [x(names.length - 1), y(mean(s))]]);
  const ordered = [...settings.filter(s => !s.tied && s.rank > 1), ...settings.filter(s => s.tied), ...settings.filter(s => s.rank === 1)];
  labelled(frame.svg.selectAll(".path").data(ordered).join("path")
    .attr("class", s => "path" + (s.rank === 1 ? " top" : s.tied ? " tied" : ""))
    .attr("stroke", s => s.rank === 1 ? "var(--best)" : colour(mean(s))).attr("d", line), describe);
  names.forEach((name, i) => {
    const axis = frame.svg.append("g").attr("transform", `translate(${x(i)},0)`);
    const last = i === names.length - 1;
    const made = last ? d3.axisRight(y).ticks(6).tickFormat(t => (100 * t).toFixed(1))
      : ticked(d3.axisLeft(scales[i].axis), scales[i], frame.height);
    axis.call(made.tickSizeOuter(0));
    axis.selectAll(".tick text").each(function () {
      this.textContent = cut(this.textContent, room - 8);
    });
    axis.selectAll("text").clone(true).lower().style("stroke", "var(--back)").style("stroke-width", 4).style("stroke-linejoin", "round");
    // neighbours' names would meet on a narrow screen: every second one stands higher
    axis.append("text").attr("class", "label").attr("y", i % 2 ? -30 : -14)
      .attr("text-anchor", i === 0 ? "start" : last ? "end" : "middle").attr("x", i === 0 ? -40 : last ? 40 : 0)
      .text(cut(last ? choice.metric.replace("_accuracy", " (%)") : name, 2 * room - 16));
  });
}

function drawAll() {
  drawParameters();
  if (data.parameters.length > 1) drawMap();
  drawParallel();
  drawCurves();
  drawCost();
}

(function begin() {
  const available = metrics.filter(metric => data.settings.some(s => s[metric]));
  fill("accuracy", available.map(m => [m, metricName(m)]), choice.metric, event => {
    choice.metric = event.target.value;
    drawAll();
  });
  d3.select("#range").on("change", event => {
    choice.range = Number(event.target.value);
    drawAll();
  });
  const named = data.parameters.map((p, i) => [i, p.path]);
  fill("map-x", named, 0, drawMap);
  fill("map-y", named, Math.min(1, named.length - 1), drawMap);
  document.getElementById("map-part").hidden = data.parameters.length < 2;
  const ranks = Object.keys(data.curves).map(Number);
  fill("curve", [["best", "the best " + Math.min(8, ranks.length)], ...ranks.map(r => [r, settingName(r)])], "best", drawCurves);
  if (data.settings.length < data.settingsOf) {
    d3.select("#sampled").text(`The charts show ${data.settings.length} of ${data.settingsOf} settings: the best ${data.settings.length / 2}, and every so many of the others, without single seeds.`);
  }
  drawAll();
  let width = document.documentElement.clientWidth;
  window.addEventListener("resize", () => {
    if (width !== document.documentElement.clientWidth) {
      width = document.documentElement.clientWidth;
      drawAll();
    }
  });
})();
