"use strict";

const byId = (id) => document.getElementById(id);
const people = new Set();
let session = "";
let stop = null;

// Orbited's events come here, on either page.
function event(data) {
  if (data.type === "welcome") {
    welcome(data.people);
  } else if (data.type === "said") {
    show("said", data.name + ":", data.text);
  } else if (data.type === "joined") {
    people.add(data.name);
    show("news", data.name, "has joined");
  } else if (data.type === "left") {
    people.delete(data.name);
    show("news", data.name, "has left");
  }
  showPeople();
}

function welcome(names) {
  people.clear();
  names.forEach((name) => people.add(name));
  byId("door").hidden = true;
  byId("room").hidden = false;
  byId("status").textContent = "";
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

function showPeople() {
  const items = [...people].sort().map((name) => {
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
  });
  const answer = await response.json().catch(() => ({ error: "CherryChat does not answer." }));
  if (response.ok) return answer;
  if (response.status === 403) goOut();
  throw new Error(answer.error);
}

function tell(error) {
  byId("status").textContent = error.message;
}

function goOut() {
  if (stop) stop();
  stop = null;
  byId("door").hidden = false;
  byId("room").hidden = true;
}

// Events must be able to arrive before one is in the room, so listen first, then ask.
async function enter(name) {
  const answer = await post("/enter", { name, session });
  if (!answer.entered) setTimeout(knock, 200, name);
}

function knock(name) {
  enter(name).catch((error) => {
    goOut();
    tell(error);
  });
}

byId("door").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const name = byId("name").value.trim();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  session = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  goOut();
  byId("status").textContent = "Entering …";
  stop = listen(name, session);
  knock(name);
});

byId("speak").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const text = byId("text").value;
  byId("text").value = "";
  post("/say", { session, text }).catch(tell);
});

byId("leave").addEventListener("click", () => {
  goOut();
  byId("log").replaceChildren();
  post("/leave", { session }).catch(tell);
});
