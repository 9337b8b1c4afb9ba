// A file on its way: posted while its progress is shown, kept in the page's memory until it is there, sent again by a tap under the same id.

import { language, say, spoken } from "./words.js";

const PATIENCE = 180000; // milliseconds

/** `path`: where to; `name`: of the form's field; `words`: keys of what is said: sending, tooLarge, notNow; `largest`: bytes. */
export class Upload {
  constructor(view, kind, on) {
    this.view = view;
    this.kind = kind;
    this.on = on;
  }

  /** `fields`: what goes beside the file. */
  async post(id, file, fields = {}) {
    const { path, name, words, largest } = this.kind;
    if (file.size > largest) return this.view.became(id, "failed", say(words.tooLarge));
    const bar = this.#bar(id);
    const progress = (share) => (bar.value = share);
    const parts = { id, language: language(), ...fields };
    const { status, error } = this.on.isOpen() ? await upload(path, parts, name, file, progress) : { status: 0, error: "" };
    if (status === 202) {
      this.view.became(id, "sent");
      return this.on.stored();
    }
    const isFinal = [400, 403, 404, 413, 415].includes(status);
    const again = isFinal ? null : () => this.post(id, file, fields);
    this.view.became(id, "failed", error || say(words.notNow), "", again);
  }

  #bar(id) {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.dataset.label = this.kind.words.sending;
    bar.setAttribute("aria-label", say(this.kind.words.sending));
    const words = spoken("span", this.kind.words.sending);
    words.ariaHidden = "true"; // the bar says it
    this.view.became(id, "sent"); // takes away what an earlier attempt left
    this.view.under(id, words, bar);
    return bar;
  }
}

/** Never rejects: `status` 0 when nothing answered. */
function upload(path, parts, name, file, progress) {
  const form = new FormData();
  for (const [key, value] of Object.entries(parts)) form.append(key, value);
  form.append(name, file, name);
  return new Promise((done) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much has gone
    request.open("POST", path);
    request.timeout = PATIENCE;
    request.setRequestHeader("Accept-Language", language());
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("loadend", () => {
      let error = "";
      try {
        error = JSON.parse(request.responseText).error ?? "";
      } catch {
        // nothing answered, or something that is not our server
      }
      done({ status: request.status, error });
    });
    request.send(form);
  });
}
