"use strict";
// What the charts share: the data, scales by a parameter's kind, axes, and the label under the pointer.

const data = JSON.parse(document.getElementById("data").textContent);
const metrics = ["validation_accuracy", "test_accuracy", "train_accuracy"];
const choice = {metric: data.rankBy, range: 0};

const percent = x => (100 * x).toFixed(2) + " %";
const metricName = metric => metric.replace("_accuracy", " accuracy");
const shortName = parameter => parameter.path.split(".").slice(1).join(".") || parameter.path;
const number = x => typeof x !== "number" ? String(x)
  : x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e5) ? d3.format(".2~e")(x) : d3.format(".4~r")(x);
const mean = s => s[choice.metric] ? s[choice.metric][0] : null;

/** The settings that have the chosen accuracy, the worst first so that the best is drawn on top. */
function shown() {
  const all = data.settings.filter(s => mean(s) !== null);
  const least = d3.quantile(all.map(mean), choice.range);
  return d3.sort(choice.range > 0 ? all.filter(s => mean(s) >= least) : all, mean);
}

function describe(s) {
  const [m, low, high] = s[choice.metric];
  const interval = low === null ? "" : ` (${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)})`;
  const values = data.parameters.map((p, i) => `${p.path} = ${number(s.values[i])}`);
  return [`#${s.rank}${s.tied ? " =" : ""}`, `${metricName(choice.metric)} ${percent(m)}${interval}`, ...values].join("\n");
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
  return selection.on("pointerenter", show).on("pointermove", show).on("pointerleave", () => tip.attr("hidden", true));
}

/** A parameter's values as categories, in their natural order. */
function categories(index) {
  const values = [...new Set(data.settings.map(s => s.values[index]))];
  return values.every(v => typeof v === "number") ? d3.sort(values)
    : values.sort((a, b) => String(a).localeCompare(String(b), "en", {numeric: true}));
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
  if (parameter.scale === "category" || !numeric || values.length === 1) {
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

/** Ticks at the values themselves where they are few, so that a reader finds what was run. */
function ticked(axis, described, length) {
  const {kind, values, scale} = described;
  const fit = Math.max(2, Math.floor(length / 44));
  if (kind === "category") {
    const every = Math.ceil(values.length / fit);
    return axis.tickValues(values.filter((v, i) => i % every === 0)).tickFormat(number);
  }
  if (values.length <= 12 && !drawn(values)) {
    const kept = [];
    values.forEach(v => {
      if (kept.every(k => Math.abs(scale(k) - scale(v)) >= 26)) kept.push(v);
    });
    return axis.tickValues(kept).tickFormat(number);
  }
  if (kind === "log") {
    const tens = powers(scale, [1]);
    const more = tens.length < 3 ? powers(scale, [1, 3]) : tens;
    return axis.tickValues(more.length >= 2 ? more : spread(scale, fit)).tickFormat(number);
  }
  return axis.ticks(fit).tickFormat(number);
}

/** Multiples of powers of ten inside a log axis. */
function powers(scale, multiples) {
  const [low, high] = scale.domain();
  const exponents = d3.range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1);
  const all = exponents.flatMap(e => multiples.map(m => Number(`${m}e${e}`)));
  return all.filter(t => t >= low * 0.999 && t <= high * 1.001);
}

/** Round numbers along a log axis of less than two decades. */
function spread(x, most) {
  const kept = [];
  x.ticks(20).forEach(t => {
    if (!kept.length || Math.abs(x(t) - x(kept[kept.length - 1])) >= 46) kept.push(t);
  });
  return kept.slice(0, Math.max(2, most));
}

/** An empty chart in an element: {svg, width, height} inside its margins. */
function chart(element, height, margin, title) {
  element.replaceChildren();
  const full = Math.max(260, Math.floor(element.clientWidth));
  const svg = d3.select(element).append("svg")
    .attr("viewBox", [0, 0, full, height]).attr("width", full).attr("height", height)
    .attr("role", "img").attr("aria-label", title);
  const inner = svg.append("g").attr("transform", `translate(${margin.left},${margin.top})`);
  return {svg: inner, width: full - margin.left - margin.right, height: height - margin.top - margin.bottom};
}

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

function axisLabel(frame, text) {
  frame.svg.append("text").attr("class", "label").attr("text-anchor", "middle")
    .attr("x", frame.width / 2).attr("y", frame.height + 36).text(text);
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
