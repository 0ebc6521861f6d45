"use strict";

/* global Orbited */

const SHOWN = 20;

// Each page has a session of its own, so that none takes over from another.
const session = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16)).join("");
const connection = new Orbited.Connection({ user: "guest", session, location: "/duet" });

function tell(text) {
  document.getElementById("status").textContent = text;
}

connection.addEventListener("event", ({ data }) => {
  const item = document.createElement("li");
  item.textContent = `Event ${data.number}`;
  const column = document.getElementById(data.from);
  column.prepend(item);
  if (column.children.length > SHOWN) column.lastChild.remove();
});
connection.addEventListener("open", ({ transport }) => tell(`Connected with ${transport}.`));
connection.addEventListener("reconnecting", ({ reason }) => tell(`Reconnecting: ${reason}`));
connection.addEventListener("closed", ({ reason }) => tell(`Closed: ${reason}`));
