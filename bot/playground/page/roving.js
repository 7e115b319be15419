// Lists with one stop for Tab: the arrow keys move inside them.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * Let the arrows, Home and End move the focus among the children of `list` that match `selector`.
 * Gives the function to call when its children changed; `moved` hears which one has the focus now.
 */
export function roving(list, selector, moved = () => undefined) {
  const items = () => [...list.querySelectorAll(selector)].filter((one) => !one.disabled);
  const stop = (here) => items().forEach((one) => (one.tabIndex = one === here ? 0 : -1));
  list.addEventListener("focusin", (event) => event.target.matches(selector) && stop(event.target));
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(event.target);
    const to = at < 0 ? undefined : target(event.key, at, all.length);
    if (to === undefined) return;
    event.preventDefault();
    all[to].focus();
    moved(all[to]);
  });
  return () => {
    const all = items();
    if (!all.some((one) => one.contains(document.activeElement))) stop(preferred(all));
    else stop(all.find((one) => one.contains(document.activeElement)));
  };
}

function target(key, at, length) {
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  const step = STEPS[key];
  return step && at + step >= 0 && at + step < length ? at + step : undefined;
}

const CURRENT = "[aria-current=page], [aria-current=step], [aria-pressed=true], [aria-selected=true]";

function preferred(all) {
  return all.find((one) => one.matches(CURRENT)) ?? all.at(-1);
}
