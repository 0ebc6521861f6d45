/** A WebSocket whose other end is the test. */
export function sockets() {
  const made = [];
  class WebSocket {
    constructor(url, protocol) {
      Object.assign(this, { url, protocol, readyState: 1, sent: [], closed: false });
      made.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close() {
      this.closed = true;
      this.readyState = 3;
    }
    says(message) {
      this.onmessage({ data: JSON.stringify(message) });
    }
    ends(code = 1006, reason = "") {
      this.onclose?.({ code, reason });
    }
  }
  return { WebSocket, made };
}

/** An EventSource whose other end is the test. */
export function sources() {
  const made = [];
  class EventSource extends EventTarget {
    constructor(url, options) {
      super();
      Object.assign(this, { url, options, closed: false });
      made.push(this);
    }
    close() {
      this.closed = true;
    }
    says(type, data, lastEventId) {
      const event = Object.assign(new Event(type), { data, lastEventId });
      if (type === "message") this.onmessage(event);
      else this.dispatchEvent(event);
    }
  }
  return { EventSource, made };
}

/** An XMLHttpRequest whose other end is the test. */
export function requests() {
  const made = [];
  class XMLHttpRequest {
    constructor() {
      Object.assign(this, { status: 0, responseText: "", aborted: false });
      made.push(this);
    }
    open(method, url) {
      Object.assign(this, { method, url });
    }
    send() {}
    abort() {
      this.aborted = true;
    }
    gets(text, status = 200) {
      this.status = status;
      this.responseText += text;
      this.onprogress?.();
    }
    done(text = "", status = 200) {
      this.gets(text, status);
      this.onload?.();
    }
    fails() {
      this.onerror?.();
    }
  }
  return { XMLHttpRequest, made };
}

/** A document that can hold frames and scripts. */
export function documents() {
  const made = [];
  const root = {
    appendChild(element) {
      element.parent = root;
      made.push(element);
    },
  };
  const document = {
    documentElement: root,
    hidden: false,
    events: new EventTarget(),
    createElement: (name) => ({
      name,
      contentWindow: {},
      remove() {
        this.parent = undefined;
      },
    }),
    addEventListener: (...given) => document.events.addEventListener(...given),
    removeEventListener: (...given) => document.events.removeEventListener(...given),
  };
  return { document, made };
}
