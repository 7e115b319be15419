// Messages as Slack lists them: by day, grouped by author, edited in place, with their threads.

import { click, shortcut } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { classes, div, h, reconcile, span } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { appFace, face } from "./images.js";
import { textNodes } from "./mrkdwn.js";
import { openMenu } from "./menu.js";
import { look, personBy, shortcuts, ui } from "./state.js";
import { roving } from "./roving.js";
import { ago, clockTime, dayName } from "./time.js";

const GROUP_SECONDS = 300;
const NEAR_END = 80;
const stops = new WeakMap(); // list -> what to call when its messages changed

/** Build an empty list of messages, in which the arrow keys move and Enter opens the thread. */
export function messageList(label) {
  const list = h("div", { class: "messages", role: "group", "aria-label": label });
  stops.set(list, roving(list, ".message"));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".message")) return;
    event.preventDefault(); // the box that gets the focus would take it as a new line
    event.target.querySelector("[data-focus=reply]")?.click();
  });
  return list;
}

/**
 * Show messages in `list`, keeping scroll and focus. `place` is `{id, channel, thread, intro, pins}`: another id starts
 * at the end.
 */
export function showMessages(list, messages, place) {
  const scroller = list.parentElement;
  const moved = list.dataset.place !== place.id;
  const atEnd = isNearEnd(scroller, NEAR_END);
  const isOther = list.dataset.person !== ui.person; // the same messages for other eyes: nothing arrives
  if (moved) list.replaceChildren();
  Object.assign(list.dataset, { place: place.id, person: ui.person });
  list.classList.toggle("settled", !moved && !isOther);
  const drawn = messages.flatMap((message, index) => items(message, messages[index - 1], place));
  reconcile(list, place.intro ? [place.intro, ...drawn] : drawn);
  stops.get(list)();
  if (moved || atEnd) scroller.scrollTop = scroller.scrollHeight;
}

/** Keep the end in sight when the room for a scroller changes: a drawer opens, a phone is turned. */
export function keepEnd(scroller) {
  let atEnd = true;
  scroller.addEventListener("scroll", () => (atEnd = isNearEnd(scroller, NEAR_END)));
  const isList = () => !scroller.firstChild.hidden && !scroller.classList.contains("is-empty");
  const stay = () => atEnd && isList() && scroller.scrollTo({ top: scroller.scrollHeight });
  new ResizeObserver(stay).observe(scroller);
  return scroller;
}

/** Say whether a scroller shows its end, give or take some pixels. */
export function isNearEnd(scroller, pixels) {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < pixels;
}

function items(message, before, place) {
  const day = dayName(Number(message.ts));
  const newDay = !place.thread && (!before || dayName(Number(before.ts)) !== day);
  const follows = !newDay && before !== undefined && isSameAuthor(before, message);
  const line = newDay ? day : place.replies > 0 && before?.ts === place.id && repliesLine(place.replies);
  const item = {
    key: `${message.ts}${message.root ? "-broadcast" : ""}`,
    signature: signature(message, follows, isPinned(message, place)),
    build: (old) => draw(message, follows, place, old),
  };
  if (!line) return [item];
  return [{ key: newDay ? `day-${day}` : "replies", signature: line, build: () => dayLine(line) }, item];
}

function repliesLine(count) {
  return count === 1 ? "1 reply" : `${count} replies`;
}

function signature(message, follows, pinned) {
  const { thread = [], root, ...shown } = message;
  const replies = [thread.length, thread.at(-1)?.ts, thread.map((one) => one.user).join()];
  return JSON.stringify([
    shown,
    replies,
    root?.ts,
    root?.text,
    follows,
    pinned,
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

function dayLine(words) {
  return h("div", { class: "day", role: "separator" }, h("span", {}, words));
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
        isPinned(message, place) && "pinned",
      ),
      data: { ts: message.ts, promotion: message.promotion ?? "", text: message.text ?? "" },
      "aria-label": `${nameOf(message)}, ${clockTime(Number(message.ts))}`,
      tabindex: -1,
    },
    div("message-side", follows ? span("message-clock", clockTime(Number(message.ts))) : faceOf(message)),
    div(
      "message-main",
      message.private && privateMark(message, place),
      isPinned(message, place) && div("pin-mark", icon("pin", 13), "Pinned"),
      message.root && threadOrigin(message.root, place),
      !follows && head(message),
      content(message, place),
      follows && editedMark(message),
      threadLine(message, place),
    ),
    !message.private && tools(message, place),
  );
}

function content(message, place) {
  const here = { message: message.ts, channel: message.channel ?? place.channel };
  const surface = { kind: "message", id: message.ts, here, press: (exact) => click({ ...here, ...exact }) };
  const words = () => div("section-text", textNodes(message.text));
  return div("message-body", message.blocks?.length ? drawBlocks(message.blocks, surface) : words());
}

function tools(message, place) {
  const reply = () => replyTo(message, place);
  const more = () =>
    openMenu(
      button,
      "More actions",
      shortcuts("message").map((one) => ({
        words: one.name,
        hint: one.description,
        act: () => shortcut(one.callback, { channel: message.channel ?? place.channel, ts: message.ts }),
      })),
    );
  const button = iconButton("More actions", "more", more, { size: 16 });
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.dataset.focus = "more";
  const replies = canReply(message, place) && iconButton("Reply in thread", "thread", reply, { size: 16 });
  if (replies) replies.dataset.focus = "reply";
  return div("message-tools", replies, button);
}

function privateMark(message, place) {
  const where = isOwnPlace(place) && whereSaid(message);
  return div("private-mark", icon("eye", 14), "Only visible to you", where);
}

function isPinned(message, place) {
  return !message.root && (place.pins ?? []).includes(message.ts);
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
  return h(
    "button",
    { type: "button", class: "thread-origin", onclick: () => openThread(root, place) },
    "replied to a thread: ",
    h("span", {}, plain(root.text)),
  );
}

function plain(text = "") {
  return text.replace(/<[^>|]*\|([^>]*)>/g, "$1").replace(/<[^>]*>/g, "");
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
      onclick: () => replyTo(message, place),
      data: { focus: "thread" },
    },
    span(
      "thread-faces",
      authors.map((one) => faceOf(one, "small")),
    ),
    span("thread-count", repliesLine(replies.length)),
    span("thread-ago", ago(Number(replies.at(-1).ts))),
  );
}

function replyTo(message, place) {
  openThread(message, place);
  if (matchMedia("(hover: hover)").matches) document.querySelector("#thread textarea").focus();
}

/** Open the thread of a message in the panel at the right. */
export function openThread(message, place) {
  look({ thread: { ts: message.ts, channel: place.channel } });
}
