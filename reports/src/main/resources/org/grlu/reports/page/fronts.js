// Of settings that are ranked by several goals: the first against another one, and the Pareto front.

const ranked = data.settings.filter(s => s.front);

function drawFronts() {
  const element = document.getElementById("fronts");
  const by = Number(document.getElementById("fronts-by").value);
  const settings = shown().filter(s => s.front && s.reached[0] !== null && s.reached[by] !== null);
  if (!settings.length) return empty(element, "No setting that is shown has both.");
  const [first, other] = [data.goals[0], data.goals[by]];
  const value = (s, goal, i) => goal.times * s.reached[i];
  const frame = chart(element, tall(), {top: 24, right: 16, bottom: 46, left: 50}, "Goals of settings, and their Pareto front");
  const padded = ([low, high]) => [low - 0.04 * (high - low || 1), high + 0.04 * (high - low || 1)];
  const x = d3.scaleLinear(padded(d3.extent(settings, s => value(s, other, by))), [0, frame.width]);
  const y = d3.scaleLinear(padded(d3.extent(settings, s => value(s, first, 0))), [frame.height, 0]);
  frame.svg.append("g").attr("class", "grid").call(d3.axisLeft(y).ticks(6).tickSize(-frame.width).tickFormat(""));
  frame.svg.append("g").call(d3.axisLeft(y).ticks(6).tickSizeOuter(0));
  frame.svg.append("text").attr("class", "label").attr("x", -42).attr("y", -9).text(first.title);
  frame.svg.append("g").attr("class", "across").attr("transform", `translate(0,${frame.height})`)
    .call(d3.axisBottom(x).ticks(Math.floor(frame.width / 70)).tickSizeOuter(0));
  axisLabel(frame, other.title);
  const front = d3.sort(settings.filter(s => s.front === 1), s => value(s, other, by));
  if (data.goals.length === 2) {
    frame.svg.append("path").attr("class", "joined front").attr("d",
      d3.line(s => x(value(s, other, by)), s => y(value(s, first, 0))).curve(other.less ? d3.curveStepAfter : d3.curveStepBefore)(front));
  }
  const ordered = d3.sort(settings, s => -s.front);
  labelled(frame.svg.selectAll(".mean").data(ordered).join("circle").attr("class", s => "mean" + marked(s, s.front === 1))
    .attr("r", s => s.front === 1 ? 4.5 : 3.2).attr("data-rank", s => s.rank).attr("data-front", s => s.front)
    .attr("cx", s => x(value(s, other, by))).attr("cy", s => y(value(s, first, 0))),
    s => `${describe(s)}\nfront ${s.front}; ` + data.goals.map((goal, i) => `${goal.title} ${+(goal.times * s.reached[i]).toPrecision(5)}`).join(", "));
}
