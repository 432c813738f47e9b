// Of streams with tasks: what is forgotten, against how much classes overlap in what the network reads.

const MOST_COLOURS = 10;

const overlapping = settings => settings.filter(s => s.tasks && s.tasks.cosine !== null && s.tasks.forgetting !== null);

/** Whether there is enough to see anything: three settings that differ in it. */
const overlaps = new Set(overlapping(data.settings).map(s => s.tasks.cosine)).size >= 3;

/** The parameters that settings can be coloured by, as [index, path]. */
function colourable() {
  return data.parameters.flatMap((p, i) => {
    const count = categories(i).length;
    return count > 1 && count <= MOST_COLOURS ? [[i, p.path]] : [];
  });
}

function drawOverlap() {
  const element = document.getElementById("overlap");
  const legend = document.getElementById("overlap-legend");
  legend.replaceChildren();
  const settings = overlapping(shown());
  if (!settings.length) return empty(element, "It is known of no setting that is shown.");
  const by = Number(document.getElementById("overlap-by").value);
  const values = by < 0 ? [] : categories(by);
  const colour = d3.scaleOrdinal(values, d3.schemeTableau10).unknown("var(--soft)");
  const frame = chart(element, tall(), {top: 24, right: 16, bottom: 46, left: 42}, "Forgetting against the overlap of classes");
  const padded = (low, high) => [low - 0.05 * (high - low || 0.1), high + 0.05 * (high - low || 0.1)];
  const x = d3.scaleLinear(padded(...d3.extent(settings, s => s.tasks.cosine)), [0, frame.width]);
  const y = d3.scaleLinear(padded(...d3.extent(settings, s => 100 * s.tasks.forgetting)), [frame.height, 0]);
  frame.svg.append("g").attr("class", "grid").call(d3.axisLeft(y).ticks(6).tickSize(-frame.width).tickFormat(""));
  frame.svg.append("g").call(d3.axisLeft(y).ticks(6).tickSizeOuter(0));
  frame.svg.append("text").attr("class", "label").attr("x", -34).attr("y", -9).text("forgetting (points)");
  frame.svg.append("g").attr("class", "across").attr("transform", `translate(0,${frame.height})`)
    .call(d3.axisBottom(x).ticks(Math.floor(frame.width / 60)).tickSizeOuter(0));
  axisLabel(frame, "largest cosine between two classes\u2019 mean inputs");
  labelled(frame.svg.selectAll(".overlap").data(settings).join("circle").attr("class", "overlap").attr("r", 4)
    .attr("fill", s => by < 0 ? "var(--accent)" : colour(s.values[by])).attr("fill-opacity", 0.8).attr("stroke", "var(--back)")
    .attr("data-rank", s => s.rank).attr("cx", s => x(s.tasks.cosine)).attr("cy", s => y(100 * s.tasks.forgetting)),
    s => `${describe(s)}\ncosine ${s.tasks.cosine.toFixed(3)}, forgetting ${(100 * s.tasks.forgetting).toFixed(2)} points`);
  values.forEach(value => {
    const entry = d3.select(legend).append("span");
    entry.append("i").style("background", colour(value));
    entry.append("span").text(tickText(value));
  });
}
