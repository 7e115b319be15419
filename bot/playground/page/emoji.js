// Emoji by shortcode. Those that carry a promotion's state are drawn here, because not every machine has an emoji font
// and a state must look the same everywhere; the rest are left to the reader's font.

import { h } from "./dom.js";
import { svgElement } from "./icons.js";

const UNICODE = {
  hourglass_flowing_sand: "⏳",
  hourglass: "⌛",
  raised_hand: "✋",
  hand: "✋",
  timer_clock: "⏲️",
  lock: "🔒",
  unlock: "🔓",
  warning: "⚠️",
  satellite_antenna: "📡",
  rocket: "🚀",
  mag: "🔍",
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  x: "❌",
  grey_question: "❔",
  question: "❓",
  boom: "💥",
  leftwards_arrow_with_hook: "↩️",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  wave: "👋",
  rotating_light: "🚨",
  arrow_right: "➡️",
  arrow_up: "⬆️",
  arrow_left: "⬅️",
  arrow_down: "⬇️",
  tada: "🎉",
  eyes: "👀",
  snowflake: "❄️",
  ice_cube: "🧊",
  stopwatch: "⏱️",
  bell: "🔔",
  no_bell: "🔕",
  pushpin: "📌",
  link: "🔗",
  clipboard: "📋",
  bulb: "💡",
  thumbsup: "👍",
  "+1": "👍",
  thumbsdown: "👎",
  "-1": "👎",
  red_circle: "🔴",
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  white_circle: "⚪",
  bust_in_silhouette: "\u{1F464}",
  black_circle: "⚫",
  memo: "📝",
  key: "🔑",
  shield: "🛡️",
  package: "📦",
  gear: "⚙️",
  books: "📚",
  house: "🏠",
  fire: "🔥",
  pager: "📟",
  speech_balloon: "💬",
  hammer_and_wrench: "🛠️",
  construction: "🚧",
  double_vertical_bar: "⏸️",
  arrow_forward: "▶️",
  black_square_for_stop: "⏹️",
  repeat: "🔁",
  arrows_counterclockwise: "🔄",
  sparkles: "✨",
  zzz: "💤",
  robot_face: "🤖",
  information_source: "ℹ️",
  heavy_minus_sign: "➖",
  white_small_square: "▫️",
  white_large_square: "⬜",
  alarm_clock: "⏰",
  black_small_square: "▪️",
  point_right: "👉",
};

