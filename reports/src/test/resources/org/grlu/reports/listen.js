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
