// Text with what can be tapped in it: addresses, telephone numbers, commands. Built of text nodes, never of markup.

const SAFE = /^(https?:|tel:)/i;
const FOUND = new RegExp(
  [
    "(?<url>https?://[^\\s<>\"'\\u200e\\u200f\\u2068\\u2069]+)",
    "(?<phone>(?<![\\w/.,:+-])(?:\\+\\d|0)[\\d\\s()-]{7,16}\\d(?![\\w/]))",
    "(?<short>(?<![\\w£€$.,/:+-])(?:999|112|111|101|116\\s?123)(?![\\w/-]|[.,]\\d|\\s?\\d))",
    "(?<command>(?<![\\w/])/(?:language|help|menu|plan|person|privacy|mydata|delete|stop)\\b)",
  ].join("|"),
  "gu",
);

export const isSafe = (url) => SAFE.test(url);

/** Puts `text` into `place`; `onCommand` is called with the name of a tapped command. */
export function write(place, text, onCommand) {
  let at = 0;
  for (const match of text.matchAll(FOUND)) {
    const { url, phone, short, command } = match.groups;
    let shown = match[0];
    if (url) shown = shown.replace(/[.,;:!?)\]»”’؟،؛]+$/u, "");
    place.append(text.slice(at, match.index));
    at = match.index + shown.length;
    const digits = shown.replace(/[^\d+]/g, "");
    if (command) place.append(commandButton(shown, onCommand));
    else if (url) place.append(anchor(brief(shown), shown, true));
    else if (short || (phone && digits.length >= 10 && digits.length <= 15)) place.append(anchor(shown, `tel:${digits}`, false));
    else place.append(shown);
  }
  place.append(text.slice(at));
}

/** An address as people say it. */
const brief = (url) => url.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "");

/** A link, or plain text when the address is of a kind that we do not open. */
export function anchor(label, url, elsewhere) {
  if (!isSafe(url)) return document.createTextNode(label);
  const link = document.createElement("a");
  link.href = url;
  link.dir = "auto";
  link.textContent = label;
  if (url.startsWith("tel:")) link.dir = "ltr";
  if (elsewhere) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

function commandButton(shown, onCommand) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "command";
  button.dir = "ltr";
  button.textContent = shown;
  button.addEventListener("click", () => onCommand(shown.slice(1)));
  return button;
}
