// Runs before the first paint, so that the theme does not flash: the reader's choice, else the system's as it changes.
{
  const system = matchMedia("(prefers-color-scheme: dark)");
  const wear = () =>
    (document.documentElement.dataset.theme = localStorage.getItem("theme") ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", wear);
  wear();
}
