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
  const seen = {};
  try {
    seen.parameters = all("#parameters > div").map(chart => ({
      means: all(".mean", chart).map(dot => ({...dot.dataset})),
      seeds: all(".seed", chart).length,
      joined: all(".joined", chart).length,
    }));
    seen.map = map();
    choose("map-x", "2");
    seen.mapChosen = map();
    seen.curves = curves();
    choose("curve", "3");
    seen.curveChosen = curves();
    seen.front = document.querySelector("#cost .front").dataset.ranks;
    seen.paths = all("#parallel .path").length;
    choose("accuracy", "test_accuracy");
    seen.tested = document.querySelector("#parameters .mean[data-rank='1']").dataset.mean;
    seen.testedLabel = document.querySelector("#parameters .label").textContent;
    choose("range", "0.75");
    choose("map-y", "2");
    document.querySelector("#parameters .mean").dispatchEvent(new PointerEvent("pointerenter"));
    seen.window = document.documentElement.clientWidth;
    seen.width = document.documentElement.scrollWidth;
  } catch (e) {
    window.noted.push(String(e));
  }
  seen.errors = window.noted;
  const element = document.body.appendChild(document.createElement("pre"));
  element.id = "seen";
  element.textContent = btoa(JSON.stringify(seen));
})();
