// Messages as Slack lists them: by day, grouped by author, edited in place, with their threads.

import { click } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { classes, div, h, reconcile, span } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { appFace, face } from "./images.js";
import { textNodes } from "./mrkdwn.js";
import { look, personBy, ui } from "./state.js";
import { ago, clockTime, dayName } from "./time.js";

const GROUP_SECONDS = 300;
const NEAR_END = 80;

/**
 * Show messages in `list`, keeping scroll and focus. `place` is `{id, channel, thread}`: another id starts at the end.
 */
export function showMessages(list, messages, place) {
  const scroller = list.parentElement;
  const moved = list.dataset.place !== place.id;
  const atEnd = isNearEnd(scroller, NEAR_END);
  if (moved) list.replaceChildren();
  list.dataset.place = place.id;
  list.classList.toggle("settled", !moved);
  reconcile(
    list,
    messages.flatMap((message, index) => items(message, messages[index - 1], place)),
  );
  if (moved || atEnd) scroller.scrollTop = scroller.scrollHeight;
}

/** Say whether a scroller shows its end, give or take some pixels. */
export function isNearEnd(scroller, pixels) {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < pixels;
}

function items(message, before, place) {
  const day = dayName(Number(message.ts));
  const newDay = !place.thread && (!before || dayName(Number(before.ts)) !== day);
  const follows = !newDay && before !== undefined && isSameAuthor(before, message);
  const item = {
    key: `${message.ts}${message.root ? "-broadcast" : ""}`,
    signature: signature(message, follows),
    build: (old) => draw(message, follows, place, old),
  };
  return newDay ? [{ key: `day-${day}`, signature: day, build: () => dayLine(day) }, item] : [item];
}

function signature(message, follows) {
  const { thread = [], root, ...shown } = message;
  const replies = [thread.length, thread.at(-1)?.ts, thread.map((one) => one.user).join()];
  return JSON.stringify([
    shown,
    replies,
    root?.ts,
    follows,
    ui.person,
    thread.length ? ago(Number(thread.at(-1).ts)) : "",
  ]);
}

function isSameAuthor(before, message) {
  if (before.blocks?.length || message.blocks?.length) return false; // cards keep their face and their time
  const near = Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
  return (
    near &&
    authorOf(before) === authorOf(message) &&
    Boolean(before.private) === Boolean(message.private) &&
    !message.root &&
    !before.root &&
    !before.thread?.length
  );
}

function authorOf(message) {
  return message.slackbot ? "slackbot" : message.bot ? "greenlight" : message.user;
}

function faceOf(message, size = "") {
  if (message.slackbot)
    return h("span", { class: `avatar avatar-other ${size}`, "aria-hidden": "true" }, "S");
  return message.bot ? appFace(size) : face(personBy(message.user), size);
}

function nameOf(message) {
  if (message.slackbot) return "Slackbot";
  const person = personBy(message.user);
  return message.bot ? "Greenlight" : (person?.title ?? person?.name ?? "Somebody");
}

function dayLine(day) {
  return h("div", { class: "day", role: "separator" }, h("span", {}, day));
}

function draw(message, follows, place, old) {
  const changed = old !== undefined && old.dataset.text !== message.text;
  return h(
    "article",
    {
      class: classes(
        "message",
        follows && "follows",
        message.private && !isOwnPlace(place) && "private",
        changed && "changed",
      ),
      data: { ts: message.ts, promotion: message.promotion ?? "", text: message.text ?? "" },
    },
    div("message-side", follows ? span("message-clock", clockTime(Number(message.ts))) : faceOf(message)),
    div(
      "message-main",
      message.private && privateMark(message, place),
      message.root && threadOrigin(message.root, place),
      !follows && head(message),
      content(message, place),
      follows && editedMark(message),
      threadLine(message, place),
    ),
    canReply(message, place) && tools(message, place),
  );
}

function content(message, place) {
  const here = { message: message.ts, channel: message.channel ?? place.channel };
  const surface = { kind: "message", id: message.ts, here, press: (exact) => click({ ...here, ...exact }) };
  const words = () => div("section-text", textNodes(message.text));
  return div("message-body", message.blocks?.length ? drawBlocks(message.blocks, surface) : words());
}

function tools(message, place) {
  const open = () => openThread(message, place);
  return div("message-tools", iconButton("Reply in thread", "thread", open, { size: 16 }));
}

function privateMark(message, place) {
  const where = isOwnPlace(place) && whereSaid(message);
  return div("private-mark", icon("eye", 14), "Only visible to you", where);
}

function isOwnPlace(place) {
  return place.kind === "messages"; // everything there is private: no need to stand out
}

function whereSaid(message) {
  return message.channel_name ? h("span", {}, ` · in #${message.channel_name}`) : null;
}

function head(message) {
  return div(
    "message-head",
    span("message-author", nameOf(message)),
    message.bot && span("badge", "App"),
    h(
      "time",
      { class: "message-time", datetime: new Date(Number(message.ts) * 1000).toISOString() },
      clockTime(Number(message.ts)),
    ),
    editedMark(message),
  );
}

function editedMark(message) {
  return message.edited ? span("edited", "(edited)") : null;
}

function threadOrigin(root, place) {
  const words = (root.text ?? "").replace(/<[^>]*>/g, "").slice(0, 90);
  return h(
    "button",
    { type: "button", class: "thread-origin", onclick: () => openThread(root, place) },
    "replied to a thread: ",
    h("span", {}, words),
  );
}

function canReply(message, place) {
  return !place.thread && !message.private && !message.root && place.kind === "channel";
}

function threadLine(message, place) {
  const replies = message.thread ?? [];
  if (place.thread || !replies.length || message.root) return null;
  const authors = [...new Map(replies.map((one) => [authorOf(one), one])).values()].slice(0, 4);
  return h(
    "button",
    {
      type: "button",
      class: "thread-line",
      onclick: () => openThread(message, place),
      data: { focus: "thread" },
    },
    span(
      "thread-faces",
      authors.map((one) => faceOf(one, "small")),
    ),
    span("thread-count", replies.length === 1 ? "1 reply" : `${replies.length} replies`),
    span("thread-ago", ago(Number(replies.at(-1).ts))),
  );
}

/** Open the thread of a message in the panel at the right. */
export function openThread(message, place) {
  look({ thread: { ts: message.ts, channel: place.channel } });
}
