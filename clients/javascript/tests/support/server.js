import http from "node:http";

/** A stand-in for Orbited with one session, and with the wire of `ndjson`, `sse`, `poll`, `xhr_stream` and `xhr`. */
export class Server {
  constructor() {
    this.events = [];
    /** How many events have been written, and how many of them acknowledged. */
    this.written = 0;
    this.acknowledged = 0;
    /** Everything asked, as objects of its query. */
    this.requests = [];
    /** The status to refuse with, if any. */
    this.refusal = 0;
    /** Transports whose head is sent, and then nothing: so a proxy holds streams back. */
    this.held = [];
    this.current = undefined;
    this.http = http.createServer((request, response) => this.answer(request, response));
  }

  async listen() {
    await new Promise((resolve) => this.http.listen(0, "127.0.0.1", resolve));
    this.port = this.http.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async close() {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  send(...values) {
    this.events.push(...values);
    this.current?.flush();
  }

  /** How often each transport was asked for. */
  asked(transport) {
    return this.requests.filter((request) => request.transport === transport).length;
  }

  answer(request, response) {
    const query = Object.fromEntries(new URL(request.url, this.url).searchParams);
    this.requests.push({ ...query, method: request.method });
    if (this.refusal) {
      response.writeHead(this.refusal, { "Content-Type": "text/plain" }).end("It is not for you.\n");
    } else if (query.ack) {
      this.acknowledge(query.ack);
      response.writeHead(204).end();
    } else if (this.held.includes(query.transport)) {
      response.writeHead(200).flushHeaders();
    } else if (KINDS[query.transport]) {
      this.take(query, response);
    } else {
      response.writeHead(400, { "Content-Type": "text/plain" }).end("There is no such transport.\n");
    }
  }

  acknowledge(cursor) {
    this.acknowledged = Math.max(this.acknowledged, Number.parseInt(cursor.slice(2), 16));
  }

  /** A request for events: a newer one takes over. */
  take(query, response) {
    this.current?.replace();
    const stream = this.current = new KINDS[query.transport](this, response);
    let gap = false;
    if (query.last) {
      const last = Number.parseInt(query.last.slice(2), 16);
      gap = last < this.acknowledged;
      this.acknowledge(query.last);
      this.written = this.acknowledged;
    } else {
      gap = this.written > this.acknowledged;
      this.acknowledged = this.written;
    }
    stream.begin(cursor(this.written), gap, Boolean(query.last));
    stream.flush();
    response.on("close", () => {
      if (this.current === stream) this.current = undefined;
    });
  }

  /** The events that are to be written now. */
  next(most = Infinity) {
    const from = this.written;
    const events = this.events.slice(from, from + most);
    this.written += events.length;
    return events.map((data, at) => ({ cursor: cursor(from + at + 1), data }));
  }
}

const cursor = (number) => `e-${number.toString(16)}`;

class Stream {
  constructor(server, response) {
    this.server = server;
    this.response = response;
  }

  flush() {
    for (const event of this.server.next()) this.response.write(this.event(event));
  }
}

class Lines extends Stream {
  begin(cursor, gap) {
    this.say({ cursor });
    if (gap) this.say({ cursor, gap });
  }
  say(line) {
    this.response.write(`${JSON.stringify(line)}\n`);
  }
  event(event) {
    return `${JSON.stringify(event)}\n`;
  }
  heartbeat() {
    this.say({});
  }
  replace() {
    this.response.end('{"closed":"replaced"}\n');
  }
  shutdown() {
    this.response.end('{"closed":"shutdown"}\n');
  }
  close(reason) {
    this.response.end(`${JSON.stringify({ closed: "closed", reason })}\n`);
  }
}

class Blocks extends Stream {
  begin(cursor, gap) {
    this.response.writeHead(200, { "Content-Type": "text/event-stream" });
    this.response.write(`retry: 1000\nid: ${cursor}\n\n`);
    if (gap) this.response.write(`event: gap\nid: ${cursor}\ndata: \n\n`);
  }
  event({ cursor, data }) {
    return `id: ${cursor}\ndata: ${JSON.stringify(data)}\n\n`;
  }
  heartbeat() {
    this.response.write(":\n\n");
  }
  replace() {
    this.response.end("event: replaced\ndata: \n\n");
  }
  close(reason) {
    this.response.end(`event: closed\ndata: ${reason}\n\n`);
  }
}

class Poll extends Stream {
  begin(_cursor, gap, waits) {
    this.gap = gap;
    this.waits = waits && !gap;
  }
  flush() {
    const events = this.server.next();
    if (events.length === 0 && this.waits) return;
    const answer = { cursor: cursor(this.server.written), gap: this.gap || undefined };
    this.end({ ...answer, events: events.map(({ data }) => data) });
  }
  replace() {
    this.end({ closed: "replaced" });
  }
  close(reason) {
    this.end({ closed: "closed", reason });
  }
  end(answer) {
    this.server.current = undefined;
    const text = JSON.stringify(answer);
    this.response.writeHead(200, { "Content-Length": Buffer.byteLength(text) }).end(text);
  }
}

class Frames extends Stream {
  begin() {
    this.response.write(`${".".repeat(256)}\r\n\r\n`);
  }
  event({ data }) {
    return `${JSON.stringify(data)}\r\n|O|\r\n`;
  }
  replace() {
    this.response.end();
  }
}

class Single extends Stream {
  begin() {}
  flush() {
    const [event] = this.server.next(1);
    if (event) this.end(JSON.stringify(event.data));
  }
  replace() {
    this.end("");
  }
  end(text) {
    this.server.current = undefined;
    this.response.writeHead(200, { "Content-Length": Buffer.byteLength(text) }).end(text);
  }
}

const KINDS = { ndjson: Lines, sse: Blocks, poll: Poll, xhr_stream: Frames, xhr: Single };
