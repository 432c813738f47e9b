// Before all of the page's own scripts: keeps what would stand in the console as an error.
window.noted = [];
for (const kind of ["error", "warn"]) {
  const say = console[kind];
  console[kind] = (...words) => {
    window.noted.push(words.join(" "));
    say.apply(console, words);
  };
}
window.addEventListener("error", event => window.noted.push(String(event.message)), true);
window.addEventListener("unhandledrejection", event => window.noted.push(String(event.reason)));
document.addEventListener("securitypolicyviolation", event => window.noted.push(event.violatedDirective));
/** What a test reads: an object, in an element of the page that is dumped. */
function leave(seen) {
  const element = document.body.appendChild(document.createElement("pre"));
  element.id = "seen";
  element.textContent = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(seen))));
}
