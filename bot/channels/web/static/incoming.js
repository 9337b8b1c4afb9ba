// What the server tells the page, over a connection that may come and go.

const AGAIN = 3000; // milliseconds
const SILENT = 6000; // milliseconds after which a connection that should have spoken is made anew

export class Incoming {
  /** `on.begin()`, `on.line(line)`, `on.ready(isEmpty)`, `on.state(state)`, `on.connected(is)` */
  constructor(on) {
    this.on = on;
    this.place = "";
    this.source = null;
    this.timer = 0;
    this.watch = 0;
    addEventListener("offline", () => this.stop());
    addEventListener("online", () => this.connect());
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && this.connect());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.source?.readyState !== EventSource.OPEN) this.connect();
    });
  }

  /** From the place reached; `anew`: the whole conversation. */
  connect(anew = false) {
    if (anew) this.place = "";
    this.#close();
    const source = new EventSource(`/chat/events?after=${encodeURIComponent(this.place)}`);
    this.source = source;
    source.addEventListener("open", () => this.on.connected(true));
    source.addEventListener("error", () => {
      this.on.connected(false);
      if (source.readyState === EventSource.CLOSED && source === this.source) this.timer = setTimeout(() => this.connect(), AGAIN);
    });
    this.#hear("begin", () => this.on.begin());
    this.#hear("message", (line) => this.on.line(line));
    this.#hear("ready", (found) => this.on.ready(found.empty));
    this.#hear("state", (state) => this.on.state(state));
  }

  stop() {
    this.#close();
    this.on.connected(false);
  }

  /** Something must come soon. When nothing does, the connection is dead and does not know it. */
  expect() {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.connect(), SILENT);
  }

  #hear(name, tell) {
    this.source.addEventListener(name, (event) => {
      clearTimeout(this.watch);
      if (event.lastEventId) this.place = event.lastEventId;
      tell(JSON.parse(event.data));
    });
  }

  #close() {
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.source?.close();
    this.source = null;
  }
}
