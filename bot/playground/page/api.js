// The control API of the playground: everything the page does goes through these calls, so a script can do it too.

import { receive, ui, world } from "./state.js";
import { toast } from "./toasts.js";

/** Say `text` as the reader, in a channel or one of its threads. */
export function say(text, channel, thread = null) {
  return act("/play/say", { as: ui.person, channel, thread, text });
}

/** Press a control: `exact` names the message or view, the action and its value. */
export function click(exact) {
  return act("/play/click", { as: ui.person, ...exact });
}

/** Submit a modal; field errors come back under `errors`. */
export function submit(view, values) {
  return act("/play/submit", { as: ui.person, view, values });
}

/** Close a modal without submitting it. */
export function closeView(view) {
  return act("/play/close", { as: ui.person, view });
}

/** Open the App Home as the reader. */
export function openHome() {
  return act("/play/home", { as: ui.person });
}

/** Use a shortcut of Slack's menus, on a message when it is one for messages. */
export function shortcut(callback, message = null) {
  return act("/play/shortcut", { as: ui.person, shortcut: callback, message });
}

/** The exchanges between the bot and the outside that happened after a number. */
export async function traffic(after) {
  return (await got(`/play/traffic?after=${after}`)) ?? {};
}

/** Ask for the choices of an external select; `here` names its view or message. */
export async function options(here, action, block, query) {
  const answer = await act("/play/options", {
    as: ui.person,
    ...here,
    action_id: action,
    block_id: block,
    query,
  });
  return answer.options ?? [];
}

/** Bend the world; the answer is the world now. */
export function bend(change) {
  return act("/play/world", change);
}

/** Begin again from the world's start. */
export function reset() {
  return act("/play/reset", {});
}

async function act(path, body) {
  const answer = await post(path, body);
  if (answer.error) toast(answer.error, "error");
  return answer;
}

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch (problem) {
    if (!(problem instanceof TypeError || problem instanceof SyntaxError)) throw problem;
    return { error: "The playground did not answer. Is it still running?" };
  }
}

/** Follow the state by long poll, for ever; `lost` hears whether the playground answers. */
export async function follow(lost) {
  for (;;) {
    const answered = await poll();
    lost(!answered);
    if (!answered) await pause(1500);
  }
}

async function poll() {
  const state = await got(`/play/state${world() ? `?after=${world().revision}` : ""}`);
  if (state) receive(state);
  return Boolean(state);
}

async function got(path) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : null;
  } catch (problem) {
    if (!(problem instanceof TypeError || problem instanceof SyntaxError)) throw problem;
    return null;
  }
}

/** Wait for some milliseconds. */
export function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
