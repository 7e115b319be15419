// Times as Slack shows them: in the reader's zone, relative to the playground's clock.

import { worldNow } from "./state.js";

const DAY = 86400;

/** Fill Slack's date tokens (`{date_short_pretty} {time}`) for seconds since the epoch. */
export function formatDate(seconds, format) {
  return format.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(seconds) ?? whole);
}

const TOKENS = {
  date_num: (at) => new Date(at * 1000).toISOString().slice(0, 10),
  date: (at) => local(at, { year: "numeric", month: "long", day: "numeric" }),
  date_long: (at) => local(at, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  date_short: (at) => local(at, { year: "numeric", month: "short", day: "numeric" }),
  date_pretty: (at) => relativeDay(at) ?? TOKENS.date(at),
  date_long_pretty: (at) => relativeDay(at) ?? TOKENS.date_long(at),
  date_short_pretty: (at) => relativeDay(at) ?? TOKENS.date_short(at),
  time: (at) => clockTime(at),
  time_secs: (at) => local(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  ago: (at) => ago(at),
};

function local(seconds, options) {
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(seconds * 1000));
}

/** Show hours and minutes in the reader's zone. */
export function clockTime(seconds) {
  return local(seconds, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Show a moment to the millisecond, in the reader's zone. */
export function preciseTime(seconds) {
  const part = { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 };
  return local(seconds, { ...part, hourCycle: "h23" });
}

/** Show the day of a moment: "Today", "Yesterday", or the weekday and date. */
export function dayName(seconds) {
  return relativeDay(seconds) ?? local(seconds, { weekday: "long", day: "numeric", month: "long" });
}

function relativeDay(seconds) {
  const days = Math.round((midnight(seconds) - midnight(worldNow())) / DAY);
  return { 0: "Today", 1: "Tomorrow", [-1]: "Yesterday" }[days];
}

function midnight(seconds) {
  return new Date(seconds * 1000).setHours(0, 0, 0, 0) / 1000;
}

/** Say how long ago a moment was, in words. */
export function ago(seconds) {
  const past = Math.max(0, worldNow() - seconds);
  if (past < 60) return "just now";
  if (past < 3600) return `${Math.floor(past / 60)} min ago`;
  if (past < DAY) return `${Math.floor(past / 3600)} h ago`;
  return `${Math.floor(past / DAY)} days ago`;
}
