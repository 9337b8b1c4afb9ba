// The chat page: puts the parts together.

import { Incoming } from "./incoming.js";
import { Outgoing, newId, post } from "./outgoing.js";
import { Photos } from "./photo.js";
import { View } from "./view.js";
import { language, say, showLanguage, speak, spoken } from "./words.js";

const at = (id) => document.getElementById(id);
const [form, field, typing, status, ask] = ["form", "write", "typing", "status", "ask"].map(at);
const address = new URLSearchParams(location.search);
const COMMAND = /^\/([a-z]{2,20})(?:\s+([\w-]{1,64}))?$/i;

let now = { answering: "", held: false, language: "" };
let connection = "connecting";
let trouble = false;
let chosenLanguage = address.get("lang") ?? "";
let typingTimer = 0;
let lastTap = ["", 0];
let voice = null;

const view = new View({ tap, command, edit });
const outgoing = new Outgoing({
  became: (id, state, reason, text) => view.became(id, state, reason, text),
  stored(message) {
    if (message.command !== "language") expectAnswer();
  },
  trouble(is) {
    trouble = is;
    show();
  },
});
const incoming = new Incoming({
  begin() {
    view.busy(true);
    view.clear();
  },
  line(line) {
    if (line.sender !== "person") setTyping(false);
    view.add(line);
  },
  ready(isEmpty) {
    for (const message of outgoing.waiting) echo(message);
    view.busy(false);
    if (isEmpty) outgoing.add({ id: "start", kind: "command", command: "start", argument: address.get("start") ?? "" });
    forgetAddress();
    loadVoice().catch(() => 0); // the tap tries again
  },
  state(state) {
    const before = now.language;
    now = state;
    showAnswering();
    if (state.language && state.language !== before && (before || !chosenLanguage)) speak(state.language);
    show();
  },
  connected(is) {
    connection = is ? "connected" : navigator.onLine ? "connecting" : "offline";
    show();
    if (is) outgoing.now();
  },
});

function tap(token, label) {
  const isTwice = lastTap[0] === token && Date.now() - lastTap[1] < 1500;
  lastTap = [token, Date.now()];
  if (isTwice) return;
  view.mark(token);
  send({ kind: "button", button: token, label });
}

function command(name) {
  send({ kind: "command", command: name, label: `/${name}` });
}

function edit(text) {
  field.value = text;
  grow();
  field.focus();
}

function send(message) {
  const whole = { id: newId(), ...message };
  echo(whole);
  outgoing.add(whole);
}

/** Shows what the person did at once, and that it waits when it does. */
function echo(message) {
  const text = message.kind === "text" ? message.text : message.label;
  if (message.kind === "button") view.mark(message.button);
  if (text) view.add({ id: 0, sender: "person", text, language: "", dir: "auto", at: message.sent_at }, message.id);
  if (trouble || connection === "offline") view.became(message.id, "waiting");
}

function expectAnswer() {
  if (now.held) return;
  setTyping(true);
  clearTimeout(typingTimer);
  // a moment later the server itself says whether an answer is being made
  typingTimer = setTimeout(showAnswering, 3000);
  incoming.expect();
}

function showAnswering() {
  setTyping(["working", "reading"].includes(now.answering), now.answering === "reading" ? "reading" : "typing");
}

function setTyping(is, key = "typing") {
  const words = typing.querySelector("[data-text]");
  words.dataset.text = key;
  words.textContent = say(key);
  typing.hidden = !is;
  if (is && at("newest").hidden) view.toEnd();
}

/** One line about what goes on, the most important first. */
function show() {
  let key = connection;
  if (connection !== "offline" && trouble) key = "trouble";
  else if (connection === "connected" && now.answering === "late") key = "late";
  else if (connection === "connected" && now.held) key = "held";
  if (status.dataset.now === key && at("status-text").textContent) return;
  status.dataset.now = key;
  const text = spoken("span", key);
  text.id = "status-text";
  at("status-text").replaceWith(text);
}

/** The source of a poster's link is needed once; kept in the address it would be shared with the link. */
function forgetAddress() {
  if (location.search) history.replaceState(null, "", location.pathname);
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight * 0.4)}px`;
  try {
    sessionStorage.setItem("draft", field.value);
  } catch {
    // no storage in this browser
  }
}

async function open(isNew) {
  try {
    const answer = await post("/chat/open", { new: isNew });
    if (!answer.ok) throw new Error();
  } catch {
    if (!navigator.onLine) connection = "offline";
    else trouble = true;
    show();
    return void setTimeout(() => open(isNew), 3000);
  }
  trouble = false;
  outgoing.open = true;
  incoming.connect(true);
  outgoing.now();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value;
  if (!text.trim()) return field.focus();
  const found = COMMAND.exec(text.trim());
  if (found) send({ kind: "command", command: found[1].toLowerCase(), argument: found[2] ?? "", label: text.trim() });
  else send({ kind: "text", text });
  field.value = "";
  grow();
  field.focus();
});
field.addEventListener("input", grow);
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
document.querySelector(".languages").addEventListener("click", async (event) => {
  const link = event.target.closest("[data-language]");
  if (!link) return;
  event.preventDefault();
  const code = link.dataset.language;
  if (code === language() && code === now.language) return;
  chosenLanguage = code;
  await speak(code);
  view.turn();
  outgoing.add({ id: newId(), kind: "command", command: "language", argument: code });
});
at("leave").addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  incoming.stop();
  location.replace(event.currentTarget.href);
});
at("new").addEventListener("click", () => ask.showModal());
ask.addEventListener("close", () => {
  if (ask.returnValue !== "yes") return;
  ask.returnValue = "";
  outgoing.open = false;
  outgoing.forget();
  voice?.drop();
  now = { answering: "", held: false, language: "" };
  open(true);
});

if (at("photo")) {
  new Photos(at("photo"), at("photo-file"), view, {
    isOpen: () => outgoing.open,
    chosen: (id) => view.add({ id: 0, sender: "person", text: "[photo]", language: "", dir: "auto" }, id),
    stored: expectAnswer,
  });
}

/** Fetched when the conversation is there, so that it keeps nobody waiting; after a broken line by the tap that needs it. */
async function loadVoice() {
  if (!at("voice") || voice) return;
  const { Voice } = await import("./voice.js");
  voice ??= new Voice(at("voice"), view, {
    isOpen: () => outgoing.open,
    chosen: (id, kind) => view.add({ id: 0, sender: "person", text: `[${kind}]`, language: "", dir: "auto" }, id),
    stored: expectAnswer,
  });
}
at("voice")?.addEventListener("click", async () => {
  try {
    await loadVoice();
    voice.toggle();
    trouble &&= outgoing.waiting.length > 0;
  } catch {
    trouble = true;
  }
  show();
});

try {
  field.value = sessionStorage.getItem("draft") ?? "";
} catch {
  // no storage in this browser
}
grow();
show();
open(false);

showLanguage();
