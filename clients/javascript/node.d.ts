/** Whom an event is for: `user, session, /location`. It can't be changed. */
export class ConnectionKey {
    /**
     * `user` and `session` are not empty and without `", "`; `location` starts with `/`.
     * @throws {InvalidRecipient}
     */
    constructor(user: string, session: string, location: string);
    /** Read a key as it is written. */
    static parse(text: string): ConnectionKey;
    readonly user: string;
    readonly session: string;
    readonly location: string;
    /** Whether both are the same, character by character. */
    equals(other: ConnectionKey): boolean;
    toString(): string;
    toJSON(): string;
}

/** Stands for all keys that match it and have a session: `*` as a part stands for any value of it. */
export class Pattern extends ConnectionKey {
    matches(key: ConnectionKey): boolean;
}

/** One recipient; in text and objects a part that is `*` makes a pattern. */
export type Recipient = string | { user: string; session: string; location: string } | ConnectionKey;

/** A recipient that was not reached, and why. */
export class Unreached {
    constructor(key: ConnectionKey, code?: number | null, name?: string | null);
    readonly key: ConnectionKey;
    /** 301 to 305; null from a server of Orbit 1.0, which does not say. */
    readonly code: number | null;
    /** `unreachable`, `expired`, `overflow`, `refused` or `unconfirmed`; null as above. */
    readonly name: string | null;
    toString(): string;
}

/** What became of an event. */
export class Receipt {
    constructor(id: string, reached: number, unreached?: Unreached[], message?: string);
    /** The id that the event had on the wire; a notice `signoff` names it so. */
    readonly id: string;
    /** How many keys were reached. */
    readonly reached: number;
    readonly unreached: Unreached[];
    /** The server's sentence about them; empty if all were reached. */
    readonly message: string;
    /** Whether every recipient was reached. */
    readonly ok: boolean;
}

/** The keys that have a session. */
export class Listing implements Iterable<ConnectionKey> {
    constructor(keys: ConnectionKey[], more: boolean);
    readonly keys: ConnectionKey[];
    /** Whether there are more than the limit allowed. */
    readonly more: boolean;
    [Symbol.iterator](): IterableIterator<ConnectionKey>;
}

/** A place in the sequence of sign-ons and sign-offs. */
export interface Position {
    epoch: string;
    sequence: number;
}

/** The key has a session, as the watch begins. */
export interface Present extends Position {
    type: "present";
    key: ConnectionKey;
}

/** The first browser of the key has connected. */
export interface Signon extends Position {
    type: "signon";
    key: ConnectionKey;
}

/** The session of the key has ended. */
export interface Signoff extends Position {
    type: "signoff";
    key: ConnectionKey;
    /** `expired`, `closed`, `shutdown`, or another word of a later server. */
    reason: string;
    /** The ids of the events, of all publishers, that waited for the session. */
    missed: string[];
    /** The ids of those that its browser did not acknowledge. */
    unconfirmed: string[];
}

/** Notices are missing here, or may be; the watch goes on at this place. */
export interface Gap extends Position {
    type: "gap";
}

export type Notice = Present | Signon | Signoff | Gap;

/** What the server says as a watch begins. */
export interface Watching extends Position {
    /** How many notices `present` come first. */
    present: number;
    /** Whether all later notices of a former watch follow. */
    resumed: boolean;
}

/** The notices of one watch, to be read with `for await`. Leaving the loop ends the watch. */
export class Watch implements AsyncIterableIterator<Notice> {
    private constructor();
    readonly ready: Promise<Watching>;
    /** How far it is read, for `since` of another watch; undefined: not where one could go on. */
    readonly position: Position | undefined;
    next(): Promise<IteratorResult<Notice, undefined>>;
    return(): Promise<IteratorResult<Notice, undefined>>;
    /** End it; done when the server has heard of it. */
    end(): Promise<void>;
    [Symbol.asyncIterator](): this;
}

/** How large things may be, where the server's settings are not the defaults. */
export interface Limits {
    /** Bytes in one line; default 8,192 (`control.line`). */
    line: number;
    /** Recipients of one frame; default 100,000 (`control.recipients`). */
    recipients: number;
    /** Bytes in one body; default 1,048,576 (`control.body`). */
    body: number;
    /** Bytes in all lines of a frame; default 16,777,216 (`control.head`). */
    head: number;
    /** Calls that are sent and not yet answered; default 5,000, below `control.in_flight`. */
    inFlight: number;
    /** Bytes of frames that are sent and not yet answered; default 16,777,216, below `control.in_flight_bytes`. */
    inFlightBytes: number;
    /** Bytes in one reply; default 67,108,864. */
    reply: number;
}

/** Times are in ms; `Infinity` means for ever. */
export interface ClientOptions {
    /** The server's name or address; default `"localhost"`. */
    host?: string;
    /** Its control port (`op.port`); default 9000. */
    port?: number;
    /** `true`, or options of Node's `tls.connect`; default: no TLS. */
    tls?: boolean | object;
    /** The server's secret (`op.secret`). */
    secret?: string | Uint8Array;
    /** How long each call may take; default 60,000. */
    timeout?: number;
    /** How long an attempt to connect may take, or the answer to a sign of life; default 10,000. */
    connectTimeout?: number;
    /** After how long without a sign of life the server is asked for one; default 30,000. */
    heartbeat?: number;
    /** How many calls may wait to be sent: for a connection, or behind what may be in flight; default 1,000. */
    queue?: number;
    /** What is done with one more; default `"wait"`. */
    whenFull?: "wait" | "fail" | "drop_oldest";
    /** How the ids of this client's events begin; default: as those of nobody else. */
    idPrefix?: string;
    limits?: Partial<Limits>;
}

