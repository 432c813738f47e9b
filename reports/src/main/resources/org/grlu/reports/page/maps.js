// The heat map, parallel coordinates, and what the choosers do.

const BINS = 8;
const FEW = 16;

/** The cells of a map along a parameter: its values, or where they are many or random, ranges of them. */
function bins(index) {
  const values = categories(index);
  const ranges = values.length > FEW || drawn(values);
  if (!ranges || !values.every(v => typeof v === "number")) {
    return {names: values.map(number), of: v => number(v), say: tickText};
  }
  const {scale} = parameterScale(index, [0, BINS]);
  const bounds = scale.copy().range([0, BINS]);
  const edges = d3.range(BINS).map(i => bounds.invert(i));
  if (values.every(Number.isInteger)) return wholeBins(edges, values[values.length - 1]);
  const names = edges.map(d3.format(".2~r"));
  return {names, of: v => names[Math.min(BINS - 1, Math.max(0, Math.floor(bounds(v) + 1e-9)))], say: n => n, from: true};
}

/** Ranges of whole numbers, each named by its first and its last one. */
function wholeBins(edges, most) {
  const firsts = [...new Set(edges.map(e => Math.ceil(e - 1e-9)))];
  const lasts = [...firsts.slice(1).map(f => f - 1), most];
  const names = firsts.map((first, i) => first === lasts[i] ? String(first) : `${first}\u2013${lasts[i]}`);
  return {names, of: v => names[Math.max(0, d3.bisectRight(firsts, v) - 1)], say: n => n};
}

