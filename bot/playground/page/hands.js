// The hands of the guide: they type into the box and press the buttons that a person would, slowly enough to be seen.

import { pause } from "./api.js";
import { openThread } from "./messages.js";
import { go } from "./rail.js";
import { channels, homeChannel, ui, world } from "./state.js";
import { toast } from "./toasts.js";
import { actAs } from "./topbar.js";

const PATIENCE = 12000;
const OPEN = new Set(["waiting", "dispatching", "deploying", "verifying", "unknown"]);
const BEAT = 500; // long enough to see what is about to be pressed
const TYPING = 14;
const UNDERWAY = /^P-\d+: (starting|deploying|verifying)/; // the last edit of a card follows a moment later

/** Type a line in the home channel as somebody, send it, and wait until `came` holds. */
export async function type(person, line, came) {
  actAs(person);
  go({ kind: "channel", name: homeChannel() });
  const box = await find(".pane .composer:not([hidden]) textarea");
  if (!box) return false;
  box.value = "";
  box.focus();
  for (const letter of line) {
    box.value += letter;
    box.dispatchEvent(new Event("input"));
    await pause(TYPING);
  }
  box.form.requestSubmit();
  return (await until(came)) || refuse("Greenlight has not done it; read its reply below.");
}

/** Press a button on a promotion's card as somebody, and agree when it asks. */
export async function press(person, words, promotion = latest(), patience = PATIENCE) {
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
  await highlighted(button);
  button.click();
  return agree();
}

async function highlighted(node) {
  node.classList.add("pressed-by-guide");
  await pause(BEAT);
  node.classList.remove("pressed-by-guide");
}

async function agree() {
  const yes = await find("dialog[open] button[value=yes]", () => true, 400);
  if (yes) {
    await pause(BEAT);
    yes.click();
  }
  return true;
}

/** Choose a value in the world drawer. */
export async function choose(label, value) {
  const field = await find(`.world select[aria-label="${label}"]`);
  field.scrollIntoView({ block: "center" });
  await highlighted(field);
  field.value = value;
  field.dispatchEvent(new Event("change"));
  await pause(BEAT);
}

/** Fill in the open form's reason and send it; close what tells of its success. */
export async function sendForm(words) {
  const field = "dialog[open] :is(textarea, input[type=text]:not([role]))";
  const reason = await find(field, () => true, 3000);
  if (!reason) return true;
  reason.value = words;
  await pause(BEAT);
  reason.form.requestSubmit();
  const close = await find("dialog[open]:not(:has([type=submit])) .dialog-foot button", () => true, 3000);
  if (close) {
    await pause(3 * BEAT); // long enough to read it
    close.click();
  }
  return true;
}

/** Look at a promotion's card and its thread until it has ended. */
export async function follow(promotion, patience) {
  if (!promotion) return refuse("Ask for a promotion first.");
  showCard(promotion);
  const { room, message } = cardOf(promotion);
  if (matchMedia("(min-width: 1001px)").matches) openThread(message, { channel: room.name });
  const end = await until(() => isOver(promotion), patience);
  if (end) await until(() => !UNDERWAY.test(cardOf(promotion)?.message.text ?? ""), PATIENCE);
  return end || refuse(`${promotion} has not ended yet: look at its card, and press the step again.`);
}

function showCard(promotion) {
  const room = cardOf(promotion)?.room;
  if (room && (ui.place.kind !== "channel" || ui.place.name !== room.name))
    go({ kind: "channel", name: room.name });
}

function isOver(promotion) {
  const known = (world().promotions ?? []).find(({ id }) => id === promotion);
  return known !== undefined && !OPEN.has(known.phase);
}

/** The cards of promotions, oldest first, with the channel that each is in. */
export function cards() {
  const all = channels().flatMap((room) => room.messages.map((message) => ({ room, message })));
  return all
    .filter(({ message }) => message.promotion)
    .sort((a, b) => Number(a.message.ts) - Number(b.message.ts));
}

/** The promotion whose card came last. */
export function latest() {
  return cards().at(-1)?.message.promotion;
}

/** The next promotion after one, once its card is there. */
export async function promotionAfter(promotion) {
  const number = (id) => Number(id.slice(2));
  const next = () => cards().find(({ message }) => number(message.promotion) > number(promotion));
  await until(next);
  return next()?.message.promotion ?? promotion;
}

/** The card of a promotion and its channel. */
export function cardOf(promotion) {
  return cards().find(({ message }) => message.promotion === promotion);
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
