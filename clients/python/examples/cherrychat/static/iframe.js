"use strict";

// Orbited writes scripts into the frame which call event() in this window.
function listen(name, session) {
  const frame = document.createElement("iframe");
  const url = "/chat|" + encodeURIComponent(name) + "," + session + ",iframe";
  frame.hidden = true;
  frame.src = url;
  frame.onload = function ended() {
    setTimeout(() => { frame.src = url; }, 1000);
  };
  document.body.append(frame);
  return function stop() {
    frame.remove();
  };
}
