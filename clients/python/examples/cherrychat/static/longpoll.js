"use strict";

// Long polling: ask for one event, and as soon as it is there, for the next.
function listen(name, session) {
  const url = "/chat|" + encodeURIComponent(name) + "," + session + ",xhr";
  let xhr = null;
  let stopped = false;
  function poll() {
    if (stopped) return;
    xhr = new XMLHttpRequest();
    xhr.onload = answered;
    xhr.onerror = later;
    xhr.open("GET", url);
    xhr.send();
  }
  function answered() {
    if (xhr.status !== 200) return later();
    const body = xhr.responseText;
    poll();
    if (body) event(JSON.parse(body));
  }
  function later() {
    setTimeout(poll, 1000);
  }
  function stop() {
    stopped = true;
    xhr.abort();
  }
  poll();
  return stop;
}
