// What somebody sees first: what this is, what to do, and a button that does it.

import { div, h, span } from "./dom.js";
import { icon } from "./icons.js";
import { startTour } from "./guide.js";
import { appFace } from "./images.js";

const FACTS = [
  ["eye", "See the evidence", "Checks, health, open incidents and what changes stand beside the button."],
  ["check", "Two people agree", "Never the one who asked. When a tag or a rule moves, their yes no longer counts."],
  ["back", "One press undoes it", "The card of a failed deploy says what serves, and has the way back."],
];
const COMMAND = "/promote checkout@v2.14.3 to production because fix refunds";

/** The welcome of the empty channel, as an item of its list. */
export function welcome() {
  return { key: "welcome", signature: "", build: draw };
}

function draw() {
  return div(
    "welcome",
    appFace("large"),
    h("p", { class: "welcome-what" }, "Greenlight, a Slack bot for deploys"),
    h("h2", {}, "Take checkout v2.14.3 to production"),
    h("p", {}, "Ana asks for it, Bo and Cy agree, Greenlight deploys it, and all of that happens in one message."),
    h("button", { type: "button", class: "button button-primary welcome-go", onclick: startTour }, "Ask for it"),
    div("welcome-or", "or type it yourself"),
    h("button", { type: "button", class: "welcome-command", title: "Put it into the box", onclick: put }, COMMAND),
    h("ul", { class: "welcome-facts" }, FACTS.map(fact)),
    h("p", { class: "hint" }, "The bot is the real one; Slack, GitHub and PagerDuty are simulated on this machine."),
  );
}

function fact([mark, title, words]) {
  return h("li", {}, icon(mark, 20), h("strong", {}, title), span("", words));
}

function put() {
  const box = document.querySelector(".pane .composer textarea");
  box.value = COMMAND;
  box.dispatchEvent(new Event("input"));
  box.focus();
}
