// Ranges along the axes of all parameters: the ranking and the lines then show the settings inside all of them.

/** Half the width of what takes the pointer about an axis. */
const REACH = 14;

/**
 * Lets ranges be drawn along axes.
 * @param axes of each its place across, and where a setting stands on it
 */
function brushable(frame, axes, settings, bottom) {
  const ranges = new Map();
  const groups = axes.map((axis, i) => {
    const brush = d3.brushY().extent([[-REACH, -4], [REACH, bottom + 4]]).on("brush end", ({selection}) => {
      if (selection) ranges.set(i, selection);
      else ranges.delete(i);
      keep(ranges.size ? settings.filter(s => [...ranges].every(([k, [from, to]]) => inRange(axes[k].at(s), from, to))) : null, settings);
    });
    return [brush, frame.svg.append("g").attr("class", "brush").attr("transform", `translate(${axis.x},0)`).call(brush)];
  });
  d3.select("#unbrush").on("click", () => groups.forEach(([brush, group]) => brush.clear(group)));
  keep(null, settings);
}

const inRange = (y, from, to) => y >= from && y <= to;

/** Shows the rows and lines of settings; of all where there are none. */
function keep(kept, settings) {
  const ranks = new Set((kept || settings).map(s => s.rank));
  d3.select("#parallel").selectAll(".path").classed("off", s => !ranks.has(s.rank));
  document.querySelectorAll("tr[data-rank]").forEach(row => {
    row.hidden = kept !== null && !ranks.has(Number(row.dataset.rank));
  });
  document.getElementById("brushed-part").hidden = kept === null;
  document.getElementById("brushed").textContent = kept === null ? ""
    : `${counted(kept.length, "setting")} of ${settings.length} in the ranges; the ranking shows no others.`;
}
