// The Node client as a program: watches a pattern, and sends what it is told, as publisher.py does.

import { createInterface } from "node:readline";
import { Client } from "../../../node/index.js";

const tell = (...words) => console.log(JSON.stringify(words));

const [port, pattern] = process.argv.slice(2);
const orbit = new Client({ host: "127.0.0.1", port: Number(port) });
const watch = orbit.watch(pattern, { state: true });
(async () => {
  for await (const notice of watch) tell(notice.type, String(notice.key));
})();
for await (const line of createInterface({ input: process.stdin })) {
  const [recipient, value] = JSON.parse(line);
  const receipt = await orbit.event(recipient, value, { ack: "browser" });
  tell("receipt", receipt.reached);
}
await orbit.unwatch(watch);
await orbit.disconnect();
