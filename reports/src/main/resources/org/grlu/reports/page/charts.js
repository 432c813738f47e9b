// Accuracy against each parameter, against cost, and against epochs.

function drawParameters() {
  const root = document.getElementById("parameters");
  root.replaceChildren();
  const settings = shown();
  if (!data.parameters.length || !settings.length) {
    return empty(root, data.parameters.length ? "No setting has this accuracy." : "Nothing was varied but the seed.");
  }
  data.parameters.forEach((parameter, index) => {
    const cell = root.appendChild(document.createElement("div"));
    cell.dataset.parameter = parameter.path;
    drawParameter(cell, parameter, index, settings);
  });
}

function drawParameter(element, parameter, index, all) {
  const settings = all.filter(s => has(s, index));
  if (!settings.length) return empty(element, parameter.path + ": has no meaning in the settings that are shown.");
  const names = categories(index).map(tickText);
  const turned = parameterScale(index, [0, 1]).kind === "category"
    ? slant(names, ((choice.paper ? PAPER.multiple : element.clientWidth) - 54) / names.length) : slant([], 1);
  const margin = {top: 24, right: 12, bottom: 46 + turned.room, left: 42};
  const frame = chart(element, 270 + turned.room, margin, "Accuracy against " + parameter.path);
  const x = parameterScale(index, [0, frame.width]);
  const seeds = settings.flatMap(s => s[choice.metric][3].map(([seed, value]) => ({s, seed, value})));
  const extent = choice.range > 0 || !seeds.length ? settings.map(mean) : seeds.map(d => d.value);
  const y = accuracyAxis(frame, extent, metricName(choice.metric));
  frame.svg.append("g").attr("class", "across").attr("transform", `translate(0,${frame.height})`)
    .call(ticked(d3.axisBottom(x.axis).tickSizeOuter(0), x, frame.width, turned.turned ? () => 18 : across))
    .call(turn, turned);
  axisLabel(frame, parameter.path + (x.kind === "log" ? " (log scale)" : ""), 36 + turned.room);

  const place = new Map();
  d3.group(settings, s => s.values[index]).forEach((group, value) =>
    swarm(group, s => y(mean(s)), 0.4 * x.room).forEach((aside, s) => place.set(s, x.scale(value) + aside)));
  // dots may stand on the edge, but no interval beyond it
  const lines = clipped(frame, "lines-" + index, 0);
  const marks = clipped(frame, "marks-" + index, 6);
  marks.selectAll(".seed").data(seeds).join("circle").attr("class", "seed").attr("r", 1.8)
    .attr("cx", d => place.get(d.s)).attr("cy", d => y(d.value));
  const best = d3.rollups(settings, bestOf, s => s.values[index]).map(d => d[1]).filter(s => !early(s));
  // of values drawn at random, neighbours differ in all else too
  if (x.kind !== "category" && !/^(log-)?uniform/.test(parameter.searched) && best.length > 1 && best.length <= 40 && !drawn(x.values)) {
    lines.append("path").attr("class", "joined")
      .attr("d", d3.line(place.get.bind(place), s => y(mean(s)))(d3.sort(best, s => s.values[index])));
  }
  if (settings.length <= 400) {
    lines.selectAll(".interval").data(settings.filter(s => s[choice.metric][1] !== null)).join("line")
      .attr("class", s => "interval" + marked(s, s.rank === 1))
      .attr("x1", s => place.get(s)).attr("x2", s => place.get(s))
      .attr("y1", s => y(s[choice.metric][1])).attr("y2", s => y(s[choice.metric][2]));
  }
  labelled(marks.selectAll(".mean").data(settings).join("circle")
    .attr("class", s => "mean" + marked(s, s.rank === 1))
    .attr("r", s => s.rank === 1 ? 5 : 3.2).attr("data-rank", s => s.rank).attr("data-mean", mean)
    .attr("cx", s => place.get(s)).attr("cy", s => y(mean(s))), describe);
}

/**
 * How far aside dots of one value stand so that they can be told apart: no further than those at the same height need,
 * and at most so far. By a dot a number of pixels.
 */
