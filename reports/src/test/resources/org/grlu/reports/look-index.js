// After the index's own script: types words, turns the chooser, and leaves what was shown in an element.
(function () {
  const filter = document.getElementById("filter");
  const kind = document.getElementById("kind");
  const shown = () => [[...document.querySelectorAll(".index tbody tr")].filter(row => row.offsetParent)
    .map(row => row.querySelector(".name a").textContent).join(" "), document.getElementById("shown").textContent];
  const typed = (words, what) => {
    filter.value = words;
    filter.dispatchEvent(new Event("input"));
    kind.value = what;
    kind.dispatchEvent(new Event("change"));
    return shown();
  };
  leave({
    chooser: document.getElementById("choosers").offsetParent !== null,
    all: shown(),
    word: typed("HEBBIAN", ""),
    words: typed("mnist 97.5", ""),
    kind: typed("", "run"),
    both: typed("hebbian", "run"),
    again: typed("", ""),
    errors: window.noted,
  });
})();
