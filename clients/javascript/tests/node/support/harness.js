import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Call } from "../../../node/call.js";
import { Courier } from "../../../node/courier.js";
import { closeFrame, eventFrame, listFrame, pingFrame } from "../../../node/frame.js";
import { DEFAULT_LIMITS } from "../../../node/limits.js";
import { NoticeBuffer } from "../../../node/notice-buffer.js";
import { readRecipient } from "../../../node/recipients.js";
import { Subscription } from "../../../node/subscription.js";
import { Wait } from "../../../node/waits.js";

/** A courier without sockets, on a clock that a test moves. */
export class Harness {
  constructor(options = {}, random = () => 0.5) {
    const { limits, secret, ...rest } = options;
    const defaults = { server: "server:9000", connectTimeout: 10_000, heartbeat: 30_000, queue: 1000 };
    this.now = 1_000;
    this.courier = new Courier(
      { ...defaults, whenFull: "wait", idPrefix: "", ...rest, limits: { ...DEFAULT_LIMITS, ...limits } },
      random,
    );
    if (secret) this.courier.secret = Buffer.from(secret);
  }

  /** What the courier wants to be done to its connection. */
  get actions() {
    return this.courier.takeActions();
  }

  event(recipients = ["u, 0, /x"], { timeout = 60_000, onLoss = "fail", body = "1", ...options } = {}) {
    const keys = [recipients].flat().map(readRecipient);
    return this.call(eventFrame(keys, Buffer.from(body), options), onLoss, timeout);
  }

  ping() {
    return this.call(pingFrame());
  }

  list(recipient = "*, *, *") {
    return this.call(listFrame([readRecipient(recipient)]), "again");
  }

  close(recipient = "u, 0, /x") {
    return this.call(closeFrame([readRecipient(recipient)]));
  }

  call(frame, onLoss = "fail", timeout = 60_000) {
    const fate = {};
    fate.call = new Call(frame, onLoss, this.now + timeout, ...ends(fate));
    this.courier.call(fate.call, this.now);
    return fate;
  }

  connect(timeout = 60_000) {
    return this.#wait((wait) => this.courier.connect(wait, this.now), timeout);
  }

  disconnect(timeout = 60_000) {
    return this.#wait((wait) => this.courier.disconnect(wait), timeout);
  }

  watch(recipient = "*, *, *", { state = false, since, notices = 10_000, timeout = Infinity } = {}) {
    const buffer = new NoticeBuffer(notices, since);
    const subscription = new Subscription(readRecipient(recipient), { state, since }, buffer, this.now + timeout);
    this.courier.watch(subscription, this.now);
    return { buffer, subscription };
  }

  /** The frames that the courier sends now: each its lines. */
  sent() {
    let text = "";
    for (let bytes = this.courier.next(this.now); bytes; bytes = this.courier.next(this.now)) text += bytes;
    return text.split(/(?=Orbit 1\.[01]\r\n)/).filter(Boolean).map((frame) => frame.split("\r\n"));
  }

  /** The ids of the frames that it sends now. */
  sentIds() {
    return this.sent().map((lines) => lines[2].replace("id: ", ""));
  }

  say(...lines) {
    this.courier.received(Buffer.from(lines.map((line) => `${line}\r\n`).join("") + "\r\n"), this.now);
  }

  /** Let the connection be made, and the server answer the first frame. */
  greet(...answer) {
    this.courier.opened(this.now);
    const [id] = this.sentIds();
    if (answer.length > 0) this.say(answer[0], `id: ${id}`, ...answer.slice(1));
    else this.say("Success", `id: ${id}`);
    return id;
  }

  lose(reason = "reset") {
    this.courier.lost(reason, undefined, this.now);
  }

  /** Let the time pass, with each tick that the courier asks for. */
  pass(time) {
    const end = this.now + time;
    while (this.courier.deadline <= end) {
      this.now = Math.max(this.now, this.courier.deadline);
      this.courier.tick(this.now);
    }
    this.now = end;
  }

  #wait(begin, timeout) {
    const fate = {};
    begin(new Wait(this.now + timeout, ...ends(fate)));
    return fate;
  }
}

function ends(fate) {
  const once = (name) => (value) => {
    if ("value" in fate || "error" in fate) throw new Error("a call ended twice");
    fate[name] = value;
  };
  return [once("value"), once("error")];
}

/** A harness that is connected. */
export function ready(options) {
  const harness = new Harness(options);
  harness.connect();
  assert.deepEqual(harness.actions, ["open"]);
  harness.greet();
  return harness;
}

/** Whether a call has not ended. */
export const open = ({ value, error }) => value === undefined && error === undefined;