export interface CallOptions {
    /** How long the call may take, in ms; default: the client's. */
    timeout?: number;
    /** Ends the call with `Aborted`. */
    signal?: AbortSignal;
}

export interface EventOptions {
    /** Whether the body is a value to be written as JSON, and not text or bytes; default `true`. */
    json?: boolean;
    /** How long the event may wait for its recipients, in whole seconds; default: as long as their sessions. */
    ttl?: number;
    /** When a recipient is reached: its bytes left, or its browser has it; default `"written"`. */
    ack?: "written" | "browser";
    /** Whether an event whose connection was lost is sent again, which can deliver it twice; default `false`. */
    retry?: boolean;
}

export interface WatchOptions {
    /** Whether the keys that have a session already are told first; default `false`. */
    state?: boolean;
    /** Where to go on: `position` of an earlier watch. If that is not known any more, a `gap` is told first. */
    since?: Position;
    /** How many notices may wait to be read; default 10,000. */
    notices?: number;
    /** How long the watch may take to begin, in ms; default: the client's. */
    timeout?: number;
    signal?: AbortSignal;
}

/** Sends events to the browsers of one Orbited server, and asks it for more. */
export class Client {
    constructor(options?: ClientOptions);
    /** Whether there is a connection. */
    readonly connected: boolean;
    /** Connect now, rather than with the first call. One attempt is made. */
    connect(options?: CallOptions): Promise<void>;
    /** End the watches, wait for the calls under way, and close the connection. The client stays usable. */
    disconnect(options?: { timeout?: number }): Promise<void>;
    /** Send an event to one recipient or many; the receipt comes when the fate of each is known. */
    event(
        recipients: Recipient | Iterable<Recipient>,
        body: unknown,
        options?: EventOptions & CallOptions,
    ): Promise<Receipt>;
    /** Show the server's secret, now and on each later connection. */
    auth(secret: string | Uint8Array, options?: CallOptions): Promise<void>;
    /** Ask the server for an answer and nothing else. */
    ping(options?: CallOptions): Promise<void>;
    /** Get a notice of each sign-on and sign-off of the keys that a recipient stands for. */
    watch(recipient: Recipient, options?: WatchOptions): Watch;
    /** End a watch; done when the server has heard of it. */
    unwatch(watch: Watch): Promise<void>;
    /** The keys that have a session and that the recipients stand for; `limit` is 10,000 by default. */
    list(recipients: Recipient | Iterable<Recipient>, options?: { limit?: number } & CallOptions): Promise<Listing>;
    /** End the sessions of all keys that the recipients stand for, and give their number. */
    close(recipients: Recipient | Iterable<Recipient>, options?: { reason?: string } & CallOptions): Promise<number>;
}

/** The root of all errors of this package. */
export class OrbitedError extends Error {
    constructor(message: string, details?: { maybeDelivered?: boolean; cause?: unknown });
    /** The number from the registry of codes; null if the server gave none. */
    readonly code: number | null;
    /** The name that belongs to the code; null if the server gave none. */
    readonly codeName: string | null;
    /** Whether browsers can have got the event, or the server can have carried out the call, nevertheless. */
    maybeDelivered: boolean;
    /** Whether the same call can succeed if it is made again. */
    readonly retriable: boolean;
    /** Whether the call can be made again without the risk of delivering an event twice. */
    readonly safeToRetry: boolean;
}
/** There is no connection to the server, or no longer. */
export class OrbitedConnectionError extends OrbitedError {}
/** No connection could be made. */
export class ConnectFailed extends OrbitedConnectionError {}
/** The connection ended before the reply came. */
export class ConnectionLost extends OrbitedConnectionError {}
/** The time given for the call was over. */
export class Timeout extends OrbitedError {}
/** The `AbortSignal` of the call was triggered; its `name` is `AbortError`. */
export class Aborted extends OrbitedError {}
/** As many calls as the queue holds wait to be sent. */
export class QueueFull extends OrbitedError {}
/** The call was the oldest in a full queue, and made room for a later one. */
export class Dropped extends OrbitedError {}
/** `disconnect()` ended the call. */
export class Disconnected extends OrbitedError {}
/** So many notices waited to be read that the watch was ended. */
export class NoticesOverflow extends OrbitedError {}
/** The peer sent something that is no Orbit. */
export class ProtocolError extends OrbitedError {
    constructor(message: string, violation: string, details?: { maybeDelivered?: boolean; cause?: unknown });
    /** What is wrong: `line`, `word`, `size`, `id`, or the name of a header. */
    readonly violation: string;
}
/** The server refused the call as a whole. */
export class RefusedError extends OrbitedError {
    constructor(
        message: string,
        code?: number,
        codeName?: string,
        details?: { maybeDelivered?: boolean; cause?: unknown },
    );
}
/** The server speaks Orbit 1.0 only, and the call needs Orbit 1.1. */
export class UnsupportedVersion extends RefusedError {}
/** A recipient is no connection key and no pattern. */
export class InvalidRecipient extends OrbitedError {
    constructor(message: string, recipient: unknown);
    readonly recipient: unknown;
}
/** The body can't be written as JSON or as UTF-8, or is no text or bytes. */
export class InvalidBody extends OrbitedError {}
/** A value such as a `ttl` can't be sent. */
export class InvalidValue extends OrbitedError {}
/** The call is larger than the wire allows. */
export class LimitExceeded extends OrbitedError {
    constructor(message: string, limit: string, value: number, maximum: number);
    readonly limit: string;
    readonly value: number;
    readonly maximum: number;
}
