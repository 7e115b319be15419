// A menu that drops from a button: arrows move, Escape and a click elsewhere close it, and the button has the focus again.

import { h, span } from "./dom.js";

const GAP = 6;

/** Open a menu below (or above) `anchor`; each item is `{words, hint, act}`. */
export function openMenu(anchor, label, items) {
  const buttons = items.map((item) => menuItem(item, () => choose(item)));
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label, popover: "auto" }, buttons);
  const choose = (item) => (menu.hidePopover(), item.act());
  menu.addEventListener("keydown", (event) => pressed(event, menu, buttons));
  menu.addEventListener("toggle", (event) => event.newState === "closed" && closed(menu, anchor));
  (anchor.closest("dialog, main, aside") ?? document.body).append(menu);
  anchor.setAttribute("aria-expanded", "true");
  menu.showPopover();
  placeBeside(menu, anchor.getBoundingClientRect());
  buttons[0]?.focus();
}

function menuItem({ words, hint }, act) {
  return h(
    "button",
    { type: "button", class: "menu-item", role: "menuitem", tabindex: -1, onclick: act },
    h("span", {}, words),
    hint && span("menu-hint", hint),
  );
}

function pressed(event, menu, buttons) {
  const at = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  } else if (event.key === "Tab") menu.hidePopover();
  event.stopPropagation(); // a list around the button must not move as well
}

function closed(menu, anchor) {
  anchor.setAttribute("aria-expanded", "false");
  if (menu.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
  menu.remove();
}

function placeBeside(menu, anchor) {
  const { width, height } = menu.getBoundingClientRect();
  const left = anchor.left + width > innerWidth - GAP ? anchor.right - width : anchor.left;
  const below = anchor.bottom + GAP;
  const top = below + height > innerHeight - GAP ? anchor.top - height - GAP : below;
  menu.style.left = `${Math.max(GAP, left)}px`;
  menu.style.top = `${Math.max(GAP, top)}px`;
}
