// A photo of a letter: chosen, made smaller on the person's own device, and sent.

import { newId } from "./outgoing.js";
import { Upload } from "./upload.js";

const LONGEST = 2400; // pixels; more only costs the person's data
const QUALITY = 0.85;
const KIND = {
  path: "/chat/photos",
  name: "photo",
  words: { sending: "photo_sending", tooLarge: "error.photo_too_large", notNow: "error.photo_not_now" },
  largest: 8 * 1024 * 1024, // the server takes no more
};

/** `on.chosen(id)`, `on.stored()`, `on.isOpen()`: whether there is a conversation to send to; `view` shows what becomes of it. */
export class Photos {
  constructor(button, input, view, on) {
    const upload = new Upload(view, KIND, on);
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", async () => {
      const [file] = input.files;
      input.value = ""; // the same photo may be chosen again
      if (!file) return;
      const id = newId();
      on.chosen(id);
      upload.post(id, await smaller(file));
    });
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
