// Filters the rows of the index: each word has to stand in a row.
(function () {
  const rows = [...document.querySelectorAll(".index tbody tr")];
  const texts = rows.map(row => [...row.cells].map(cell => cell.textContent).join(" ").toLowerCase());
  const filter = document.getElementById("filter");
  const kind = document.getElementById("kind");
  const shown = document.getElementById("shown");
  function show() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(word => word);
    let count = 0;
    rows.forEach((row, i) => {
      row.hidden = (kind.value && row.dataset.kind !== kind.value) || !words.every(word => texts[i].includes(word));
      count += row.hidden ? 0 : 1;
    });
    shown.textContent = count === rows.length ? "" : `${count} of ${rows.length}`;
  }
  document.getElementById("choosers").hidden = false;
  filter.addEventListener("input", show);
  kind.addEventListener("change", show);
  // a browser that goes back brings the words along
  show();
})();
