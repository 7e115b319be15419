// Slack's addresses of messages lead to the message on this page: there is no other Slack to go to.

import { channels, look } from "./state.js";

const ADDRESS = /^\/archives\/(\w+)\/p(\d{10})(\d{6})$/;

/** Follow the address of a message inside the page, wherever it is pressed. */
export function followPermalinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const place = link && placeOf(link);
    if (!place) return;
    event.preventDefault();
    link.closest("dialog")?.querySelector(".dialog-head button")?.click();
    show(place);
  });
}

function placeOf(link) {
  const found = ADDRESS.exec(link.pathname);
  const channel = found && channels().find((one) => one.id === found[1]);
  if (!channel) return null;
  return { channel, ts: `${found[2]}.${found[3]}`, root: new URL(link.href).searchParams.get("thread_ts") };
}

function show({ channel, ts, root }) {
  const thread = root && root !== ts ? { ts: root, channel: channel.name } : null;
  look({ place: { kind: "channel", name: channel.name }, thread, rail: false });
  requestAnimationFrame(() => {
    const message = document.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`);
    message?.scrollIntoView({ block: "center" });
    message?.focus({ preventScroll: true });
  });
}
