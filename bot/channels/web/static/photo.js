// A photo of a letter: chosen, made smaller on the person's own device, posted while its progress is shown.

import { newId } from "./outgoing.js";
import { language, say, spoken } from "./words.js";

const LONGEST = 2400; // pixels; more only costs the person's data
const QUALITY = 0.85;
const LARGEST = 8 * 1024 * 1024; // bytes; the server takes no more
const PATIENCE = 180000; // milliseconds

/** `on.chosen(id)`, `on.stored()`; `view` shows what becomes of it; `isOpen()`: whether there is a conversation to send to. */
export class Photos {
  constructor(button, input, view, on) {
    this.view = view;
    this.on = on;
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (file) this.#send(newId(), file);
      input.value = ""; // the same photo may be chosen again
    });
  }

  async #send(id, file) {
    this.on.chosen(id);
    await this.#post(id, await smaller(file));
  }

  async #post(id, photo) {
    if (photo.size > LARGEST) return this.view.became(id, "failed", say("error.photo_too_large"));
    const bar = this.#bar(id);
    const { status, error } = this.on.isOpen() ? await upload(id, photo, (share) => (bar.value = share)) : { status: 0, error: "" };
    if (status === 202) {
      this.view.became(id, "sent");
      return this.on.stored();
    }
    const isFinal = [400, 403, 404, 413, 415].includes(status);
    const again = isFinal ? null : () => this.#post(id, photo);
    this.view.became(id, "failed", error || say("error.photo_not_now"), "", again);
  }

  #bar(id) {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.dataset.label = "photo_sending";
    bar.setAttribute("aria-label", say("photo_sending"));
    const words = spoken("span", "photo_sending");
    words.ariaHidden = "true"; // the bar says it
    this.view.became(id, "sent"); // takes away what an earlier attempt left
    this.view.under(id, words, bar);
    return bar;
  }
}

/** Upright, in JPEG, without the place that a camera notes. What this browser cannot open goes as it is: the server says why not. */
async function smaller(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return file;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done) => canvas.toBlob((made) => done(made ?? file), "image/jpeg", QUALITY));
}

/** Never rejects: `status` 0 when nothing answered. */
function upload(id, photo, progress) {
  const form = new FormData();
  form.append("id", id);
  form.append("language", language());
  form.append("photo", photo, "photo");
  return new Promise((done) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much has gone
    request.open("POST", "/chat/photos");
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
