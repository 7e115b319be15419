// The thread panel at the right: a message, its replies, and a composer of its own.

import { say } from "./api.js";
import { composer, placeKey } from "./composer.js";
import { div, h, span } from "./dom.js";
import { iconButton } from "./icons.js";
import { keepEnd, messageList, showMessages } from "./messages.js";
import { mentionsFor } from "./offers.js";
import { findMessage, look, repliesTo, subscribe, ui } from "./state.js";

/** Build the panel and keep it current. */
export function drawThread(panel) {
  const where = span("topic");
  const list = messageList("Replies");
  const box = composer(
    "Reply in thread",
    (text) => say(text, ui.thread.channel, ui.thread.ts),
    () => placeKey(ui.thread?.ts),
    mentionsFor,
  );
  box.placeholder("Reply, or @greenlight why");
  const mention = h("p", { class: "composer-hint" }, "No slash commands in threads: write ");
  mention.append(h("code", {}, "@greenlight why"));
  panel.append(
    div(
      "pane-head",
      div("pane-title", h("h2", {}, "Thread"), where),
      iconButton("Close the thread", "close", close),
    ),
    keepEnd(h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Thread messages" }, list)),
    box.node,
    mention,
  );
  panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  subscribe(() => {
    const root = ui.thread && findMessage(ui.thread.channel, ui.thread.ts);
    panel.hidden = !root;
    document.body.classList.toggle("with-thread", Boolean(root));
    if (!root) return;
    where.textContent = `#${ui.thread.channel}`;
    showMessages(list, [root, ...repliesTo(root, ui.thread.channel)], {
      id: root.ts,
      kind: "channel",
      channel: ui.thread.channel,
      thread: true,
      replies: (root.thread ?? []).length,
    });
    box.restore();
  });
}

function close() {
  const { ts } = ui.thread;
  look({ thread: null });
  document.querySelector(`.pane .message[data-ts="${CSS.escape(ts)}"]`)?.focus({ preventScroll: true });
}
