// The middle of the page: a channel, the app's messages to this person, or its home.

import { click, say } from "./api.js";
import { drawBlock } from "./blocks.js";
import { composer, placeKey } from "./composer.js";
import { div, h, reconcile, span } from "./dom.js";
import { icon } from "./icons.js";
import { appFace } from "./images.js";
import { crowd, hintFor, intro } from "./intro.js";
import { welcome } from "./welcome.js";
import { isNearEnd, keepEnd, messageList, showMessages } from "./messages.js";
import { commandsFor } from "./offers.js";
import { go } from "./rail.js";
import { asPrivate, channelOf, channels, homeChannel, messagesIn, privateOf, subscribe, ui, world } from "./state.js";

/** Build the pane and keep it current. */
export function drawPane(pane) {
  const head = div("pane-head");
  const list = messageList("Messages");
  const home = div("home");
  const scroller = h(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": "Conversation" },
    list,
    home,
  );
  const box = composer(
    "Message",
    (text) => {
      scroller.scrollTop = scroller.scrollHeight; // who says something wants to see the answer
      return say(text, ui.place.kind === "messages" ? "greenlight" : ui.place.name);
    },
    () => placeKey(),
    commandsFor,
  );
  pane.append(head, div("scroll-frame", keepEnd(scroller), toEnd(scroller)), box.node);
  subscribe(() => {
    reconcile(head, [title()]);
    const isHome = ui.place.kind === "home";
    list.hidden = isHome;
    home.hidden = !isHome;
    box.node.hidden = isHome;
    if (isHome) showHome(home);
    else showConversation(list, home);
    box.placeholder(placeholder());
    box.restore();
  });
}

function placeholder() {
  const where = ui.place.kind === "channel" ? `#${ui.place.name}` : "Greenlight";
  return innerWidth > 760 ? `Message ${where}, or type / for commands` : `Message ${where}`;
}

function toEnd(scroller) {
  const button = h(
    "button",
    {
      type: "button",
      class: "to-end",
      hidden: true,
      onclick: () => scroller.scrollTo({ top: scroller.scrollHeight }),
    },
    icon("down", 14),
    "Newest",
  );
  scroller.addEventListener("scroll", () => (button.hidden = isNearEnd(scroller, 240)));
  return button;
}

function title() {
  const { kind, name } = ui.place;
  const channel = channels().find((one) => one.name === name) ?? {};
  return {
    key: "title",
    signature: JSON.stringify([kind, name, channel.topic, channel.members, channel.bot_is_member]),
    build: () => div("pane-title", ...heading(kind, name, channel)),
  };
}

function heading(kind, name, channel) {
  if (kind === "channel")
    return [icon("hash"), h("h1", {}, name), channel.topic && span("topic", channel.topic), crowd(channel)].filter(Boolean);
  return [appFace(), h("h1", {}, "Greenlight"), span("badge", "App"), tabs(kind)];
}

const TABS = [
  ["home", "Home"],
  ["messages", "Messages"],
];

function tabs(kind) {
  const tab = ([name, words]) =>
    h(
      "button",
      {
        type: "button",
        class: "tab",
        "aria-current": name === kind ? "page" : null,
        data: { focus: name },
        onclick: () => go({ kind: name, name: "" }),
      },
      words,
    );
  return h("nav", { class: "tabs", "aria-label": "Greenlight" }, TABS.map(tab));
}

function showConversation(list, home) {
  home.dataset.person = "";
  const { kind, name } = ui.place;
  const messages = kind === "channel" ? messagesIn(name) : privateOf(ui.person).map(withChannel);
  if (messages.length === 0) return empty(list, kind, name);
  list.parentElement.classList.remove("is-empty");
  const channel = kind === "channel" && channels().find((one) => one.name === name);
  const place = { id: [kind, name].join("/"), kind, channel: name, thread: false, pins: channel?.pins };
  return showMessages(list, messages, { ...place, intro: channel ? intro(channel) : null });
}

function withChannel(message) {
  const channel = channelOf(message);
  return channel ? asPrivate({ ...message, channel_name: channel.name }) : message;
}

const PRIVATE_HINT = "Replies that only you see, and its reminders, are kept here.";

function empty(list, kind, name) {
  if (list.dataset.place) list.parentElement.scrollTop = 0;
  list.parentElement.classList.add("is-empty");
  list.dataset.place = "";
  if (kind === "channel" && name === homeChannel()) return reconcile(list, [welcome()]);
  const words =
    kind === "channel" ? `This is the very beginning of #${name}.` : "Greenlight has not written to you yet.";
  return reconcile(list, [
    {
      key: "empty",
      signature: words,
      build: () =>
        div("empty", appFace("large"), h("p", { class: "empty-title" }, words), h("p", {}, kind === "channel" ? hintFor(channels().find((one) => one.name === name)) : PRIVATE_HINT)),
    },
  ]);
}

function showHome(home) {
  const view = world()?.home?.[ui.person];
  const blocks = view?.blocks ?? [];
  const here = { view: view?.id };
  const surface = { kind: "home", id: view?.id, here, press: (exact) => click({ ...here, ...exact }) };
  if (home.dataset.person !== ui.person) home.parentElement.scrollTop = 0;
  home.dataset.person = ui.person;
  const items = blocks.map((block, index) => ({
    key: block.block_id ?? String(index),
    signature: JSON.stringify([block, ui.person]),
    build: () => drawBlock(block, surface),
  }));
  const nothing = {
    key: "nothing",
    signature: "",
    build: () =>
      div(
        "empty",
        appFace("large"),
        h("p", { class: "empty-title" }, "No home yet"),
        h("p", {}, "Greenlight publishes it when you open it."),
      ),
  };
  reconcile(home, items.length ? items : [nothing]);
}
