// A voice message or a video: recorded or chosen after a tap, heard before it is sent, held in memory alone until it is.

import { newId } from "./outgoing.js";
import { Upload } from "./upload.js";
import { say } from "./words.js";

const SOUND = { audio: { echoCancellation: true, noiseSuppression: true } };
const BITS = 32000; // a second; speech needs no more, and data costs
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const SLICE = 1000; // milliseconds
const ROOM = 32 * 1024; // bytes that a recorder may still give when it is stopped

const at = (name) => document.getElementById(`voice-${name}`);
const canRecord = () => "MediaRecorder" in window && Boolean(navigator.mediaDevices?.getUserMedia);

/** `on.chosen(id, kind)`, `on.stored()`, `on.isOpen()`; `view` shows what becomes of it. */
export class Voice {
  constructor(button, view, on) {
    this.button = button;
    this.on = on;
    this.largest = Number(at("panel").dataset.largest);
    const words = { sending: "voice_sending", tooLarge: "error.recording_too_large", notNow: "error.recording_not_now" };
    this.upload = new Upload(view, { path: "/chat/recordings", name: "recording", words, largest: this.largest }, on);
    this.attempt = 0; // what was begun by an earlier one is too late
    this.made = null; // { file, kind, seconds, player, url }
    at("record").addEventListener("click", () => this.#record());
    at("stop").addEventListener("click", () => this.recorder?.stop());
    at("choose").addEventListener("click", () => at("file").click());
    at("file").addEventListener("change", () => this.#chosen());
    at("send").addEventListener("click", () => this.#send());
    at("cancel").addEventListener("click", () => this.drop());
    at("close").addEventListener("click", () => this.#close());
    at("panel").addEventListener("keydown", (event) => event.key === "Escape" && this.state === "ready" && this.#close());
    addEventListener("pagehide", () => this.recorder?.state === "recording" && this.recorder.stop());
  }

  /** Throws away what was recorded, also while it is, and gives the microphone back. */
  drop() {
    this.attempt++;
    if (this.recorder?.state === "recording") this.recorder.stop();
    this.recorder = null;
    if (this.made) URL.revokeObjectURL(this.made.url);
    this.made = null;
    at("place").replaceChildren();
    if (!at("panel").hidden) this.#show("ready", "voice_none_yet");
  }

  /** Opens the panel, or closes it while there is nothing in it. */
  toggle() {
    if (at("panel").hidden) this.#show("ready", "voice_none_yet");
    else if (this.state === "ready") this.#close();
  }

  #close() {
    at("panel").hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
  }

  /** `state`: ready, asking (the browser asks for the microphone), on, made. */
  #show(state, told) {
    this.state = state;
    at("panel").hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    for (const part of at("panel").querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
    at("record").hidden ||= !canRecord();
    at("told").dataset.text = told;
    at("told").textContent = say(told);
    // the player comes before the button that sends: a key held down on "stop" must not send
    [...at("panel").querySelectorAll("audio, video, button")].find((one) => !one.hidden)?.focus();
  }

  async #record() {
    const mine = ++this.attempt;
    this.#show("asking", "voice_none_yet");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(SOUND);
      if (mine !== this.attempt) return release(stream);
      this.#begin(stream, mine);
    } catch {
      release(stream);
      if (mine === this.attempt) this.#show("ready", "voice_no_microphone");
    }
  }

  #begin(stream, mine) {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS, ...(mimeType && { mimeType }) });
    const [parts, began] = [[], performance.now()];
    let [size, told] = [0, "voice_hear"];
    const seconds = () => Math.round((performance.now() - began) / 1000);
    const clock = setInterval(() => (at("clock").textContent = length(seconds())), 250);
    recorder.addEventListener("dataavailable", (event) => {
      parts.push(event.data);
      size += event.data.size;
      if (size < this.largest - ROOM || recorder.state !== "recording") return;
      told = "voice_full";
      recorder.stop();
    });
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      release(stream);
      if (mine !== this.attempt) return;
      if (!size) return this.#show("ready", "voice_no_microphone"); // it was taken away
      this.#hold(new Blob(parts, { type: recorder.mimeType.split(";")[0] }), "voice", seconds(), told);
    });
    recorder.start(SLICE);
    this.recorder = recorder;
    at("clock").textContent = length(0);
    this.#show("on", "voice_on");
  }

  #chosen() {
    const [file] = at("file").files;
    at("file").value = ""; // the same may be chosen again
    if (!file) return;
    const told = file.size > this.largest ? "error.recording_too_large" : "voice_hear";
    if (told !== "voice_hear") return this.#show("ready", told);
    this.#hold(file, file.type.startsWith("video/") ? "video" : "voice", 0, told);
  }

  #hold(file, kind, seconds, told) {
    const player = document.createElement(kind === "video" ? "video" : "audio");
    const url = URL.createObjectURL(file);
    player.controls = true;
    player.playsInline = true;
    player.dataset.label = "voice_player";
    player.setAttribute("aria-label", say("voice_player"));
    player.src = url;
    at("place").replaceChildren(player);
    this.made = { file, kind, seconds, player, url };
    this.#show("made", told);
  }

  #send() {
    const { file, kind, seconds, player } = this.made;
    const known = seconds || (Number.isFinite(player.duration) ? Math.round(player.duration) : 0);
    const id = newId();
    this.drop();
    this.#close();
    this.on.chosen(id, kind);
    this.upload.post(id, file, { seconds: known });
  }
}

function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

const length = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
