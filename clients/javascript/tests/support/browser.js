import { Connection } from "../../src/connection.js";
import { Locks } from "./locks.js";
import { record, streamingWorld } from "./world.js";

let browsers = 0;

/** Tabs of one browser: what they share are locks and channels. */
export class Browser {
  constructor(server) {
    this.server = server;
    this.locks = new Locks();
    this.number = ++browsers;
    this.tabs = [];
  }

  open(options = {}, extra = {}) {
    const tab = new Tab(this, options, extra);
    this.tabs.push(tab);
    return tab;
  }

  close() {
    this.tabs.forEach(({ connection }) => connection.close());
  }
}

/** A page with one connection; each test's key is its own, since channels reach all of this process. */
class Tab {
  constructor(browser, options, extra) {
    const { locks, number, server } = browser;
    this.locks = locks;
    /** Words that this tab says are lost. */
    this.mute = false;
    /** Words that this tab should hear are lost. */
    this.deaf = false;
    const opened = (channel) => this.channel = channel;
    const muted = () => this.mute;
    const deaf = () => this.deaf;
    class Channel extends BroadcastChannel {
      constructor(name) {
        super(`${number} ${name}`);
        opened(this);
      }
      postMessage(word) {
        if (!muted()) super.postMessage(word);
      }
      set onmessage(hear) {
        super.onmessage = (message) => deaf() || hear(message);
      }
    }
    this.document = new EventTarget();
    this.world = streamingWorld({
      BroadcastChannel: Channel,
      navigator: { locks },
      document: this.document,
      Math,
      ...extra,
    });
    const all = { url: server.url, user: "u", location: "/tabs", transports: ["ndjson"], ...options };
    this.connection = new Connection(all, this.world);
    this.told = record(this.connection);
  }

  get leads() {
    return this.connection._tabs._leading;
  }

  /** The events alone. */
  get events() {
    return this.told.filter((one) => typeof one === "number");
  }

  /** End without a word, as a process that is killed. */
  crash() {
    this.mute = this.deaf = true;
    this.connection._link._stop();
    this.channel.close();
    this.connection._tabs._channel = undefined;
    this.locks.crash(this.connection._tabs._name);
  }

  page(type) {
    const target = type === "freeze" || type === "resume" ? this.document : this.world;
    target.dispatchEvent(new Event(type));
  }
}
