// Of a sweep that runs: says how old the page is, and loads it anew, with what was chosen as it was.
(function () {
  const running = document.getElementById("running");
  if (!running) return;
  const RENEWED = 60, STALE = 300;
  const made = new Date(running.dataset.made);
  const place = "grlu " + location.pathname;
  const age = document.getElementById("age");
  const words = seconds => seconds < 90 ? `${Math.round(seconds)} s`
    : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
  function say() {
    const seconds = Math.max(0, (Date.now() - made) / 1000);
    age.textContent = `This page is ${words(seconds)} old` + (seconds > STALE
      ? ": its driver may have ended, or another machine's clock may differ." : ".");
  }
  function renew() {
    const chosen = [...document.querySelectorAll("select")].map(select => [select.id, select.value]);
    try {
      sessionStorage.setItem(place, JSON.stringify({chosen, scroll: window.scrollY}));
    } catch (e) {
      // a browser that keeps nothing loads the page as it is made
    }
    location.reload();
  }
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) || "null");
    sessionStorage.removeItem(place);
    for (const [id, value] of kept ? kept.chosen : []) {
      const select = document.getElementById(id);
      if (select && [...select.options].some(option => option.value === value) && select.value !== value) {
        select.value = value;
        select.dispatchEvent(new Event("change"));
      }
    }
    if (kept) window.scrollTo(0, kept.scroll);
  } catch (e) {
    // the same
  }
  say();
  setInterval(say, 1000);
  // no reader, no need: a page in the background is loaded when it is looked at
  let due = false;
  setTimeout(() => document.hidden ? due = true : renew(), 1000 * RENEWED);
  document.addEventListener("visibilitychange", () => due && !document.hidden && renew());
})();
