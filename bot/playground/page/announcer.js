// Says new and edited messages aloud for screen readers: the text of a message is its whole sentence.

import { messagesIn, privateOf, subscribe, ui } from "./state.js";
import { toast } from "./toasts.js";

const MOST = 3;

/** Show as a notice what Slack itself says of the app, such as that it did not answer in time. */
export function notice() {
  const told = new Map();
  subscribe(() => {
    const said = privateOf(ui.person).filter((one) => one.slackbot);
    const before = told.get(ui.person);
    told.set(ui.person, said.length);
    if (before !== undefined && said.length > before) toast(said.at(-1).text, "error");
  });
}

/** Speak what is new where the reader looks; what was there when they arrived stays silent. */
export function announce(region) {
  let place = "";
  let known = new Map();
  subscribe(() => {
    const here = [ui.person, ui.place.kind, ui.place.name].join("/");
    const messages = spoken();
    const fresh = [...messages].filter(([ts, text]) => known.get(ts) !== text).map(([, text]) => text);
    if (here === place && fresh.length) region.textContent = fresh.slice(-MOST).join(" ");
    place = here;
    known = messages;
  });
}

function spoken() {
  const messages = ui.place.kind === "channel" ? messagesIn(ui.place.name) : privateOf(ui.person);
  const withThreads = messages.flatMap((one) => [one, ...(one.thread ?? [])]);
  return new Map(withThreads.map((one) => [one.ts, (one.text ?? "").replace(/<[^>|]*\|([^>]*)>/g, "$1")]));
}
