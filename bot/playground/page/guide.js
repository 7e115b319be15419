// The strip for a newcomer: each step really types and clicks, in front of their eyes, as the person whose turn it is.

import { h, setText, span } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { cards } from "./hands.js";
import { roving } from "./roving.js";
import { showGuide, subscribe, ui, world } from "./state.js";
import { newestSentence, STEPS } from "./steps.js";

const OVER = "That was the whole tour. Break it in World, look inside in Traffic, or run it in your own Slack: ten minutes, docs/getting-started.md.";

let taken = Number(sessionStorage.getItem("step") ?? 0); // how many steps were taken on this strip
let running = -1;
let redraw = () => undefined;

/** Build the strip and keep it current. */
export function drawGuide(strip) {
  const hint = h("p", { class: "guide-hint", id: "guide-hint" });
  const spoken = h("p", { class: "visually-hidden", role: "status" });
  const buttons = STEPS.map(stepButton);
  const list = h(
    "ol",
    { class: "guide-steps" },
    buttons.map((one) => h("li", {}, one)),
  );
  const stops = roving(list, ".guide-step");
  redraw = () => {
    strip.hidden = !ui.guide;
    if (world() && running < 0 && cards().length === 0) remember(0);
    buttons.forEach((button, index) => showStep(button, index));
    setText(hint, hintNow());
    setText(spoken, running < 0 && next() > 0 ? (STEPS[next()]?.hint ?? OVER) : "");
    stops();
  };
  strip.append(
    list,
    hint,
    spoken,
    iconButton("Hide the first steps", "close", () => showGuide(false), { size: 16, extra: "guide-close" }),
  );
  subscribe(redraw);
  redraw();
}

/** Take the first step, as its button on the strip does. */
export function startTour() {
  showGuide(true);
  return take(0);
}

function stepButton(step, index) {
  return h(
    "button",
    { type: "button", class: "guide-step", "aria-describedby": "guide-hint", onclick: () => take(index) },
    span("guide-number"),
    span("guide-words", step.words),
  );
}

function next() {
  const shown = world() ? STEPS.findLastIndex((step) => step.done()) + 1 : 0;
  return Math.max(taken, cards().length ? shown : 0);
}

function hintNow() {
  if (running >= 0) return newestSentence() || STEPS[running].hint;
  return STEPS[next()]?.hint ?? OVER;
}

function showStep(button, index) {
  const at = running < 0 ? next() : running;
  button.classList.toggle("done", index < next() && index !== running);
  button.classList.toggle("next", index === at);
  button.classList.toggle("running", index === running);
  button.setAttribute("aria-disabled", String(running >= 0));
  button.setAttribute("aria-current", index === at ? "step" : "false");
  const mark = index < next() && index !== running ? "check" : String(index + 1);
  if (button.dataset.mark === mark) return;
  button.dataset.mark = mark;
  button.firstChild.replaceChildren(mark === "check" ? icon("check", 12) : mark);
}

async function take(index) {
  if (running >= 0) return;
  running = index;
  redraw();
  const done = await STEPS[index].run();
  running = -1;
  if (done) remember(Math.max(taken, index + 1));
  redraw();
  handBack(Math.min(index + (done ? 1 : 0), STEPS.length - 1));
}

// Whoever goes on by keyboard finds the next step under their hands, unless they went elsewhere meanwhile.
function handBack(index) {
  const at = document.activeElement;
  const isFree = at === document.body || at?.matches(".guide-step, .composer textarea");
  if (isFree && !at.value) document.querySelectorAll(".guide-step")[index]?.focus({ preventScroll: true });
}

function remember(number) {
  taken = number;
  sessionStorage.setItem("step", taken);
}
