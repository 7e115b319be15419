// The strip for a newcomer: each step really types and clicks, in front of their eyes, as the person whose turn it is.

import { bend, pause } from "./api.js";
import { div, h, setText, span } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { openThread } from "./messages.js";
import { go } from "./rail.js";
import { channels, homeChannel, look, showGuide, subscribe, ui, world } from "./state.js";
import { toast } from "./toasts.js";
import { actAs } from "./topbar.js";

const PATIENCE = 12000;
const UNTIL_FAILED = 45000;
const UNTIL_LIVE = 60000;
const OPEN = new Set(["waiting", "dispatching", "deploying", "verifying", "unknown"]);
const BEAT = 500; // long enough to see what is about to be pressed
const TYPING = 14;
const FIRST = "/promote checkout@v2.14.3 to production because fix refunds";
const SECOND = "/promote storefront@v1.2.0 to production because show the tax line";

const STEPS = [
  { words: "Ask as Ana", hint: "Ana asks for checkout v2.14.3 in production.", run: () => ask("ana", FIRST) },
  {
    words: "Approve as Bo",
    hint: "Two release managers must agree. Bo is the first.",
    run: () => press("bo", "Approve"),
  },
  {
    words: "Approve as Cy",
    hint: "Cy is the second. A short wait follows, then it starts by itself.",
    run: () => press("cy", "Approve"),
  },
  { words: "Watch", hint: "The card is edited in place until v2.14.3 is live; the story is in its thread.", run: watch },
  {
    words: "Make the next deploy fail",
    hint: "World: the next run fails at its smoke tests. Then Ana asks for storefront, and Bo and Cy approve.",
    run: fail,
  },
  {
    words: "Roll back as Dee",
    hint: "Dee is on call. When the card says that it failed, she undoes it; nobody has to approve that.",
    run: rollBack,
  },
];

let at = Number(sessionStorage.getItem("step") ?? 0);
let busy = false;

/** Build the strip and keep it current. */
export function drawGuide(strip) {
  const hint = h("p", { class: "guide-hint", id: "guide-hint" });
  const buttons = STEPS.map((step, index) =>
    h(
      "button",
      {
        type: "button",
        class: "guide-step",
        "aria-describedby": "guide-hint",
        onclick: () => take(index, redraw),
      },
      span("guide-number"),
      h("span", {}, step.words),
    ),
  );
  const redraw = () => show(strip, buttons, hint);
  strip.append(
    div("guide-steps", buttons),
    hint,
    iconButton("Hide the first steps", "close", () => showGuide(false), { size: 16, extra: "guide-close" }),
  );
  subscribe(redraw);
  redraw();
}

function show(strip, buttons, hint) {
  strip.hidden = !ui.guide;
  if (world() && !busy && cards().length === 0) at = 0;
  buttons.forEach((button, index) => {
    button.classList.toggle("done", index < at);
    button.classList.toggle("next", index === at);
    button.disabled = busy;
    button.setAttribute("aria-current", index === at ? "step" : "false");
    button.firstChild.replaceChildren(index < at ? icon("check", 12) : String(index + 1));
  });
  setText(hint, STEPS[at]?.hint ?? "That was the whole tour. Now try to break it: open World.");
}

async function take(index, redraw) {
  busy = true;
  redraw();
  const done = await STEPS[index].run();
  busy = false;
  if (done) at = Math.max(at, index + 1);
  sessionStorage.setItem("step", at);
  redraw();
}

async function ask(person, command) {
  actAs(person);
  go({ kind: "channel", name: homeChannel() });
  const box = await find(".pane .composer:not([hidden]) textarea");
  if (!box) return false;
  box.focus();
  for (const letter of command) {
    box.value += letter;
    box.dispatchEvent(new Event("input"));
    await pause(TYPING);
  }
  const before = cards().length;
  box.form.requestSubmit();
  return (
    (await until(() => cards().length > before)) ||
    refuse("Greenlight did not open a promotion; read its reply below.")
  );
}

