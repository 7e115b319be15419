// Runs before the first paint, so that the theme does not flash: the reader's choice, else the system's.
document.documentElement.dataset.theme =
  localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
