"use strict";
// What the charts share: the data, scales by a parameter's kind, axes, and the label under the pointer.

const data = JSON.parse(document.getElementById("data").textContent);
const metrics = ["validation_accuracy", "test_accuracy", "train_accuracy"];
const choice = {metric: data.rankBy, range: -1, paper: false};

// of the page on paper, in pixels, since a window says nothing of it
const PAPER = {full: 700, multiple: 340, height: 270};

/** How many seeds the label under the pointer names. */
const MOST_SEEDS = 8;

const percent = x => (100 * x).toFixed(2) + "%";
/** The 95 % interval of a mean; nothing where there is none. */
const between = (low, high) => low === null ? "" : ` [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`;
const counted = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
const metricName = metric => metric.replace("_accuracy", " accuracy");
const number = x => typeof x !== "number" ? String(x)
  : x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e5) ? d3.format(".2~e")(x) : d3.format(".4~r")(x);
const mean = s => s[choice.metric] ? s[choice.metric][0] : null;
const inside = accuracy => Math.min(1, Math.max(0, accuracy));

/** A value as an axis has it: layers that follow each other alike are counted. */
const tickText = x => typeof x === "number" ? number(x)
  : String(x).replace(/(^|-)(\d+)((?:-\2){2,})(?=-|$)/g, (all, before, size, more) => `${before}${more.split("-").length}\u00d7${size}`);

/** Whether a parameter has a meaning in a setting. */
const has = (s, index) => s.values[index] !== null && s.values[index] !== "";

/** Whether halving stopped a setting early, or lets it wait. */
const early = s => s.epochs < data.wholeEpochs;

/** Which of two settings is the better one: under halving, of those that did most epochs. */
const better = (a, b) => (data.wholeEpochs ? a.epochs - b.epochs : 0) || mean(a) - mean(b);
const bestOf = group => d3.greatest(group, better);

/** The settings that have the chosen accuracy, the worst first so that the best is drawn on top. */
function shown() {
  const all = data.settings.filter(s => mean(s) !== null);
  const least = choice.range === FENCED ? fence(all.map(mean)) : d3.quantile(all.map(mean), choice.range);
  return d3.sort(choice.range === 0 ? all : all.filter(s => mean(s) >= least), mean);
}

/** As a range: all settings but those that lie far below the others, which would leave these no room. */
const FENCED = -1;

/** Below it means lie far: Tukey's lower fence, the first quartile less three times the quartiles' distance. */
function fence(means) {
  const [first, third] = [d3.quantile(means, 0.25), d3.quantile(means, 0.75)];
  return first - 3 * Math.max(third - first, 0.005);
}

function describe(s) {
  const [m, low, high] = s[choice.metric];
  const values = data.parameters.flatMap((p, i) => has(s, i) ? [`${p.path} = ${number(s.values[i])}`] : []);
  const done = early(s) ? `after ${s.epochs} of ${counted(data.wholeEpochs, "epoch")}` : `after ${counted(s.epochs, "epoch")}`;
  const seeds = s[choice.metric][3].map(([seed, value]) => `seed ${seed}: ${percent(value)}`);
  const few = seeds.length > MOST_SEEDS ? [...seeds.slice(0, MOST_SEEDS), `and ${seeds.length - MOST_SEEDS} more`] : seeds;
  return [`#${s.rank}${s.tied ? " =" : ""}`, `${metricName(choice.metric)} ${percent(m)}${between(low, high)}`, done, ...values, ...few].join("\n");
}

/** A label under the pointer, or the finger, for what has text. */
function labelled(selection, text) {
  const tip = d3.select("#tip");
  const show = (event, d) => {
    tip.attr("hidden", null).text(text(d));
    const box = tip.node().getBoundingClientRect();
    const left = Math.min(event.pageX + 12, window.scrollX + document.documentElement.clientWidth - box.width - 8);
    tip.style("left", Math.max(4, left) + "px").style("top", event.pageY + 14 + "px");
  };
  byKeys(selection.nodes(), show);
  return selection.on("pointerenter", show).on("pointermove", show).on("pointerleave", () => tip.attr("hidden", true));
}