async function press(person, words, promotion = latest(), patience = PATIENCE) {
  if (!promotion) return refuse("Ask for a promotion first.");
  actAs(person);
  showCard(promotion);
  const button = await find(
    `.pane [data-promotion="${CSS.escape(promotion)}"] button`,
    (one) => one.textContent.startsWith(words),
    patience,
  );
  if (!button) return refuse(`There is no “${words}” on the card of ${promotion} now.`);
  button.scrollIntoView({ block: "center" });
  button.classList.add("pressed-by-guide");
  await pause(BEAT);
  button.classList.remove("pressed-by-guide");
  button.click();
  return agree();
}

function showCard(promotion) {
  const room = cardOf(promotion)?.room;
  if (room && (ui.place.kind !== "channel" || ui.place.name !== room.name))
    go({ kind: "channel", name: room.name });
}

async function agree() {
  const yes = await find("dialog[open] button[value=yes]", () => true, 400);
  if (yes) {
    await pause(BEAT);
    yes.click();
  }
  return true;
}

function cards() {
  const all = channels().flatMap((room) => room.messages.map((message) => ({ room, message })));
  return all
    .filter(({ message }) => message.promotion)
    .sort((a, b) => Number(a.message.ts) - Number(b.message.ts));
}

function latest() {
  return cards().at(-1)?.message.promotion;
}

function cardOf(promotion) {
  return cards().find(({ message }) => message.promotion === promotion);
}

async function watch() {
  const promotion = latest();
  if (!promotion) return refuse("Ask for a promotion first.");
  actAs("ana");
  showCard(promotion);
  const { room, message } = cardOf(promotion);
  openThread(message, { channel: room.name });
  return (
    (await until(() => isOver(promotion), UNTIL_LIVE)) ||
    refuse(`${promotion} has not ended yet: look at its card, and press Watch again.`)
  );
}

// Only the end of this deploy lets the next step bend the next one.
function isOver(promotion) {
  const known = (world().promotions ?? []).find(({ id }) => id === promotion);
  return known !== undefined && !OPEN.has(known.phase);
}

async function fail() {
  look({ world: true, thread: null });
  await choose("Conclusion of the next run", "failure");
  await choose("Step that fails", "smoke");
  look({ world: false });
  return (await ask("ana", SECOND)) && (await press("bo", "Approve")) && press("cy", "Approve");
}

async function choose(label, value) {
  const field = await find(`.world select[aria-label="${label}"]`);
  field.scrollIntoView({ block: "center" });
  field.classList.add("pressed-by-guide");
  await pause(BEAT);
  field.value = value;
  field.dispatchEvent(new Event("change"));
  await pause(BEAT);
  field.classList.remove("pressed-by-guide");
}

async function rollBack() {
  if (!(await press("dee", "Roll back", latest(), UNTIL_FAILED))) return false;
  await bend({ run: { conclusion: "success", step: null } }); // the deploy has failed; the rollback may work
  const reason = await find("dialog[open] :is(textarea, input[type=text]:not([role]))", () => true, 3000);
  if (!reason) return true;
  reason.value = "smoke tests fail in production";
  await pause(BEAT);
  reason.form.requestSubmit();
  await closeReceipt();
  return true;
}

async function closeReceipt() {
  const close = await find("dialog[open]:not(:has([type=submit])) .dialog-foot button", () => true, 3000);
  if (!close) return;
  await pause(3 * BEAT); // long enough to read it
  close.click();
}

function refuse(words) {
  toast(words);
  return false;
}

async function find(selector, fits = () => true, patience = PATIENCE) {
  let found;
  await until(() => (found = [...document.querySelectorAll(selector)].find(fits)), patience);
  return found;
}

async function until(holds, patience = PATIENCE) {
  for (const end = Date.now() + patience; Date.now() < end; await pause(60)) if (holds()) return true;
  return false;
}
