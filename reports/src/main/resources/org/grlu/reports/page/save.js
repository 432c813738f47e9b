// A chart as a file of its own.

const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "text-anchor", "paint-order"];

/** A chart with the styles that the page gives it, which a file would not have. */
function standing(svg) {
  const copy = svg.cloneNode(true);
  const [from, to] = [svg, copy].map(root => [root, ...root.querySelectorAll("*")]);
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    to[i].setAttribute("style", KEPT.map(name => `${name}:${style.getPropertyValue(name)}`).join(";"));
    ["class", "tabindex"].forEach(name => to[i].removeAttribute(name));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const back = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const colour = getComputedStyle(document.body).backgroundColor;
  Object.entries({width: "100%", height: "100%", fill: colour}).forEach(([name, value]) => back.setAttribute(name, value));
  copy.prepend(back);
  return copy.outerHTML;
}

function save(svg, title) {
  const link = document.createElement("a");
  link.href = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(standing(svg));
  link.download = title.toLowerCase().replace(/[^a-z0-9]+/g, "-") + ".svg";
  link.click();
}