/** Arrow keys go from mark to mark of a chart that has the focus, in the order in which they are drawn; Escape leaves. */
function byKeys(marks, show) {
  const svg = marks.length ? marks[0].ownerSVGElement : null;
  if (!svg) return;
  // a chart of several lines has several selections
  svg.marks = [...(svg.marks || []), ...marks.map(mark => ({mark, show}))];
  d3.select(svg).attr("tabindex", 0).on("keydown", event => {
    const step = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[event.key];
    if (!step && event.key !== "Escape") return;
    event.preventDefault();
    const count = svg.marks.length;
    svg.at = step ? ((svg.at ?? (step > 0 ? -1 : 0)) + step + count) % count : undefined;
    svg.marks.forEach(({mark}, i) => mark.classList.toggle("at", i === svg.at));
    if (svg.at === undefined) return d3.select("#tip").attr("hidden", true);
    const {mark, show: say} = svg.marks[svg.at];
    const box = mark.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2 + window.scrollX, box.top + box.height / 2 + window.scrollY];
    say({pageX: x, pageY: y}, d3.select(mark).datum());
  }).on("blur", () => {
    svg.at = undefined;
    svg.marks.forEach(({mark}) => mark.classList.remove("at"));
    d3.select("#tip").attr("hidden", true);
  });
}

/** A parameter's values as categories: numbers ascending, others as they were asked for. */
function categories(index) {
  const values = [...new Set(data.settings.filter(s => has(s, index)).map(s => s.values[index]))];
  if (values.every(v => typeof v === "number")) return d3.sort(values);
  const asked = (data.parameters[index].values || []).map(String);
  const natural = (a, b) => String(a).localeCompare(String(b), "en", {numeric: true});
  return values.every(v => asked.includes(String(v))) ? d3.sort(values, v => asked.indexOf(String(v))) : values.sort(natural);
}

/** Whether a parameter's values were drawn at random, so that hardly two settings share one. */
function drawn(values) {
  return data.parameters.length > 1 && values.length > data.settings.length / 2 && values.length > 2;
}

/** Where a value of a parameter stands: along a log or a linear axis, or in bands. */
function parameterScale(index, range) {
  const parameter = data.parameters[index];
  const values = categories(index);
  const numeric = values.every(v => typeof v === "number");
  if (parameter.scale === "category" || !numeric || values.length < 2) {
    const band = d3.scaleBand(values, range).padding(0.1);
    const scale = v => band(v) + band.bandwidth() / 2;
    return {scale, kind: "category", values, axis: band, room: band.bandwidth()};
  }
  const log = parameter.scale === "log" && values[0] > 0;
  const scale = (log ? d3.scaleLog() : d3.scaleLinear()).domain(d3.extent(values));
  const inset = Math.min(24, Math.abs(range[1] - range[0]) / 12) * Math.sign(range[1] - range[0]);
  scale.range([range[0] + inset, range[1] - inset]);
  return {scale, kind: log ? "log" : "linear", values, axis: scale, room: 14};
}

/** How wide an axis writes a text, in pixels. */
const textWidth = text => 6.4 * text.length;

/** How much of an axis a tick's label takes: across by its width, up by its height. */
const across = t => textWidth(tickText(t)) + 10;
const up = () => 20;

/** Ticks whose labels keep clear of each other, the first of them first. */
function apart(scale, ticks, size) {
  const kept = [];
  ticks.forEach(t => {
    if (kept.every(k => Math.abs(scale(k) - scale(t)) >= (size(k) + size(t)) / 2)) kept.push(t);
  });
  return kept;
}

/** Ticks at the values themselves where they are few, so that a reader finds what was run. */
function ticked(axis, described, length, size) {
  const {kind, values, scale} = described;
  axis.tickFormat(kind === "log" ? logText(d3.extent(values)) : tickText);
  if (kind === "category") {
    return axis.tickValues(apart(scale, values, size));
  }
  if (values.length <= 12 && !drawn(values)) {
    return axis.tickValues(apart(scale, values, size));
  }
  const fit = Math.max(2, Math.floor(length / 44));
  return kind === "log" ? axis.tickValues(logTicks(scale, size)) : axis.ticks(fit);
}

const SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

/** A number as a multiple of a power of ten, "3\u00b710\u2074". */
function power(x) {
  const exponent = Math.floor(Math.log10(Math.abs(x)) + 1e-9);
  const times = +(x / 10 ** exponent).toPrecision(4);
  const digits = [...String(Math.abs(exponent))].map(d => SUPERSCRIPTS[d]).join("");
  return (times === 1 ? "" : times + "\u00b7") + "10" + (exponent < 0 ? "\u207b" : "") + digits;
}

/** How all ticks of a log axis are written: in one form. */
const logText = domain => domain[0] < 1e-4 || domain[1] >= 1e5 ? power : tickText;

