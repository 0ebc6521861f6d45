import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ScriptedPeer } from "../support/peer.js";
import { within } from "../support/within.js";

const PACKAGE = fileURLToPath(new URL("../../../", import.meta.url));

/** Run a program that imports the package by its name, and give what it prints by its end. */
async function run(program, onOutput = () => {}) {
  const flags = ["--input-type=module", "--eval", program];
  const child = spawn(process.execPath, flags, { cwd: PACKAGE, stdio: ["ignore", "pipe", "inherit"] });
  try {
    let output = "";
    const read = async () => {
      for await (const data of child.stdout.setEncoding("utf8")) onOutput(output += data);
    };
    await within(read(), "the end of the program");
    return output;
  } finally {
    child.kill();
  }
}

test("a program ends by itself when its calls are done, and not before", async () => {
  await ScriptedPeer.run([(connection) => connection.answerAll()], async ({ port }) => {
    const program = `
      import { Client, ConnectionKey } from "orbited/node";
      const orbit = new Client({ host: "127.0.0.1", port: ${port} });
      orbit.event(new ConnectionKey("u", "0", "/x"), 1).then(({ ok }) => console.log(ok));
    `;
    assert.equal(await run(program), "true\n");
  });
});

test("a watch keeps a program alive until it ends", async () => {
  let goOn;
  const going = new Promise((resolve) => goOn = resolve);
  const script = async (connection) => {
    await connection.greet();
    const { id } = await connection.frame();
    connection.say("Success", `id: ${id}`, "epoch: e", "sequence: 0");
    await within(going, "the program's first words");
    connection.say("Signon", `watch: ${id}`, "epoch: e", "sequence: 1", "key: (a, 0, /)");
    await connection.answerAll();
  };
  await ScriptedPeer.run([script], async ({ port }) => {
    const program = `
      import { Client } from "orbited/node";
      const orbit = new Client({ host: "127.0.0.1", port: ${port} });
      const watch = orbit.watch("*, *, *");
      watch.ready.then(() => console.log("waiting"));
      for await (const { type } of watch) {
        console.log(type);
        break;
      }
    `;
    assert.equal(await run(program, goOn), "waiting\nsignon\n");
  });
});
