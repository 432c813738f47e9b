// After the page's own scripts: turns the choosers, and leaves what the charts held in an element.
(function () {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const choose = (id, value) => {
    const select = document.getElementById(id);
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };
  const map = () => all("#map rect[data-mean]").map(cell => ({...cell.dataset}));
  const curves = () => all("#curves path.curve").map(curve => curve.dataset.rank);
  const aligned = () => all("#alignment path.aligned").map(line => ({...line.dataset}));
  const seen = {};
  const box = element => element.getBoundingClientRect();
  // labels of level axes that meet, as "left right"
  const meeting = () => all(".across").flatMap(axis => {
    const texts = all(".tick text:not([transform])", axis).sort((a, b) => box(a).left - box(b).left);
    return texts.slice(1).filter((t, i) => box(texts[i]).right > box(t).left).map(t => t.textContent);
  });
  const share = (bar, name) => Number.parseFloat(bar.getAttribute(name));
  seen.slots = all("#slots rect").map(bar => ({status: bar.getAttribute("class"), y: share(bar, "y"), x: share(bar, "x"), width: share(bar, "width"), label: bar.dataset.label}));
  seen.slotsLead = all("#slots .lead").map(p => p.textContent).join("");
  seen.slotsLegend = all("#slots .legend span").map(entry => entry.textContent);
  seen.slotsCuts = all("#slots .cut").map(line => line.dataset.label);
  seen.slotsSaves = all("#slots .save").length;
  const bars = document.querySelector("#slots svg");
  bars.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"}));
  seen.slotsByKey = document.getElementById("tip").textContent;
  bars.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
  seen.overlap = all("#overlap .overlap").map(dot => dot.dataset.rank);
  seen.overlapLegend = all("#overlap-legend > span").map(entry => entry.textContent);
  seen.answer = document.querySelector(".answer").textContent;
  seen.shown = all("#charts h3").filter(h => h.offsetParent).map(h => h.textContent);
  seen.early = document.getElementById("early").hidden ? "" : document.getElementById("early").textContent;
  seen.hollow = all("#parameters .mean.early").map(dot => dot.dataset.rank);
  seen.heads = all("#ranking-table th").map(th => ({name: th.textContent, title: th.title}));
  seen.axes = all("#parallel .upright > .label").map(label => label.textContent);
  seen.unused = all("#parallel .unused").length;
  seen.cutShort = all("#parallel .upright").slice(0, 1).flatMap(axis => all(".tick text", axis)).filter(t => t.textContent.includes("\u2026")).length;
  seen.outside = all("#parallel text").filter(t => box(t).left < box(document.querySelector("#parallel svg")).left).map(t => t.textContent);
  try {
    seen.parameters = all("#parameters > div").map(chart => ({
      means: all(".mean", chart).map(dot => ({...dot.dataset})),
      seeds: all(".seed", chart).length,
      joined: all(".joined", chart).length,
    }));
    seen.map = map();
    seen.across = all("#map .across .tick text").map(t => t.textContent);
    seen.meeting = meeting();
    const folded = document.querySelector("details");
    if (folded) {
      window.dispatchEvent(new Event("beforeprint"));
      seen.unfolded = [folded.open, document.querySelector("#cost svg").getAttribute("width")];
      window.dispatchEvent(new Event("afterprint"));
      seen.folded = [folded.open, document.querySelector("#cost svg").getAttribute("width")];
    }
    if (!seen.shown.length) throw new Error("no charts");
    choose("map-x", seen.parameters.length > 2 ? "2" : "0");
    seen.mapChosen = map();
    seen.curves = curves();
    choose("curve", "3");
    seen.curveChosen = curves();
    if (seen.shown.some(heading => heading.startsWith("Estimates"))) {
      seen.aligned = aligned();
      choose("aligned", "2");
      seen.alignedChosen = aligned();
      choose("alignment-of", "2");
      seen.alignedMean = aligned();
    }
    seen.ofSeeds = all("#curves .of-seed").length;
    seen.charts = all("#charts svg").length;
    seen.saves = all("#charts .save").length;
    const file = new DOMParser().parseFromString(standing(document.querySelector("#cost svg")), "image/svg+xml");
    seen.saved = [file.documentElement.nodeName, file.querySelectorAll("circle").length, all("#cost circle").length];
    const chart = document.querySelector("#cost svg");
    chart.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowLeft"}));
    seen.byKey = [document.querySelector("#cost .at").dataset.rank, document.getElementById("tip").textContent];
    chart.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
    seen.byKey.push(String(document.getElementById("tip").hidden));
    seen.front = document.querySelector("#cost .front").dataset.ranks;
    seen.paths = all("#parallel .path").length;
    const rows = () => all("#ranking tr[data-rank]").filter(row => !row.hidden).map(row => Number(row.dataset.rank));
    const axes = all("#parallel .brush");
    seen.unbrushed = rows().length;
    // a drag over the upper half of the accuracy's axis, as a mouse makes it
    const overlay = axes[axes.length - 1].querySelector(".overlay");
    const area = overlay.getBoundingClientRect();
    const at = share => ({clientX: area.left + area.width / 2, clientY: area.top + share * area.height, view: window, bubbles: true});
    overlay.dispatchEvent(new MouseEvent("mousedown", at(0)));
    window.dispatchEvent(new MouseEvent("mousemove", at(0.5)));
    window.dispatchEvent(new MouseEvent("mouseup", at(0.5)));
    seen.dragged = [rows().length, all("#parallel .path:not(.off)").length];
    document.getElementById("unbrush").click();
    seen.brushes = axes.length;
    keep(data.settings.filter(s => s.rank <= 3), data.settings);
    seen.brushed = [rows().join(" "), String(all("#parallel .path:not(.off)").length), document.getElementById("brushed").textContent];
    keep(null, data.settings);
    seen.brushed.push(String(rows().length));
    const dots = () => all("#cost .mean").map(dot => Number(dot.dataset.rank));
    const worst = data.settings[data.settings.length - 1];
    const before = worst[choice.metric];
    worst[choice.metric] = [0.01, 0.01, 0.01, []];
    choose("range", "-1");
    seen.fenced = [String(dots().includes(worst.rank)), document.getElementById("fenced").textContent];
    choose("range", "0");
    seen.fenced.push(String(dots().includes(worst.rank)), String(document.getElementById("fenced").hidden));
    worst[choice.metric] = before;
    choose("accuracy", "test_accuracy");
    seen.tested = document.querySelector("#parameters .mean[data-rank='1']").dataset.mean;
    seen.testedLabel = document.querySelector("#parameters .label").textContent;
    choose("range", "0.75");
    choose("map-y", seen.parameters.length > 2 ? "2" : "0");
    document.querySelector("#parameters .mean").dispatchEvent(new PointerEvent("pointerenter"));
    const trial = d3.select("#cost").append("svg").attr("width", 900).attr("height", 400);
    seen.ticks = [[0.004, 0.06], [0.005, 0.5], [0.013, 0.017], [0.6, 9], [2, 41], [1e-4, 300]].flatMap((domain, i) => [220, 860].map(width => {
      const x = d3.scaleLog(domain, [0, width]);
      const axis = d3.axisBottom(x).tickValues(logTicks(x, across)).tickFormat(number);
      return trial.append("g").attr("class", "across").attr("transform", `translate(20,${40 * i})`).call(axis).selectAll(".tick").size();
    }));
    seen.meeting.push(...meeting());
    trial.remove();
    seen.window = document.documentElement.clientWidth;
    seen.width = document.documentElement.scrollWidth;
    document.body.style.maxWidth = "500px";
    window.dispatchEvent(new Event("resize"));
    seen.cut = all(".wide").map(w => w.scrollWidth > w.clientWidth + 1);
    seen.cued = all(".wide").map(w => w.classList.contains("cut-right"));
  } catch (e) {
    if (seen.shown.length) window.noted.push(String(e));
  }
  seen.errors = window.noted;
  leave(seen);
})();
