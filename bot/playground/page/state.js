// What the page knows: the server's last state, and what this reader is looking at. Views subscribe and draw themselves.

const listeners = new Set();

/** The reader's own side: who they act as, where they look, what they have seen. */
export const ui = {
  person: "ana",
  place: { kind: "channel", name: "" },
  thread: null, // {ts, channel}
  world: false,
  traffic: false,
  rail: false,
  guide: localStorage.getItem("guide") !== "closed",
  seen: {}, // person -> place key -> newest ts seen
};

let server = null;

/** The server's last state, or null before the first answer. */
export function world() {
  return server;
}

/** Draw again whenever the state or the reader's side changes. */
export function subscribe(listener) {
  listeners.add(listener);
}

/** Take a new state from the server. */
export function receive(state) {
  const first = server === null;
  if (!first && offsetOf(state) < offsetOf(server)) ui.seen = {}; // a reset: time itself went back
  server = state;
  if (first) begin();
  changed();
}

/** Tell every view that something changed. */
export function changed() {
  markSeen();
  for (const listener of listeners) listener();
}

/** Show or hide the first steps, also after a reload. */
export function showGuide(shown) {
  localStorage.setItem("guide", shown ? "open" : "closed");
  look({ guide: shown });
}

/** Change the reader's side and draw. */
export function look(change) {
  Object.assign(ui, change);
  changed();
}

function begin() {
  const known = people().map((one) => one.name);
  const remembered = sessionStorage.getItem("person");
  ui.person = known.includes(remembered) ? remembered : (known[0] ?? "ana");
  ui.place = { kind: "channel", name: homeChannel() };
  for (const person of known) {
    ui.seen[person] = Object.fromEntries(
      channels().map((one) => [one.name, newest(messagesIn(one.name, person))]),
    );
    ui.seen[person][APP] = newest(privateOf(person));
  }
}

/** The channel where cards go when nobody says otherwise. */
export function homeChannel() {
  return (channels().find((one) => one.name === "deploys") ?? channels()[0])?.name ?? "";
}

const APP = "@greenlight";

function markSeen() {
  const mine = (ui.seen[ui.person] ??= {});
  if (ui.place.kind === "channel") mine[ui.place.name] = newest(messagesIn(ui.place.name));
  if (ui.place.kind === "messages") mine[APP] = newest(privateOf(ui.person));
}

function newest(messages) {
  return messages.reduce((latest, one) => (Number(one.ts) > Number(latest) ? one.ts : latest), "0");
}

/** The people of the playground, in order. */
export function people() {
  const listed = server?.people ?? [];
  return Array.isArray(listed) ? listed : Object.entries(listed).map(([name, one]) => ({ name, ...one }));
}

/** The person whom the reader acts as. */
export function me() {
  return people().find((one) => one.name === ui.person) ?? { name: ui.person, title: ui.person };
}

/** The person whom a Slack id or a name means, if there is one. */
export function personBy(id) {
  return people().find((one) => [one.name, one.slack, one.id, one.user].includes(id));
}

/** The channels, in order. */
export function channels() {
  return server?.channels ?? [];
}

/** Private messages to `person`, oldest first. */
export function privateOf(person) {
  return server?.private?.[person] ?? [];
}

/** What `person` sees in a channel: its messages and the replies that only they see, by time. */
export function messagesIn(name, person = ui.person) {
  const channel = channels().find((one) => one.name === name);
  if (!channel) return [];
  const broadcasts = channel.messages.flatMap((root) =>
    (root.thread ?? []).filter((one) => one.broadcast).map((one) => ({ ...one, root })),
  );
  const own = privateOf(person)
    .filter((one) => isIn(one, channel) && !one.thread_ts)
    .map(asPrivate);
  return [...channel.messages, ...broadcasts, ...own].sort((a, b) => Number(a.ts) - Number(b.ts));
}

/** What `person` sees in one thread, without its first message. */
export function repliesTo(root, channelName, person = ui.person) {
  const channel = channels().find((one) => one.name === channelName);
  const own = privateOf(person)
    .filter((one) => one.thread_ts === root.ts && isIn(one, channel))
    .map(asPrivate);
  return [...(root.thread ?? []), ...own].sort((a, b) => Number(a.ts) - Number(b.ts));
}

function isIn(message, channel) {
  return channel !== undefined && [channel.name, channel.id].includes(message.channel);
}

/** Mark a message as one that only its reader sees. */
export function asPrivate(message) {
  return { ...message, private: true };
}

/** How many messages in a channel `person` has not seen. */
export function unreadIn(name, person = ui.person) {
  const seen = Number(ui.seen[person]?.[name] ?? 0);
  return messagesIn(name, person).filter((one) => Number(one.ts) > seen && !isBy(one, person)).length;
}

/** How many direct messages `person` has not seen; replies inside a channel count there. */
export function unreadPrivate(person = ui.person) {
  const seen = Number(ui.seen[person]?.[APP] ?? 0);
  return privateOf(person).filter((one) => Number(one.ts) > seen && !channelOf(one)).length;
}

/** How many private replies and direct messages wait for `person`, wherever they are. */
export function newsFor(person) {
  const seen = ui.seen[person] ?? {};
  return privateOf(person).filter((one) => Number(one.ts) > Number(seen[channelOf(one)?.name ?? APP] ?? 0))
    .length;
}

/** The channel in which a private reply was given; none for a direct message. */
export function channelOf(message) {
  return channels().find((channel) => isIn(message, channel));
}

function isBy(message, person) {
  return personBy(message.user)?.name === person;
}

/** The shortcuts of Slack's menus: `global` beside the composer, `message` beside each message. */
export function shortcuts(kind) {
  return server?.shortcuts?.[kind] ?? [];
}

/** Names behind Slack's ids, for mentions. */
export const names = {
  person: (id) => (isBot(id) ? "Greenlight" : personBy(id)?.name),
  channel: (id) => channels().find((one) => [one.id, one.name].includes(id))?.name,
  group: (id) => (server?.groups ?? []).find((one) => one.id === id)?.handle,
  me: () => me().slack ?? me().id,
};

function isBot(id) {
  return id === (server?.bot_user ?? "U0GREENLIGHT");
}

/** Seconds since the epoch in the playground's time, which may be ahead of the real clock. */
export function worldNow() {
  return Date.now() / 1000 + offsetOf(server);
}

function offsetOf(state) {
  return Number(state?.world?.clock?.offset ?? 0);
}

/** Find a message and its channel by ts. */
export function findMessage(channelName, ts) {
  return messagesIn(channelName).find((one) => one.ts === ts && !one.root);
}