function drawMap() {
  const element = document.getElementById("map");
  const columnOf = Number(document.getElementById("map-x").value);
  const rowOf = Number(document.getElementById("map-y").value);
  const settings = shown().filter(s => has(s, columnOf) && has(s, rowOf));
  if (columnOf === rowOf) return empty(element, "Choose two different parameters.");
  if (!settings.length) return empty(element, "No setting that is shown has both.");
  const columns = bins(columnOf);
  const rows = bins(rowOf);
  const room = choice.paper ? PAPER.full : element.clientWidth;
  const longest = Math.min(0.35 * room, d3.max(rows.names, n => textWidth(rows.say(n))));
  const left = 18 + Math.max(28, longest);
  const turned = slant(columns.names.map(columns.say), Math.min(room - left - 10, 150 * columns.names.length) / columns.names.length);
  const height = Math.min(560, 110 + 44 * rows.names.length) + turned.room;
  const frame = chart(element, height, {top: 44, right: 10, bottom: 46 + turned.room, left},
    `Accuracy by ${data.parameters[columnOf].path} and ${data.parameters[rowOf].path}`);
  const width = Math.min(frame.width, 150 * columns.names.length);
  const x = d3.scaleBand(columns.names, [0, width]).padding(0.04);
  const y = d3.scaleBand(rows.names, [frame.height, 0]).padding(0.04);
  const cells = d3.flatRollup(settings, group => ({best: bestOf(group), count: group.length}),
    s => columns.of(s.values[columnOf]), s => rows.of(s.values[rowOf]))
    .map(([column, row, cell]) => ({column, row, ...cell}));
  const colour = d3.scaleSequential(d3.extent(cells, c => mean(c.best)), d3.interpolateViridis);
  const middle = n => x(n) + x.bandwidth() / 2;
  const size = turned.turned ? () => 16 : n => textWidth(columns.say(n)) + 6;
  frame.svg.append("g").attr("class", "across").attr("transform", `translate(0,${frame.height})`)
    .call(d3.axisBottom(x).tickSize(0).tickPadding(6).tickFormat(columns.say).tickValues(apart(middle, columns.names, size)))
    .call(turn, turned);
  frame.svg.append("g").call(d3.axisLeft(y).tickSize(0).tickPadding(6).tickFormat(n => cut(rows.say(n), longest + 4)));
  frame.svg.selectAll(".domain").remove();
  axisLabel({svg: frame.svg, width, height: frame.height}, data.parameters[columnOf].path + (columns.from ? ", from" : ""), 36 + turned.room);
  frame.svg.append("text").attr("class", "label").attr("x", -left + 4).attr("y", -12)
    .text(data.parameters[rowOf].path + (rows.from ? ", from" : ""));
  const groups = frame.svg.selectAll(".cell").data(cells).join("g").attr("class", c => "cell" + marked(c.best, false))
    .attr("transform", c => `translate(${x(c.column)},${y(c.row)})`);
  groups.append("rect").attr("width", x.bandwidth()).attr("height", y.bandwidth()).attr("rx", 2)
    .attr("fill", c => colour(mean(c.best)))
    .attr("data-column", c => c.column).attr("data-row", c => c.row).attr("data-mean", c => mean(c.best));
  if (x.bandwidth() >= 34) {
    groups.append("text").attr("x", x.bandwidth() / 2).attr("y", y.bandwidth() / 2).attr("dy", "0.35em")
      .attr("text-anchor", "middle").style("font-size", "11px")
      .style("fill", c => early(c.best) ? "var(--text)" : d3.lab(colour(mean(c.best))).l > 55 ? "#111" : "#fff")
      .text(c => (100 * mean(c.best)).toFixed(x.bandwidth() >= 44 ? 2 : 1));
  }
  labelled(groups, c => `best of ${counted(c.count, "setting")}\n` + describe(c.best));
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

const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** The map's colours without the end that a thin line would lose against what is behind it. */
const lineColour = t => d3.interpolateViridis(dark.matches && !choice.paper ? 0.25 + 0.75 * t : 0.9 * t);

/** How far below an axis the line of a setting stands to which its parameter means nothing. */
const UNUSED = 26;

function drawParallel() {
  const element = document.getElementById("parallel");
  const settings = shown();
  const names = [...data.names, metricName(choice.metric)];
  const last = names.length - 1;
  const lacks = data.parameters.map((p, i) => settings.some(s => !has(s, i)));
  const none = lacks.includes(true) ? UNUSED : 0;
  const left = Math.min(140, Math.max(50, d3.max(categories(0), v => textWidth(tickText(v))) + 16));
  const least = choice.paper ? PAPER.full : 92 * last + left + 46;
  const margin = {top: 48, right: 46, bottom: 14 + none, left};
  const frame = chart(element, tall() + 20 + none, margin, "All parameters and the accuracy of each setting", least);
  const x = d3.scalePoint(d3.range(names.length), [0, frame.width]);
  const scales = data.parameters.map((p, i) => parameterScale(i, [frame.height, 0]));
  const extent = d3.extent(settings, mean);
  const y = d3.scaleLinear(extent[0] === extent[1] ? [extent[0] - 0.01, extent[1] + 0.01] : extent, [frame.height, 0]);
  const colour = d3.scaleSequential(y.domain(), lineColour);
  const at = (s, i) => has(s, i) ? scales[i].scale(s.values[i]) : frame.height + UNUSED;
  const line = s => d3.line()([...scales.map((d, i) => [x(i), at(s, i)]), [x(last), y(mean(s))]]);
  const ordered = [...settings.filter(s => !s.tied && s.rank > 1), ...settings.filter(s => s.tied), ...settings.filter(s => s.rank === 1)];
  labelled(frame.svg.selectAll(".path").data(ordered).join("path")
    .attr("class", s => "path" + marked(s, s.rank === 1) + (s.rank > 1 && s.tied ? " tied" : ""))
    .attr("stroke", s => s.rank === 1 ? "var(--best)" : colour(mean(s))).attr("d", line), describe);
  names.forEach((name, i) => {
    const axis = frame.svg.append("g").attr("class", "upright").attr("transform", `translate(${x(i)},0)`);
    const made = i === last ? d3.axisRight(y).ticks(6).tickFormat(t => (100 * t).toFixed(1))
      : ticked(d3.axisLeft(scales[i].axis), scales[i], frame.height, up);
    axis.call(made.tickSizeOuter(0));
    const most = i === 0 ? margin.left - 10 : x.step() - 8;
    axis.selectAll(".tick text").each(function () {
      this.textContent = cut(this.textContent, most);
    });
    if (lacks[i]) {
      axis.append("g").attr("class", "tick unused").attr("transform", `translate(0,${frame.height + UNUSED})`)
        .append("text").attr("x", -9).attr("dy", "0.32em").text("unused");
    }
    // lines of settings end behind the labels, and would be read as points and strokes of these
    axis.selectAll(".tick").each(function () {
      const box = this.querySelector("text").getBBox();
      d3.select(this).insert("rect", "text").attr("class", "behind").attr("x", box.x - 2).attr("y", box.y)
        .attr("width", box.width + 4).attr("height", box.height);
    });
    // neighbours' names would meet on a narrow screen: every second one stands higher
    axis.append("text").attr("class", "label").attr("y", i % 2 ? -30 : -14)
      .attr("text-anchor", i === 0 ? "start" : i === last ? "end" : "middle").attr("x", i === 0 ? -margin.left + 4 : i === last ? 40 : 0)
      .text(cut(i === last ? choice.metric.replace("_accuracy", " (%)") : name, 2 * x.step() - 16));
  });
  const places = names.map((name, i) => ({x: x(i), at: s => i === last ? y(mean(s)) : at(s, i)}));
  brushable(frame, places, settings, frame.height + none);
}

function drawAll() {
  countFenced();
  drawParameters();
  if (data.parameters.length > 1) drawMap();
  if (data.parameters.length) drawParallel();
  drawCurves();
  if (Object.keys(data.alignments).length) drawAlignment();
  if (overlaps) drawOverlap();
  if (ranked.length) drawFronts();
  drawCost();
  markCut();
}

/** What the page says of the charts, and what it leaves out. */
function explain() {
  document.getElementById("map-part").hidden = data.parameters.length < 2;
  document.getElementById("parallel-part").hidden = !data.parameters.length;
  document.getElementById("alignment-part").hidden = !Object.keys(data.alignments).length;
  document.getElementById("overlap-part").hidden = !overlaps;
  document.getElementById("fronts-part").hidden = !ranked.length;
  document.querySelector("#charts .lead").hidden = !data.parameters.length;
  document.querySelector("#charts .lead").textContent = lead();
  if (data.settings.length < data.settingsOf) {
    d3.select("#sampled").attr("hidden", null).text(`The charts show ${data.settings.length} of ${data.settingsOf} settings: the best ${data.settings.length / 2}, and every so many of the others, without single seeds.`);
  }
  const fewer = data.settings.filter(early).length;
  if (fewer) {
    d3.select("#early").attr("hidden", null).text(`Hollow dots, dashed lines and faded cells: ${counted(fewer, "setting")} that did fewer than ${counted(data.wholeEpochs, "epoch")}, stopped early or waiting for the others. What they reached is not to be compared with the rest.`);
  }
}

/** What stands in the charts of parameters. */
function lead() {
  const seeds = data.settings.some(s => metrics.some(m => s[m] && s[m][3].length > 1));
  const intervals = data.settings.length <= 400 && data.settings.some(s => metrics.some(m => s[m] && s[m][1] !== null));
  return (seeds ? "Small dots: one seed each. Large dots: a setting\u2019s mean" : "One dot a setting, its mean")
    + (intervals ? " with its 95 % interval. " : ". ")
    + "Dots of one value stand side by side where they would hide each other. Where settings share values, a line joins the best of each."
    + " In every chart the arrow keys go from mark to mark.";
}

/** How many settings the charts leave out, and what shows them. */
function countFenced() {
  const known = data.settings.filter(s => mean(s) !== null);
  const out = choice.range === FENCED ? known.length - shown().length : 0;
  d3.select("#fenced").attr("hidden", out ? null : true).text(out === 0 ? ""
    : `${counted(out, "setting")} below ${(100 * fence(known.map(mean))).toFixed(1)} % ${out === 1 ? "is" : "are"} not drawn, so that the others have room: choose \u201call settings\u201d to see ${out === 1 ? "it" : "them"}.`);
}

function listen() {
  let width = document.documentElement.clientWidth;
  window.addEventListener("resize", () => {
    if (width !== document.documentElement.clientWidth) {
      width = document.documentElement.clientWidth;
      drawAll();
    }
  });
  dark.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", () => {
    choice.paper = true;
    drawAll();
  });
  window.addEventListener("afterprint", () => {
    choice.paper = false;
    drawAll();
  });
}

