// The page's words: given with the page, changed in place when the language changes.

let words = JSON.parse(document.body.dataset.words);

export const say = (key) => words[key] ?? "";
export const language = () => document.documentElement.lang;

/** An element that says `key`, now and after a change of language. */
export function spoken(tag, key, className) {
  const element = document.createElement(tag);
  element.dataset.text = key;
  element.textContent = say(key);
  if (className) element.className = className;
  return element;
}

/** Changes every word and the direction of the page. What was said in the conversation stays as it was said. */
export async function speak(code) {
  if (code === language()) return true;
  try {
    const answer = await fetch(`/chat/words?lang=${encodeURIComponent(code)}`, { signal: AbortSignal.timeout(15000) });
    if (!answer.ok) return false;
    const found = await answer.json();
    words = found.words;
    document.documentElement.lang = found.language;
    document.documentElement.dir = found.dir;
  } catch {
    return false;
  }
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = say(element.dataset.placeholder);
  for (const link of document.querySelectorAll("[data-language]")) {
    if (link.dataset.language === language()) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  showLanguage();
  return true;
}

/** The chosen language stands in the middle of the bar: on a phone not all of them fit. */
export function showLanguage() {
  // the bar is scrolled, not the link into view: that would move the place from which Tab begins
  const chosen = document.querySelector("[data-language][aria-current]");
  const bar = chosen?.closest("ul");
  if (bar) {
    const [link, box] = [chosen.getBoundingClientRect(), bar.getBoundingClientRect()];
    bar.scrollLeft += link.left + link.width / 2 - (box.left + box.width / 2);
  }
}
