// What stands at the very beginning of a channel: what it is for, and who is in it.

import { div, h, span } from "./dom.js";
import { appFace, face } from "./images.js";
import { homeChannel, people } from "./state.js";

/** The beginning of a channel, as the first item of its list. */
export function intro(channel) {
  const words = hintFor(channel);
  return {
    key: "intro",
    signature: JSON.stringify([channel.name, words]),
    build: () =>
      div(
        "intro",
        h("h2", {}, `This is the very beginning of #${channel.name}`),
        h("p", {}, words),
      ),
  };
}

/** Who is in a channel, as faces in its head. */
export function crowd(channel) {
  const members = people().filter((one) => channel.members?.includes(one.name));
  if (!members.length) return null;
  const count = members.length + (channel.bot_is_member ? 1 : 0);
  return h(
    "span",
    { class: "crowd", role: "img", "aria-label": `${count} members: ${namesOf(members, channel)}`, title: namesOf(members, channel) },
    channel.bot_is_member && appFace("small"),
    members.map((one) => face(one, "small")),
    span("crowd-count", String(count)),
  );
}

function namesOf(members, channel) {
  return [channel.bot_is_member && "Greenlight", ...members.map((one) => one.title)].filter(Boolean).join(", ");
}

/** What a channel is for, in a sentence or two. */
export function hintFor(channel) {
  if (!channel?.bot_is_member)
    return "Greenlight is not a member here, so it cannot post. To bring it in, type /invite @greenlight";
  if (channel.name === homeChannel())
    return "Greenlight posts its cards here. One promotion is one message, edited in place; what happened on the way is in its thread.";
  if (channel.name.startsWith("inc-"))
    return "Greenlight opened it because a deploy failed, and invited whoever asked, approved and is on call. The pinned card has the way back.";
  return `Type / to see what Greenlight can do. Cards of promotions go to #${homeChannel()}.`;
}
