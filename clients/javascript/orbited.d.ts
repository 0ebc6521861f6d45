/** A name of a transport, the old ones of 2007 and 2008 too. */
export type Transport =
    | "ws"
    | "sse"
    | "ndjson"
    | "poll"
    | "xhr_stream"
    | "iframe"
    | "jsonp"
    | "xhr"
    | "server_sent_events"
    | "stream"
    | "xhr_multipart"
    | "htmlfile";

/** `replaced` and `closed` are for good. */
export type ConnectionState = "connecting" | "open" | "reconnecting" | "replaced" | "closed";

export interface ConnectionOptions {
    /** The user of the connection key. */
    user: string;
    /** The location of the connection key, such as `/chat`. */
    location: string;
    /** The session of the connection key; default `"0"`. */
    session?: string;
    /** The Orbited server; default: the page's origin. */
    url?: string;
    /** Sent along with each request, as the query field `token`. */
    token?: string;
    /** The transports to use, best first; default: all but `xhr`. */
    transports?: readonly Transport[];
    /** Whether the browser's tabs share one connection where they can; default `true`. */
    share?: boolean;
    /** Whether cookies go to a server of another origin; default `false`. */
    credentials?: boolean;
    /** How long a stream may take to begin before it is taken for held back, in ms; default 5000. */
    openTimeout?: number;
    /** After how long without any sign of life a connection is taken for dead, in ms; default 60000. */
    silence?: number;
}

/** An event came. */
export interface EventEvent extends Event {
    readonly type: "event";
    /** What the body says as JSON, or the body as a string. */
    readonly data: any;
    /** How far the page is with this event; null if it can't be told. */
    readonly cursor: string | null;
}

/** Events can come. */
export interface OpenEvent extends Event {
    readonly transport: string;
}

/** The connection was lost, and is opened again by itself. */
export interface ReconnectingEvent extends Event {
    /** When it is tried next, in ms. */
    readonly delay: number;
    readonly reason: string;
}

/** It is over: the server refused, or the page closed it; or, as `replaced`, another browser has taken over. */
export interface ClosedEvent extends Event {
    readonly reason: string;
}

export interface ConnectionEventMap {
    event: EventEvent;
    open: OpenEvent;
    reconnecting: ReconnectingEvent;
    /** Events are missing before the next one. */
    gap: Event;
    replaced: ClosedEvent;
    closed: ClosedEvent;
}

/** The events of one connection key. */
export class Connection extends EventTarget implements AsyncIterable<EventEvent> {
    /**
     * Connects by itself, when the present task is done.
     * @throws TypeError if the options are not valid, or this browser has none of the transports.
     */
    constructor(options: ConnectionOptions);
    readonly state: ConnectionState;
    /** The transport in use while the state is `open`, otherwise null. */
    readonly transport: string | null;
    /** The cursor of what the page has seen last; null if there is none yet. */
    readonly cursor: string | null;
    /** Ends the connection for good. */
    close(): void;
    addEventListener<K extends keyof ConnectionEventMap>(
        type: K,
        listener: (this: Connection, event: ConnectionEventMap[K]) => unknown,
        options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(
        type: string,
        listener: EventListenerOrEventListenerObject | null,
        options?: boolean | AddEventListenerOptions,
    ): void;
    removeEventListener<K extends keyof ConnectionEventMap>(
        type: K,
        listener: (this: Connection, event: ConnectionEventMap[K]) => unknown,
        options?: boolean | EventListenerOptions,
    ): void;
    removeEventListener(
        type: string,
        listener: EventListenerOrEventListenerObject | null,
        options?: boolean | EventListenerOptions,
    ): void;
    /**
     * The events from the first `next()` on; ends when the connection is closed or replaced.
     * @throws Error if more than 1000 events wait to be read.
     */
    [Symbol.asyncIterator](): AsyncGenerator<EventEvent, void, unknown>;
}

/**
 * Connects as in 2008, and calls back with the value of each event.
 * @param session Default `"0"`.
 * @param transport Default: the best that works.
 */
export function connect(
    callback: (data: any) => void,
    user: string,
    location: string,
    session?: string,
    transport?: Transport,
): Connection;

/** Makes an XMLHttpRequest, as in 2008. */
export function create_xhr(): XMLHttpRequest;

/** Gives a frame of the page's origin its functions `e` and `p`; `/_/iframe.js` calls it in the frame. */
export function attach_iframe(frame: any): void;
