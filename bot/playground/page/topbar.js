// The bar at the top: whose eyes these are, the world, the theme, and whether the playground still answers.

import { div, h, setText, span } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { face } from "./images.js";
import { look, me, newsFor, people, subscribe, ui } from "./state.js";

const lost = h(
  "p",
  { class: "lost", role: "status", hidden: true },
  "The playground does not answer. Trying again…",
);

/** Build the bar and keep it current. */
export function drawTopbar(bar) {
  const switcher = h("div", { class: "people", role: "group", "aria-label": "Act as" });
  const world = h(
    "button",
    {
      type: "button",
      class: "top-button",
      "aria-expanded": "false",
      "aria-controls": "world",
      onclick: () => look({ world: !ui.world }),
    },
    icon("globe"),
    h("span", {}, "World"),
  );
  bar.append(
    iconButton("Channels", "menu", () => look({ rail: !ui.rail }), { extra: "rail-toggle" }),
    div(
      "workspace",
      h("span", { class: "workspace-mark", "aria-hidden": "true" }, "A"),
      span("workspace-words", h("strong", {}, "Acme"), h("span", {}, "Greenlight playground")),
    ),
    div("acting", h("span", { class: "acting-label", "aria-hidden": "true" }, "Act as"), switcher),
    div("top-tools", world, themeButton()),
    lost,
  );
  subscribe(() => {
    fill(switcher);
    world.setAttribute("aria-expanded", String(ui.world));
    document.title = `${me().title ?? ui.person} · Acme · Greenlight playground`;
  });
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
    { type: "button", class: "person", data: { person: person.name }, onclick: () => actAs(person.name) },
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