function swarm(dots, height, most) {
  const placed = [];
  const step = 3.5;
  const steps = Math.floor(most / step);
  const sides = d3.range(2 * steps + 1).map(i => step * Math.ceil(i / 2) * (i % 2 ? 1 : -1));
  const asides = new Map();
  d3.sort(dots, height).forEach(dot => {
    const near = placed.filter(p => height(dot) - p.height < 2 * step);
    const free = sides.find(aside => near.every(p => Math.hypot(p.aside - aside, p.height - height(dot)) >= 2 * step - 0.01));
    // where there is no room they lie on each other
    const aside = free ?? sides[placed.length % sides.length];
    placed.push({aside, height: height(dot)});
    asides.set(dot, aside);
  });
  return asides;
}

/** Classes of what stands for a setting. */
function marked(s, top) {
  return (top ? " top" : "") + (early(s) ? " early" : "");
}

/** A group of which nothing shows beyond the chart's edges and some room. */
function clipped(frame, id, room) {
  frame.svg.append("clipPath").attr("id", id).append("rect")
    .attr("x", -6).attr("y", -room).attr("width", frame.width + 12).attr("height", frame.height + 2 * room);
  return frame.svg.append("g").attr("clip-path", `url(#${id})`);
}

function drawCost() {
  const element = document.getElementById("cost");
  const settings = shown().filter(s => s.cpu > 0);
  if (!settings.length) return empty(element, "No costs are known.");
  const frame = chart(element, tall(), {top: 24, right: 16, bottom: 46, left: 42}, "Accuracy against CPU seconds");
  const y = accuracyAxis(frame, settings.map(mean), metricName(choice.metric));
  const [low, high] = d3.extent(settings, s => s.cpu);
  const x = d3.scaleLog([low / 1.15, high * 1.15], [0, frame.width]);
  frame.svg.append("g").attr("class", "across").attr("transform", `translate(0,${frame.height})`)
    .call(d3.axisBottom(x).tickSizeOuter(0).tickValues(logTicks(x, across)).tickFormat(number));
  axisLabel(frame, "mean CPU seconds of a trial (log scale)");
  const front = [];
  d3.sort(settings, s => s.cpu, s => -mean(s)).forEach(s => {
    if (!front.length || mean(s) > mean(front[front.length - 1])) front.push(s);
  });
  frame.svg.append("path").attr("class", "joined front").attr("data-ranks", front.map(s => s.rank).join(" "))
    .attr("d", d3.line(s => x(s.cpu), s => y(mean(s))).curve(d3.curveStepAfter)(front));
  const onFront = new Set(front);
  labelled(frame.svg.selectAll(".mean").data(settings).join("circle")
    .attr("class", s => "mean" + marked(s, onFront.has(s))).attr("data-rank", s => s.rank)
    .attr("r", s => onFront.has(s) ? 4.5 : 3.2).attr("cx", s => x(s.cpu)).attr("cy", s => y(mean(s))),
    s => describe(s) + `\n${number(s.cpu)} CPU seconds`);
}

/** The epochs of points along the bottom. */
function epochAxis(frame, points) {
  const epochs = d3.extent(points, p => p[0]);
  const x = d3.scaleLinear(epochs[0] === epochs[1] ? [epochs[0] - 1, epochs[1] + 1] : epochs, [0, frame.width]);
  const whole = x.ticks(Math.min(epochs[1] - epochs[0], Math.floor(frame.width / 50)) || 1).filter(Number.isInteger);
  frame.svg.append("g").attr("transform", `translate(0,${frame.height})`)
    .call(d3.axisBottom(x).tickValues(whole).tickFormat(d3.format("d")).tickSizeOuter(0));
  axisLabel(frame, "epoch");
  return x;
}

