// The bar at the top: whose eyes these are, the world, the theme, and whether the playground still answers.

import { openHome } from "./api.js";
import { div, h, setText, span } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { face } from "./images.js";
import { isBent } from "./bent.js";
import { roving } from "./roving.js";
import { look, me, newsFor, people, subscribe, ui, world } from "./state.js";

const lost = h(
  "p",
  { class: "lost", role: "status", hidden: true },
  "The playground does not answer. Trying again…",
);

/** Build the bar and keep it current. */
export function drawTopbar(bar) {
  const switcher = h("div", { class: "people", role: "group", "aria-label": "Act as" });
  const bender = opener("World", "globe", "world");
  const traffic = opener("Traffic", "pulse", "traffic");
  const stops = roving(switcher, ".person");
  bar.append(
    iconButton("Channels", "menu", toggleRail, { extra: "rail-toggle" }),
    div(
      "workspace",
      h("span", { class: "workspace-mark", "aria-hidden": "true" }, "A"),
      span("workspace-words", h("strong", {}, "Acme"), h("span", {}, "Greenlight playground")),
    ),
    div("acting", h("span", { class: "acting-label", "aria-hidden": "true" }, "Act as"), switcher),
    div("top-tools", traffic, bender, themeButton()),
    lost,
  );
  subscribe(() => {
    fill(switcher);
    stops();
    bender.classList.toggle("is-bent", isBent(world()?.world));
    bender.title = isBent(world()?.world) ? "Something is bent" : "";
    for (const one of [bender, traffic])
      one.setAttribute("aria-expanded", String(ui[one.getAttribute("aria-controls")]));
    document.title = `${me().title ?? ui.person} · Acme · Greenlight playground`;
  });
}

function toggleRail() {
  look({ rail: !ui.rail });
  if (ui.rail) document.querySelector(".rail-link[tabindex='0']")?.focus();
}

function opener(words, mark, part) {
  const properties = { type: "button", class: "top-button", "aria-expanded": "false", "aria-controls": part };
  const open = () => look({ [part]: !ui[part] });
  const leave = (event) => event.key === "Escape" && look({ [part]: false });
  return h("button", { ...properties, onclick: open, onkeydown: leave }, icon(mark), h("span", {}, words));
}

/** Show or hide that the playground does not answer. */
export function showLost(isLost) {
  lost.hidden = !isLost;
}

function fill(switcher) {
  if (switcher.children.length !== people().length) switcher.replaceChildren(...people().map(personButton));
  for (const button of switcher.children) show(button);
}

function personButton(person) {
  return h(
    "button",
    { type: "button", class: "person", data: { person: person.name, focus: person.name }, onclick: () => actAs(person.name) },
    face(person),
    span(
      "person-words",
      span("person-name", person.title ?? person.name),
      span("person-role", person.role ?? ""),
    ),
    span("person-news"),
  );
}

function show(button) {
  const person = button.dataset.person;
  const waiting = person === ui.person ? 0 : newsFor(person);
  button.setAttribute("aria-pressed", String(person === ui.person));
  setText(button.querySelector(".person-news"), waiting ? String(waiting) : "");
  button.title = waiting ? `${waiting} private replies not seen` : "";
}

/** Look at the workspace through another person's eyes. */
export function actAs(name) {
  sessionStorage.setItem("person", name);
  look({ person: name });
  if (ui.place.kind === "home") openHome();
}

function themeButton() {
  const button = h("button", { type: "button", class: "icon-button", onclick: () => turn() });
  const isDark = () => document.documentElement.dataset.theme === "dark";
  const label = () => {
    button.setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme");
    button.replaceChildren(icon(isDark() ? "sun" : "moon"));
  };
  const turn = () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("theme", document.documentElement.dataset.theme);
    label();
  };
  label();
  return button;
}