// Each drawing is a list of [fill, path] on a 24-unit grid; "none:colour" is a stroke.
const ART = {
  white_check_mark: [
    ["#1f9d63", "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z"],
    ["none:#fff", "M7 12.500l3.500 3.500L17 8.500"],
  ],
  x: [["none:#dc3a4d", "M5 5l14 14M19 5 5 19"]],
  warning: [
    ["#f4b83a", "M12 2.500 23 21.500H1z"],
    ["none:#4a3200", "M12 9v6M12 18.200v.1"],
  ],
  no_entry: [
    ["#d8384b", "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z"],
    ["#fff", "M6 10h12v4H6z"],
  ],
  grey_question: [
    ["#8e9a95", "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z"],
    ["none:#fff", "M9 9.500a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.200M12 17.500v.1"],
  ],
  arrow_right: [
    ["#4d7fd6", "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z"],
    ["none:#fff", "M6.500 12h10M12.500 7.500 17 12l-4.500 4.500"],
  ],
  leftwards_arrow_with_hook: [
    ["#4d7fd6", "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z"],
    ["none:#fff", "M10 7 6 11l4 4M6.500 11H15a3 3 0 0 1 0 6h-3"],
  ],
  lock: [
    ["none:#8a7a4d", "M8 11V8a4 4 0 0 1 8 0v3"],
    [
      "#e8b64c",
      "M6 10.500h12a1.500 1.500 0 0 1 1.500 1.500v8.500A1.500 1.500 0 0 1 18 22H6a1.500 1.500 0 0 1-1.500-1.500V12A1.500 1.500 0 0 1 6 10.500z",
    ],
    ["#6d5418", "M12 14a1.600 1.600 0 0 1 .8 3v2h-1.600v-2a1.600 1.600 0 0 1 .8-3z"],
  ],
  hourglass_flowing_sand: [
    ["#c98f3d", "M5 2h14v2.500H5zM5 19.500h14V22H5z"],
    [
      "#f6e3bd",
      "M6.500 4.500h11c0 4-2 5.500-4.300 7.500 2.300 2 4.300 3.500 4.300 7.500h-11c0-4 2-5.500 4.300-7.500C8.500 10 6.500 8.500 6.500 4.500z",
    ],
    ["#e3a13c", "M8.500 7.500h7L12 11.500zM8 19.500c.5-2.500 2-3.500 4-4.500 2 1 3.500 2 4 4.500z"],
  ],
  raised_hand: [
    [
      "#f2b84b",
      "M11 2.500a1.300 1.300 0 0 1 2.600 0V10h.4V3.800a1.300 1.300 0 0 1 2.600 0V11h.4V6.500a1.300 1.300 0 0 1 2.500 0V15c0 4.500-2.800 7.500-7 7.500-3.300 0-5-1.500-6.500-4.500L3.700 13.500c-.7-1.600 1.200-2.600 2.300-1.300L8 14.500V4.800a1.300 1.300 0 0 1 2.600 0V10h.4z",
    ],
  ],
  wave: [
    [
      "#f2b84b",
      "M9.500 5a1.300 1.300 0 0 1 2.300-.9l4 5.400.4-.3-2.600-4.200a1.300 1.300 0 0 1 2.200-1.300l4 6.800c2.300 4 1.300 8.300-2 10.500-3.300 2.100-6.500 1.200-9-1.700l-5.600-6.600a1.300 1.300 0 0 1 2-1.700l3 3.300.4-.3-4-5.500a1.300 1.300 0 0 1 2.100-1.500l4.200 5.500.4-.3-2.300-4z",
    ],
    ["none:#8e9a95", "M3 8a6 6 0 0 1 3-4M20 21.500a6 6 0 0 0 2.500-3.500"],
  ],
  timer_clock: [
    ["#6b7a74", "M10 1.500h4V4h-4zM12 4a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
    ["#f4f6f5", "M12 6a7 7 0 1 0 0 14 7 7 0 0 0 0-14z"],
    ["none:#d8384b", "M12 13V8.500M12 13l3 2"],
  ],
  satellite_antenna: [
    ["#8fa0a8", "M5 8a9.500 9.500 0 0 0 11 11z"],
    ["none:#5d6b72", "M8 20l-2 2h9M11 13l5-5"],
    ["none:#4d7fd6", "M15 4.500A5 5 0 0 1 19.500 9M15 1.500A8 8 0 0 1 22.500 9"],
  ],
  rocket: [
    ["#e2593f", "M5 14c-2 1-3 4-3 8 4 0 7-1 8-3z"],
    ["#dfe6ea", "M21.500 2.500C15 2 10 5 7 12l5 5c7-3 10-8 9.500-14.500z"],
    ["#3f8fd0", "M15 6.500a2.500 2.500 0 1 0 .1 0z"],
    ["#d8384b", "M8.500 8.500 3.500 10l3 3zM15.500 15.500 14 20.500l-3-3z"],
  ],
  mag: [
    ["#cfe3f5", "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z"],
    ["none:#54636b", "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM15.500 15.500 21 21"],
  ],
  boom: [
    [
      "#f0913a",
      "M12 1l2.500 5.500L20 4l-1.500 6L23 13l-5.500 1.500L18 21l-5-3.500L8 22l-.5-6L1 14l5-3-2-6.500L9.500 7z",
    ],
    [
      "#f9d65c",
      "M12 8l1.200 2.600 2.800-.9-1 2.800 2 1.700-2.600.6-.2 2.700-2.200-1.700-2.200 1.700-.1-2.700L7 14l2.300-1.300L8.500 10l2.500.6z",
    ],
  ],
  rotating_light: [
    ["#9aa6ac", "M4 18h16v4H4z"],
    ["#d8384b", "M6 18v-6a6 6 0 0 1 12 0v6z"],
    ["none:#f08a8f", "M12 3V1M5 5 3.500 3.500M19 5l1.500-1.500"],
  ],
  snowflake: [
    [
      "none:#4fa3d8",
      "M12 2v20M3.500 7l17 10M20.500 7l-17 10M9 3.500l3 2.500 3-2.500M9 20.500l3-2.500 3 2.500",
    ],
  ],
  white_large_square: [
    ["#cdd4d1", "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z"],
    ["#fff", "M6.500 4h11a2.500 2.500 0 0 1 2.500 2.500v11a2.500 2.500 0 0 1-2.500 2.500h-11A2.500 2.500 0 0 1 4 17.500v-11A2.500 2.500 0 0 1 6.500 4z"],
  ],
  information_source: [
    ["#4d7fd6", "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z"],
    ["none:#fff", "M12 11v6.500M12 7v.1"],
  ],
  white_small_square: [
    ["#aeb8b3", "M8 7h8a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1z"],
    ["#fff", "M9 9h6v6H9z"],
  ],
  alarm_clock: [
    ["#d8384b", "M12 5a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z"],
    ["#f4f6f5", "M12 7.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12z"],
    ["none:#54636b", "M12 10v3.500l2.500 1.500M3 6.500 6.500 3M21 6.500 17.500 3"],
  ],
  clipboard: [
    ["#b98a4e", "M6 4h12a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"],
    ["#fff", "M7 7h10v12H7z"],
    ["#8fa0a8", "M9 2h6v4H9z"],
  ],
  large_green_circle: [["#2aa869", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"]],
  red_circle: [["#d8384b", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"]],
  eyes: [
    ["#f4f6f5", "M7 5c-2.500 0-4.500 3-4.500 7s2 7 4.500 7 4.500-3 4.500-7-2-7-4.500-7zM17 5c-2.500 0-4.500 3-4.500 7s2 7 4.500 7 4.500-3 4.500-7-2-7-4.500-7z"],
    ["none:#54636b", "M7 5c-2.500 0-4.500 3-4.500 7s2 7 4.500 7 4.500-3 4.500-7-2-7-4.500-7zM17 5c-2.500 0-4.500 3-4.500 7s2 7 4.500 7 4.500-3 4.500-7-2-7-4.500-7z"],
    ["#2b3439", "M5.500 9.500c-1.300 0-2 1.300-2 3s.7 3 2 3 2-1.300 2-3-.7-3-2-3zM15.500 9.500c-1.300 0-2 1.300-2 3s.7 3 2 3 2-1.300 2-3-.7-3-2-3z"],
  ],
  memo: [
    ["#f4f6f5", "M5 2h14v20H5z"],
    ["none:#9aa6ac", "M8 7h8M8 11h8M8 15h4"],
    ["#f0a83a", "M21.500 11.500 14 19l-2.500 1 1-2.500L20 10z"],
  ],
  bust_in_silhouette: [
    ["#4d7fd6", "M12 3a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z"],
    ["#4d7fd6", "M3.500 21c0-5 3.500-7.500 8.500-7.500s8.500 2.500 8.500 7.500z"],
  ],
  white_circle: [["#cdd4d1", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"]],
};
ART.hand = ART.raised_hand;
ART.hourglass = ART.hourglass_flowing_sand;
ART.question = ART.grey_question;

/** Say whether `name` is a shortcode that can be drawn. */
export function isEmoji(name) {
  return name in UNICODE;
}

/** Draw the emoji of a shortcode; one that nobody knows stays readable as `:name:`. */
export function emoji(name, unicode) {
  const label = name.replaceAll("_", " ");
  if (ART[name]) return h("span", { class: "emoji", role: "img", "aria-label": label }, drawing(ART[name]));
  const glyph = unicode ?? UNICODE[name];
  return glyph
    ? h("span", { class: "emoji", role: "img", "aria-label": label }, glyph)
    : document.createTextNode(`:${name}:`);
}

function drawing(layers) {
  const svg = svgElement("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "emoji-art" });
  for (const [paint, d] of layers) svg.append(svgElement("path", { d, ...painted(paint) }));
  return svg;
}

function painted(paint) {
  if (!paint.startsWith("none:")) return { fill: paint };
  return {
    fill: "none",
    stroke: paint.slice(5),
    "stroke-width": 2.4,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  };
}
