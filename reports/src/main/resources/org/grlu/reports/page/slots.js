// When trials ran: that chart is drawn already, and gets what the others have.

d3.select("#slots svg").each(function () {
  const svg = this;
  const marks = d3.select(svg).selectAll("[data-label]").datum(function () {
    return this.dataset.label;
  });
  labelled(marks, text => text);
  d3.select(svg.parentNode).append("button").attr("class", "save").attr("type", "button").text("save as SVG")
    .attr("aria-label", "Save as SVG: When trials ran").on("click", () => save(svg, "When trials ran"));
});
