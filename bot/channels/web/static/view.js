// The conversation on the screen.

import { anchor, isSafe, write } from "./links.js";
import { drawing } from "./drawing.js";
import { language, say, spoken } from "./words.js";

const log = document.getElementById("log");
const newest = document.getElementById("newest");
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const RECENT = 15000; // milliseconds; what comes within them answers what the person just did
const WHO = { bot: "bridge", person: "you", staff: "caseworker" };

export class View {
  /** `on.tap(token, label)`, `on.command(name)`, `on.edit(text)` */
  constructor(on) {
    this.on = on;
    this.ids = new Set();
    this.day = "";
    this.asked = null;
    this.askedAt = 0;
    newest.addEventListener("click", () => this.toEnd());
    addEventListener("scroll", () => this.#hint(), { passive: true });
    addEventListener("resize", () => this.#hint(), { passive: true });
  }

  clear() {
    log.replaceChildren();
    this.ids.clear();
    this.day = "";
  }

  /** While a whole conversation is put on the screen nothing of it is read out. */
  busy(is) {
    log.setAttribute("aria-busy", String(is));
  }

  /** Adds a line, once. `mine`: the id under which it waits to be sent. */
  add(line, mine) {
    if (line.id && this.ids.has(line.id)) return;
    if (line.id) this.ids.add(line.id);
    if (line.chose) this.mark(line.chose);
    const wasAtEnd = this.#isAtEnd();
    this.#dayOf(line.at);
    const row = document.createElement("div");
    row.className = `line ${line.sender}`;
    if (mine) row.dataset.mine = mine;
    row.append(this.#bubble(line));
    if (line.paper) row.append(this.#paper(line, row, wasAtEnd));
    if (line.rows?.length) row.append(this.#choices(line));
    if (line.pending) this.#note(row, "pending");
    log.append(row);
    if (mine) [this.asked, this.askedAt] = [row, Date.now()];
    if (mine) this.toEnd();
    else if (log.getAttribute("aria-busy") === "true") this.#show(row, 0);
    else if (wasAtEnd) this.#show(Date.now() - this.askedAt < RECENT ? this.asked : row, scrollY);
    this.#hint();
  }

  /** Puts something under a line of the person's, until `became` takes it away. */
  under(mine, ...elements) {
    const note = document.createElement("p");
    note.className = "note-line";
    note.append(...elements);
    log.querySelector(`[data-mine="${CSS.escape(mine)}"]`)?.append(note);
    this.toEnd();
  }

  /** What became of a line of the person's: "waiting", "sent", "failed" with a reason; `again` tries once more. */
  became(mine, state, reason, text, again) {
    const row = log.querySelector(`[data-mine="${CSS.escape(mine)}"]`);
    if (!row) return;
    const wasAtEnd = this.#isAtEnd();
    row.querySelector(".note-line")?.remove();
    row.classList.toggle("is-waiting", state === "waiting");
    row.classList.toggle("is-failed", state === "failed");
    if (state === "waiting") this.#note(row, "waiting");
    if (state === "failed") {
      const note = this.#note(row, "failed");
      if (reason) note.append(" ", reason, " ");
      if (text) {
        const edit = spoken("button", "edit", "command");
        edit.type = "button";
        edit.addEventListener("click", () => (row.remove(), this.on.edit(text)));
        note.append(edit);
      }
      if (again) {
        const retry = spoken("button", "photo_again", "command");
        retry.type = "button";
        retry.addEventListener("click", again, { once: true });
        note.append(retry);
      }
      if (wasAtEnd) this.toEnd();
    }
  }

  /** Shows which button of its group was chosen. The others stay: a mind can be changed. */
  mark(token) {
    const chosen = log.querySelector(`[data-token="${CSS.escape(token)}"]`);
    const group = chosen?.closest(".choices");
    if (!group) return;
    group.classList.add("is-used");
    for (const other of group.querySelectorAll("[data-token]")) {
      other.classList.toggle("is-chosen", other === chosen);
      other.querySelector(".sr")?.remove();
    }
    const told = spoken("span", "chosen", "sr");
    chosen.append(" ", told);
  }

  /** The person asked for something without a word: what comes next is new. */
  turn() {
    this.askedAt = 0;
    this.toEnd();
  }

  toEnd() {
    scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
    this.#hint();
  }

  /** Down to the end, but not so far that the beginning of `row` leaves the screen; never back above `least`. */
  #show(row, least) {
    const top = document.querySelector(".top");
    const covered = getComputedStyle(top).position === "sticky" ? top.offsetHeight : 0;
    const from = row.getBoundingClientRect().top + scrollY - covered - 12;
    scrollTo({ top: Math.max(least, Math.min(from, document.documentElement.scrollHeight)), behavior: "instant" });
  }

  #isAtEnd() {
    return document.documentElement.scrollHeight - scrollY - innerHeight < 120;
  }

  #hint() {
    newest.hidden = this.#isAtEnd();
  }

  #bubble(line) {
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    if (line.language) bubble.lang = line.language;
    bubble.dir = line.sender === "person" ? "auto" : line.dir || "auto";
    const who = spoken("span", WHO[line.sender], line.sender === "staff" ? "who" : "sr");
    who.lang = language();
    bubble.append(who);
    for (const text of line.text.split("\n")) {
      const paragraph = document.createElement("p");
      // a line in a right-to-left language may begin with an English word and is right-to-left all the same
      paragraph.dir = line.sender !== "person" && line.dir === "rtl" && RTL.test(text) ? "rtl" : "auto";
      if (line.sender === "person") paragraph.textContent = text.replace(/^\[(photo|voice|video)\]/, (_, kind) => say(`${kind}_name`));
      else write(paragraph, text, this.on.command);
      bubble.append(paragraph);
    }
    return bubble;
  }

  /** A paper to keep: a picture is shown and can be opened, a PDF can be opened. */
  #paper(line, row, wasAtEnd) {
    const link = document.createElement("a");
    link.className = `paper is-${line.paper.form}`;
    link.href = line.paper.url;
    link.target = "_blank";
    link.rel = "noopener";
    if (line.paper.form === "png") {
      const picture = document.createElement("img");
      picture.alt = line.paper.title;
      picture.lang = line.language;
      picture.loading = "lazy";
      // a picture has no height until it is there
      picture.addEventListener("load", () => {
        if (wasAtEnd && row === log.lastElementChild) this.#show(Date.now() - this.askedAt < RECENT ? this.asked : row, scrollY);
        this.#hint();
      });
      picture.src = line.paper.url;
      link.append(picture);
    } else {
      const title = document.createElement("strong");
      title.textContent = line.paper.title;
      title.lang = line.language;
      title.dir = line.dir;
      link.append(title);
    }
    link.append(" ", spoken("span", line.paper.form === "png" ? "paper_picture" : "paper_pdf"));
    return link;
  }

