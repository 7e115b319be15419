// The rail at the left: channels with what is unread, and the app.

import { openHome } from "./api.js";
import { classes, div, h, reconcile, span } from "./dom.js";
import { icon } from "./icons.js";
import { appFace } from "./images.js";
import { roving } from "./roving.js";
import { channels, look, showGuide, subscribe, ui, unreadIn, unreadPrivate } from "./state.js";

/** Build the rail and keep it current. */
export function drawRail(rail) {
  const rooms = h("ul", { class: "rail-list" });
  const apps = h("ul", { class: "rail-list" });
  const show = () => showGuide(true);
  const steps = h("button", { type: "button", class: "rail-steps", onclick: show }, "Show the first steps");
  rail.append(
    h("h2", {}, "Channels"),
    rooms,
    h("h2", {}, "Apps"),
    apps,
    div("rail-foot", steps, h("p", {}, "Everything here is simulated. The bot is the real one.")),
  );
  const stops = roving(rail, ".rail-link");
  rail.addEventListener("keydown", (event) => event.key === "Escape" && ui.rail && fold());
  document.getElementById("pane").addEventListener("click", () => ui.rail && look({ rail: false }));
  subscribe(() => {
    rail.classList.toggle("open", ui.rail);
    steps.hidden = ui.guide;
    reconcile(
      rooms,
      channels().map((one) => entry({ kind: "channel", name: one.name }, one.name, unreadIn(one.name))),
    );
    reconcile(apps, [
      entry({ kind: "home", name: "" }, "Greenlight home", 0),
      entry({ kind: "messages", name: "" }, "Greenlight messages", unreadPrivate()),
    ]);
    stops();
  });
}

function fold() {
  look({ rail: false });
  document.querySelector(".rail-toggle").focus();
}

function entry(place, words, unread) {
  const here = ui.place.kind === place.kind && ui.place.name === place.name;
  return {
    key: `${place.kind}/${place.name}`,
    signature: JSON.stringify([here, unread, ui.person]),
    build: () => h("li", {}, link(place, words, unread, here)),
  };
}

function link(place, words, unread, here) {
  return h(
    "button",
    {
      type: "button",
      class: classes("rail-link", here && "here", unread && "unread"),
      "aria-current": here ? "page" : null,
      data: { focus: words },
      onclick: () => go(place),
    },
    mark(place),
    span("rail-name", words),
    unread ? span("rail-count", String(unread), span("visually-hidden", " unread")) : null,
  );
}

function mark(place) {
  if (place.kind === "channel") return icon("hash", 16);
  return place.kind === "home" ? icon("home", 16) : appFace("small");
}

/** Show a channel, the app's home or its messages. */
export function go(place) {
  look({ place, rail: false, thread: null });
  if (place.kind === "home") openHome();
}
