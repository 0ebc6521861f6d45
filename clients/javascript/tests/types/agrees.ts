// What the declarations promise is what the sources have: tsc fails here if they part.
import * as declared from "../../orbited";
import * as written from "../../src/orbited.js";

// Listeners are typed more closely than EventTarget's, which no source in JavaScript can say.
type Listening = "addEventListener" | "removeEventListener";
type Rest = Omit<declared.Connection, Listening>;

export const functions: Omit<typeof declared, "Connection"> = written;
export const made: new (options: declared.ConnectionOptions) => Rest = written.Connection;
export const names: Record<keyof typeof declared, unknown> = written;

// And what a page writes has types.
export async function page(connection: declared.Connection): Promise<string | null> {
    connection.addEventListener("reconnecting", ({ delay, reason }) => reason.repeat(delay));
    connection.addEventListener("closed", (event) => event.reason.length);
    for await (const { data, cursor } of connection) {
        if (data) return cursor;
    }
    return connection.transport;
}