  #choices(line) {
    const group = document.createElement("div");
    group.className = "choices";
    group.role = "group";
    group.dataset.label = "choices";
    group.setAttribute("aria-label", say("choices"));
    group.dir = line.dir;
    for (const taps of line.rows) {
      const row = document.createElement("div");
      row.className = "row";
      row.append(...taps.map((tap) => this.#choice(tap, line.language)));
      group.append(row);
    }
    return group;
  }

  #choice(tap, lang) {
    if (tap.url) {
      const link = isSafe(tap.url) ? anchor(tap.label, tap.url, !tap.url.startsWith("tel:")) : document.createElement("span");
      if (!link.textContent) link.textContent = tap.label;
      link.className = "choice is-link";
      link.lang = lang;
      link.dir = "auto";
      return link;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "choice";
    button.dataset.token = tap.token;
    button.lang = lang;
    const label = document.createElement("span");
    label.dir = "auto";
    label.textContent = tap.words || tap.label;
    button.append(...drawing(tap.pictogram), label);
    button.addEventListener("click", () => this.on.tap(tap.token, tap.words || tap.label));
    return button;
  }

  #note(row, key) {
    const note = document.createElement("p");
    note.className = "note-line";
    note.append(spoken("span", key));
    row.append(note);
    return note;
  }

  #dayOf(at) {
    const date = at ? new Date(at) : new Date();
    const day = date.toDateString();
    if (day === this.day) return;
    const isFirstToday = !this.day && day === new Date().toDateString();
    this.day = day;
    if (isFirstToday) return;
    const element = document.createElement("p");
    element.className = "day";
    element.dir = "auto";
    element.textContent = new Intl.DateTimeFormat(`${language()}-u-ca-gregory`, { dateStyle: "long" }).format(date);
    log.append(element);
  }
}
