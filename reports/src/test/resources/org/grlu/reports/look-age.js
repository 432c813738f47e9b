// After the page's own scripts: leaves what a running sweep's page says, and what it took over from the page before it.
(function () {
  leave({
    age: document.getElementById("age").textContent,
    range: document.getElementById("range").value,
    fenced: document.getElementById("fenced").hidden,
    waits: window.waits,
    kept: Object.keys(sessionStorage).length,
    errors: window.noted,
  });
})();
