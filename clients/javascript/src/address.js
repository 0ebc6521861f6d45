const encode = encodeURIComponent;

/** The URLs of one connection key on one server. */
export class Address {
  /**
   * @param {{url?: string, user: string, session?: string, location: string, token?: string}} options
   * @param {string | undefined} page The URL of the page, to which `url` is relative.
   */
  constructor({ url, user, session = "0", location, token }, page) {
    if (!user || !location) throw new TypeError("A connection needs a user and a location.");
    const base = new URL(url || "/", page);
    /** Whether the server is of another origin than the page. */
    this._foreign = base.origin !== (page && new URL(page).origin);
    this._origin = base.origin;
    /** The server's URL without a slash at its end. */
    this._base = base.href.replace(/\/$/, "");
    const path = String(location).replace(/^\/?/, "/").split("/").map(encode).join("/");
    this._event = `${this._base + path}?user=${encode(user)}&session=${encode(session)}` +
      (token ? `&token=${encode(token)}` : "");
    /** What tells this key on this server from all others. */
    this._key = `orbited ${this._base + path} ${encode(user)} ${encode(session)}`;
  }

  /**
   * The URL of an event request.
   * @param {string} transport
   * @param {string | null} cursor The last that the page has seen.
   */
  _of(transport, cursor) {
    return `${this._event}&transport=${transport}${cursor ? "&last=" + encode(cursor) : ""}`;
  }

  /**
   * The URL that acknowledges everything up to a cursor.
   * @param {string} cursor
   */
  _ack(cursor) {
    return `${this._event}&ack=${encode(cursor)}`;
  }
}