/** What is folded shows on paper, and whatever is wide says so, with charts or without. */
function listenForTables() {
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(d => d.open = true);
  });
  window.addEventListener("afterprint", () => folded.forEach(d => d.open = false));
  window.addEventListener("resize", markCut);
  document.querySelectorAll(".wide").forEach(wide => wide.addEventListener("scroll", markCut, {passive: true}));
  document.querySelectorAll("details").forEach(d => d.addEventListener("toggle", markCut));
  markCut();
}

(function begin() {
  listenForTables();
  if (!data.settings.length) {
    document.getElementById("charted").hidden = true;
    document.getElementById("uncharted").hidden = false;
    return;
  }
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
  const ranks = Object.keys(data.curves).map(Number);
  const best = ranks.length === 1 ? "the best" : "the best " + Math.min(8, ranks.length);
  fill("curve", ranks.length ? [["best", best], ...ranks.map(r => [r, settingName(r)])] : [["best", "none"]], "best", drawCurves);
  const aligned = Object.keys(data.alignments).map(Number);
  fill("aligned", aligned.map(r => [r, settingName(r)]), aligned[0], drawAlignment);
  d3.select("#alignment-of").on("change", drawAlignment);
  // by words rather than by numbers: which rule it is, say
  const colours = colourable();
  const words = colours.filter(([i]) => data.parameters[i].scale === "category");
  fill("overlap-by", [[-1, "none"], ...colours], words.length ? words[words.length - 1][0] : -1, drawOverlap);
  fill("fronts-by", data.goals.slice(1).map((goal, i) => [i + 1, goal.title]), 1, drawFronts);
  explain();
  drawAll();
  listen();
})();