/** A line for each layer: how its estimates stand to the gradient. */
function drawAlignment() {
  const element = document.getElementById("alignment");
  const legend = document.getElementById("alignment-legend");
  legend.replaceChildren();
  const rank = document.getElementById("aligned").value;
  const of = Number(document.getElementById("alignment-of").value);
  const points = data.alignments[rank];
  const layers = d3.range(d3.max(points, p => p[of].length));
  const known = points.flatMap(p => p[of].filter(v => v !== null));
  if (!known.length) return empty(element, "It is known of no layer.");
  const frame = chart(element, tall(), {top: 24, right: 16, bottom: 46, left: 42}, "Cosine to the gradient by epoch and layer");
  const y = d3.scaleLinear([Math.min(0, d3.min(known)), 1], [frame.height, 0]);
  frame.svg.append("g").attr("class", "grid").call(d3.axisLeft(y).ticks(6).tickSize(-frame.width).tickFormat(""));
  frame.svg.append("g").call(d3.axisLeft(y).ticks(6).tickSizeOuter(0));
  frame.svg.append("text").attr("class", "label").attr("x", -34).attr("y", -9).text("cosine");
  const x = epochAxis(frame, points);
  // from the layer that reads images to the output's
  const colour = l => lineColour(l / Math.max(1, layers.length - 1));
  layers.forEach(l => {
    const curve = points.filter(p => typeof p[of][l] === "number");
    frame.svg.append("path").attr("class", "aligned").attr("fill", "none").attr("stroke", colour(l)).attr("stroke-width", 2)
      .attr("data-layer", l + 1).attr("data-last", curve.length ? curve[curve.length - 1][of][l] : "")
      .attr("d", d3.line(p => x(p[0]), p => y(p[of][l]))(curve));
    labelled(frame.svg.append("g").selectAll("circle").data(curve).join("circle").attr("r", 3)
      .attr("fill", colour(l)).attr("cx", p => x(p[0])).attr("cy", p => y(p[of][l])),
      p => `${settingName(Number(rank))}\nlayer ${l + 1}, epoch ${p[0]}: ${p[of][l].toFixed(3)}`);
    const entry = d3.select(legend).append("span");
    entry.append("i").style("background", colour(l));
    entry.append("span").text(`layer ${l + 1}`);
  });
}

function settingName(rank) {
  const s = data.settings.find(other => other.rank === rank);
  const values = data.names.flatMap((name, i) => has(s, i) ? [`${name} ${number(s.values[i])}`] : []);
  return `#${rank} ` + values.join(", ");
}

function drawCurves() {
  const element = document.getElementById("curves");
  const legend = document.getElementById("curves-legend");
  legend.replaceChildren();
  const ranks = Object.keys(data.curves).map(Number);
  if (!ranks.length) return empty(element, "No epochs are known.");
  const chosen = document.getElementById("curve").value;
  const drawn = chosen === "best" ? ranks.slice(0, 8) : [Number(chosen)];
  const colour = d3.scaleOrdinal(ranks.slice(0, 8), d3.schemeTableau10);
  const points = drawn.flatMap(rank => data.curves[rank]);
  const frame = chart(element, tall(), {top: 24, right: 16, bottom: 46, left: 42}, "Accuracy by epoch");
  const bounds = points.flatMap(([, m, low, high, , seeds]) => [low ?? m, high ?? m, ...(drawn.length === 1 ? seeds : [])]);
  const y = accuracyAxis(frame, bounds.map(inside), metricName(data.rankBy));
  const x = epochAxis(frame, points);
  drawn.forEach(rank => {
    const curve = data.curves[rank];
    frame.svg.append("path").attr("fill", colour(rank)).attr("fill-opacity", drawn.length > 1 ? 0.12 : 0.25)
      .attr("d", d3.area(p => x(p[0]), p => y(inside(p[2] ?? p[1])), p => y(inside(p[3] ?? p[1])))(curve));
  });
  if (drawn.length === 1) {
    const curve = data.curves[drawn[0]];
    d3.range(d3.max(curve, p => p[5].length)).forEach(seed => frame.svg.append("path").attr("class", "of-seed").attr("fill", "none")
      .attr("stroke", colour(drawn[0])).attr("stroke-opacity", 0.5)
      .attr("d", d3.line(p => x(p[0]), p => y(p[5][seed])).defined(p => typeof p[5][seed] === "number")(curve)));
  }
  drawn.forEach(rank => {
    const curve = data.curves[rank];
    frame.svg.append("path").attr("class", "curve").attr("fill", "none").attr("stroke", colour(rank))
      .attr("stroke-width", 2).attr("data-rank", rank).attr("d", d3.line(p => x(p[0]), p => y(p[1]))(curve));
    labelled(frame.svg.append("g").selectAll("circle").data(curve).join("circle").attr("r", 3)
      .attr("fill", colour(rank)).attr("cx", p => x(p[0])).attr("cy", p => y(p[1])),
      p => `${settingName(rank)}\nepoch ${p[0]}: ${percent(p[1])}${between(p[2], p[3])}, ${counted(p[4], "seed")}`);
    const entry = d3.select(legend).append("span");
    entry.append("i").style("background", colour(rank));
    entry.append("span").text(settingName(rank));
  });
}
