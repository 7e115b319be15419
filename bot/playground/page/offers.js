// What a composer offers while someone types: slash commands in a channel, mentions in a thread, where Slack has no commands.

const MOST_SHOWN = 7;

// What is put into the box, what it is for, and how it is written.
const COMMANDS = [
  [
    "/promote checkout@v2.14.3 to production because ",
    "Ask for a promotion",
    "/promote service@version to environment because reason",
  ],
  ["/promote", "Open the request form", "/promote"],
  [
    "/rollback checkout in production because ",
    "Go back to the last good version",
    "/rollback service [in environment] [to version] because reason",
  ],
  [
    "/promote plan checkout@v2.14.3 to production",
    "A rehearsal: what it would need",
    "/promote plan service@version to environment",
  ],
  ["/promote status checkout", "See what runs where", "/promote status [service, environment or P-1]"],
  ["/promote history checkout", "See what was deployed", "/promote history service [in environment] [7d]"],
  ["/promote why P-1", "Ask why it is blocked", "/promote why P-1"],
  ["/promote help", "Everything else", "/promote help [topic]"],
  ["/promote whoami", "What you may do", "/promote whoami"],
  ["/promote approve P-1", "Approve without the card", "/promote approve P-1 [note]"],
  ["/promote reject P-1 because ", "Say no", "/promote reject P-1 because reason"],
  ["/promote cancel P-1", "Call it off", "/promote cancel P-1 [because reason]"],
];
const MENTIONS = [
  ["@greenlight why", "Why is it where it is?", "@greenlight why"],
  ["@greenlight status", "What runs where", "@greenlight status"],
  ["@greenlight approve", "Approve this promotion", "@greenlight approve [note]"],
  ["@greenlight cancel because ", "Call it off", "@greenlight cancel because reason"],
  ["@greenlight help", "Everything else", "@greenlight help [topic]"],
];

/** The lines that fit what was typed in a channel. */
export function commandsFor(text) {
  return text.startsWith("@") ? fitting(MENTIONS, text) : fitting(COMMANDS, text, "/");
}

/** The lines that fit what was typed in a thread: a slash offers the mentions that work there instead. */
export function mentionsFor(text) {
  return text === "/" ? MENTIONS : fitting(MENTIONS, text, "@");
}

function fitting(all, text, start = "@") {
  if (!text.startsWith(start) || text.includes("\n")) return [];
  const words = text.trim().split(/\s+/);
  const verb = (one) => one[0].split(" ").slice(0, words.length).join(" ");
  return all
    .filter((one) => verb(one).startsWith(words.join(" ")) && one[0].trim() !== text.trim())
    .slice(0, MOST_SHOWN);
}
