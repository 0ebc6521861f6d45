import { valueOf } from "./message.js";

/** @typedef {import("./message.js").Message} Message */
/** @typedef {(message: Message) => void} Take */

/**
 * Cuts text that comes in pieces at a separator.
 * @param {string} separator
 * @returns {(piece: string) => string[]}
 */
export function splitter(separator) {
  let rest = "";
  let searched = 0;
  return (piece) => {
    rest += piece;
    /** @type {string[]} */
    const parts = [];
    let begin = 0;
    let end;
    while ((end = rest.indexOf(separator, Math.max(begin, searched))) >= 0) {
      parts.push(rest.slice(begin, end));
      begin = searched = end + separator.length;
    }
    rest = rest.slice(begin);
    searched = Math.max(0, rest.length - separator.length + 1);
    return parts;
  };
}

/**
 * Reads `ndjson`: a JSON object a line.
 * @param {Take} take
 * @returns {(piece: string) => void}
 */
export function ndjsonDecoder(take) {
  const split = splitter("\n");
  return (piece) => split(piece).forEach((line) => take(JSON.parse(line)));
}

/**
 * Reads server-sent events, as far as Orbited sends them: all its lines end with LF alone.
 * @param {Take} take
 * @returns {(piece: string) => void}
 */
export function sseDecoder(take) {
  const split = splitter("\n");
  /** @type {Record<string, string>} */
  let fields = {};
  return (piece) =>
    split(piece).forEach((line) => {
      const [, name, value] = /** @type {string[]} */ (/^([^:]*):? ?(.*)$/s.exec(line));
      if (line) {
        // [SSE-15] Whatever else a block has is left alone.
        fields[name] = name === "data" && name in fields ? `${fields.data}\n${value}` : value;
        return;
      }
      const { id: cursor, data, event, retry } = fields;
      // What is no server-sent event, such as a proxy's HTML page, is no sign of life.
      const known = ["", "data", "event", "id", "retry"].some((name) => name in fields);
      fields = {};
      if (retry) take({ retry: +retry });
      if (event === "replaced") take({ closed: event });
      else if (event === "closed") take({ closed: event, reason: data });
      else if (event === "gap") take({ cursor, gap: true });
      else if (data !== undefined && (!event || event === "message")) {
        take({ cursor, data: valueOf(data) });
      } else if (known) take({ cursor });
    });
}

/**
 * Reads `xhr_stream`, which is of 2007.
 * @param {Take} take
 * @returns {(piece: string) => void}
 */
export function frameDecoder(take) {
  const split = splitter("\r\n|O|\r\n");
  let first = true;
  return (piece) => {
    const frames = split(piece);
    if (first && frames.length) {
      first = false;
      frames[0] = frames[0].replace(/^\.{256}\r\n\r\n/, "");
    }
    take({});
    for (const frame of frames) {
      if (frame && frame !== "ping") take({ data: valueOf(frame) });
    }
  };
}
