// What somebody sees first: who is here, what to do, and a button that does it.

import { div, h, span } from "./dom.js";
import { startTour } from "./guide.js";
import { appFace, face } from "./images.js";
import { people } from "./state.js";

const COMMAND = "/promote checkout@v2.14.3 to production because fix refunds";

/** The welcome of the empty channel, as an item of its list. */
export function welcome() {
  return { key: "welcome", signature: String(people().length), build: draw };
}

function draw() {
  return div(
    "welcome",
    appFace("large"),
    h("h2", {}, "Take checkout v2.14.3 to production"),
    h("p", {}, "Ana asks for it, Bo and Cy agree, Greenlight deploys it, and all of that happens in one message."),
    h("button", { type: "button", class: "button button-primary welcome-go", onclick: startTour }, "Ask for it"),
    div("welcome-or", "or type it yourself"),
    h("button", { type: "button", class: "welcome-command", title: "Put it into the box", onclick: put }, COMMAND),
    h("ul", { class: "welcome-people" }, people().map(role)),
    h("p", { class: "hint" }, "The bot is the real one; Slack, GitHub and PagerDuty are simulated on this machine."),
  );
}

function role(person) {
  return h("li", {}, face(person, "small"), h("strong", {}, person.title), span("", person.role ?? ""));
}

function put() {
  const box = document.querySelector(".pane .composer textarea");
  box.value = COMMAND;
  box.dispatchEvent(new Event("input"));
  box.focus();
}