/** Round numbers along a log axis: of the coarse ones as soon as there are enough. */
function logTicks(scale, size) {
  const sets = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5, 7]].map(multiples => apart(scale, powers(scale, multiples), size));
  return sets.find(set => set.length >= 3) || apart(scale, scale.ticks(10), size);
}

/** Multiples of powers of ten inside a log axis. */
function powers(scale, multiples) {
  const [low, high] = scale.domain();
  const exponents = d3.range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1);
  const all = exponents.flatMap(e => multiples.map(m => Number(`${m}e${e}`)));
  return all.filter(t => t >= low * 0.999 && t <= high * 1.001);
}

/** An empty chart in an element: {svg, width, height} inside its margins. */
function chart(element, height, margin, title, least = 260) {
  element.replaceChildren();
  const room = !choice.paper ? element.clientWidth : element.parentElement.id === "parameters" ? PAPER.multiple : PAPER.full;
  const full = Math.max(least, Math.floor(room));
  const svg = d3.select(element).append("svg")
    .attr("viewBox", [0, 0, full, height]).attr("width", full).attr("height", height)
    .attr("role", "img").attr("aria-label", title);
  const inner = svg.append("g").attr("transform", `translate(${margin.left},${margin.top})`);
  if (!choice.paper) d3.select(element).append("button").attr("class", "save").attr("type", "button").text("save as SVG")
    .attr("aria-label", `Save as SVG: ${title}`).on("click", () => save(svg.node(), title));
  return {svg: inner, width: full - margin.left - margin.right, height: height - margin.top - margin.bottom};
}

/** How high a chart of the page's width is. */
const tall = () => choice.paper ? PAPER.height : 340;

/** The accuracy axis at the left, in per cent, with its grid and label. */
function accuracyAxis(frame, values, label) {
  const [low, high] = d3.extent(values);
  const pad = (high - low || 0.01) * 0.04;
  const y = d3.scaleLinear([Math.max(0, low - pad), Math.min(1, high + pad)], [frame.height, 0]);
  const step = d3.tickStep(100 * y.domain()[0], 100 * y.domain()[1], 6);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  frame.svg.append("g").attr("class", "grid").call(d3.axisLeft(y).ticks(6).tickSize(-frame.width).tickFormat(""));
  frame.svg.append("g").call(d3.axisLeft(y).ticks(6).tickFormat(t => (100 * t).toFixed(digits)).tickSizeOuter(0));
  frame.svg.append("text").attr("class", "label").attr("x", -34).attr("y", -9).text(label + " (%)");
  return y;
}

function axisLabel(frame, text, below = 36) {
  frame.svg.append("text").attr("class", "label").attr("text-anchor", "middle")
    .attr("x", frame.width / 2).attr("y", frame.height + below).text(text);
}

/** Text that fits a width, in pixels. */
function cut(text, width) {
  const most = Math.max(4, Math.floor(width / 6.4));
  return text.length > most ? text.slice(0, most - 1) + "\u2026" : text;
}

/**
 * How an axis of categories writes their names below: {turned, room, most}, at a slant where they would meet, and
 * most of them long.
 */
function slant(names, step) {
  const longest = d3.max(names, textWidth) || 0;
  if (longest <= step - 8 || names.length < 2) return {turned: false, room: 0};
  const most = Math.min(longest, 150);
  return {turned: true, most, room: Math.ceil(most * 0.57)};
}

function turn(axis, {turned, most}) {
  if (!turned) return;
  axis.selectAll(".tick text").attr("transform", "rotate(-35)").attr("text-anchor", "end").attr("dx", "-.5em").attr("dy", ".4em")
    .each(function () {
      this.textContent = cut(this.textContent, most);
    });
}

function empty(element, text) {
  element.replaceChildren();
  d3.select(element).append("p").attr("class", "small").text(text);
}

/** Fills a chooser with [value, text] pairs. */
function fill(id, options, chosen, changed) {
  const select = d3.select("#" + id);
  select.selectAll("option").data(options).join("option").attr("value", d => d[0]).text(d => d[1]);
  select.property("value", chosen).on("change", changed);
}

/** Marks what is wider than its place at the edges where it is cut, and lets the keyboard scroll it. */
function markCut() {
  document.querySelectorAll(".wide").forEach(wide => {
    const more = wide.scrollWidth - wide.clientWidth;
    wide.classList.toggle("cut-left", more > 1 && wide.scrollLeft > 1);
    wide.classList.toggle("cut-right", more > 1 && wide.scrollLeft < more - 1);
    if (more > 1) wide.tabIndex = 0;
  });
}
