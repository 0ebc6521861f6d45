"use strict";

const AGAIN_MS = 200; // not let in yet, since events can't arrive yet
const LATER_MS = 2000; // something does not answer
const QUIET_MS = 10000; // nothing heard for so long: perhaps one was dropped from the room
const ANSWER_MS = 30000; // what was posted so long ago gets no answer any more

const byId = (id) => document.getElementById(id);
let visit = null; // {name, session, stop, timer}, from knocking at the door until leaving

// Orbited's events come here, on either page.
function event(data) {
  if (!visit) return;
  const missing = data.people && !data.people.includes(visit.name);
  enterIn(missing ? AGAIN_MS : QUIET_MS, visit);
  if (data.people) showPeople(data.people);
  if (data.type === "welcome") {
    showRoom();
  } else if (data.type === "said") {
    show("said", data.name + ":", data.text);
  } else if (data.type === "joined" && data.name !== visit.name) {
    show("news", data.name, "has joined");
  } else if (data.type === "left") {
    show("news", data.name, "has left");
  }
}

function showRoom() {
  byId("status").textContent = "";
  if (!byId("room").hidden) return;
  byId("door").hidden = true;
  byId("room").hidden = false;
  byId("text").focus();
}

function show(kind, name, text) {
  const item = document.createElement("li");
  const who = document.createElement("b");
  const what = document.createElement("span");
  item.className = kind;
  who.textContent = name;
  what.textContent = text;
  item.append(who, " ", what);
  byId("log").append(item);
  item.scrollIntoView({ block: "nearest" });
}

function showPeople(names) {
  const items = names.map((name) => {
    const item = document.createElement("li");
    item.textContent = name;
    return item;
  });
  byId("people").replaceChildren(...items);
}

async function post(path, fields) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const answer = await response.json().catch(() => ({ error: "CherryChat does not answer." }));
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.error), { status: response.status });
}

function tell(error) {
  byId("status").textContent = error.message;
}

function goOut() {
  if (visit) {
    clearTimeout(visit.timer);
    visit.stop();
  }
  visit = null;
  byId("door").hidden = false;
  byId("room").hidden = true;
}

function enterIn(ms, mine) {
  clearTimeout(mine.timer);
  mine.timer = setTimeout(enter, ms, mine);
}

// Events must be able to arrive before one is in the room, so listen first, then ask, and go on
// asking: whoever was dropped, while asleep or by a restart, is let in again.
async function enter(mine) {
  const { name, session } = mine;
  try {
    const { entered } = await post("/enter", { name, session });
    if (visit === mine) return enterIn(entered ? QUIET_MS : AGAIN_MS, mine);
    if (entered) await post("/leave", { session });
  } catch (error) {
    if (visit !== mine) return;
    tell(error);
    if (error.status === 400 || error.status === 409) return goOut();
    enterIn(LATER_MS, mine);
  }
}

byId("door").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const name = byId("name").value.trim();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const session = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  goOut();
  byId("status").textContent = "Entering …";
  visit = { name, session, stop: listen(name, session), timer: 0 };
  enter(visit);
});

byId("speak").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const mine = visit;
  const text = byId("text").value;
  byId("text").value = "";
  post("/say", { session: mine.session, text }).catch((error) => {
    if (visit !== mine) return;
    byId("text").value ||= text;
    tell(error);
    enterIn(AGAIN_MS, mine);
  });
});

byId("leave").addEventListener("click", () => {
  const { session } = visit;
  goOut();
  byId("log").replaceChildren();
  post("/leave", { session }).catch(tell);
});
