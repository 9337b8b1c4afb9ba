// What the person did, kept on their device until the server says that it is stored.

import { language, say } from "./words.js";

const KEY = "unsent";
const LARGEST = 60000; // bytes; the server takes a little more
const WAITS = [1, 2, 4, 8, 15, 30]; // seconds before the next attempt

let memory = [];

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return memory; // no storage in this browser: kept as long as the page is open
  }
}

function save(list) {
  memory = list;
  try {
    if (list.length) localStorage.setItem(KEY, JSON.stringify(list));
    else localStorage.removeItem(KEY);
  } catch {
    // see above
  }
}

/** A random id; browsers give crypto.randomUUID only to pages that came by https. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Posts JSON to our own server. Throws when nothing answers. */
export function post(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": language() },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20000),
  });
}

export class Outgoing {
  /** `on.became(id, state, reason, text)`, `on.stored(message)`, `on.trouble(isTrouble, text)` */
  constructor(on) {
    this.on = on;
    this.open = false; // whether the page has a conversation to send to
    this.tries = 0;
    this.timer = 0;
    this.busy = false;
    addEventListener("online", () => this.now());
  }

  get waiting() {
    return load();
  }

  forget() {
    save([]);
  }

  /** Keeps the message and sends it as soon as that is possible. */
  add(message) {
    if (load().some((other) => other.id === message.id)) return;
    if (new TextEncoder().encode(message.text ?? "").length > LARGEST) {
      this.on.became(message.id, "failed", say("too_long"), message.text);
      return;
    }
    save([...load(), { ...message, language: language(), sent_at: new Date().toISOString() }]);
    this.now();
  }

  now() {
    clearTimeout(this.timer);
    this.#flush();
  }

  async #flush() {
    if (this.busy || !this.open) return;
    this.busy = true;
    let message;
    while ((message = load()[0])) {
      const done = await this.#send(message);
      if (!done) break;
      save(load().filter((other) => other.id !== message.id));
    }
    this.busy = false;
  }

  /** Whether the message needs no further attempt. */
  async #send(message) {
    let answer = null;
    let text = "";
    try {
      answer = await post("/chat/messages", message);
      text = answer.status === 202 ? "" : ((await answer.json()).error ?? "");
    } catch {
      // nothing answered, or something that is not our server
    }
    if (answer?.status === 202) {
      this.tries = 0;
      this.on.trouble(false, "");
      this.on.became(message.id, "sent");
      this.on.stored(message);
      return true;
    }
    if ([400, 403, 413, 415].includes(answer?.status)) {
      this.on.became(message.id, "failed", text, message.text);
      return true;
    }
    const seconds = WAITS[Math.min(this.tries++, WAITS.length - 1)];
    this.timer = setTimeout(() => this.now(), seconds * 1000);
    for (const other of load()) this.on.became(other.id, "waiting");
    this.on.trouble(true, text);
    return false;
  }
}
