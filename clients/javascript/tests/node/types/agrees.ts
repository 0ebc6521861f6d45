// What the declarations promise is what the sources have: tsc fails here if they part.
import * as declared from "../../../node";
import * as written from "../../../node/index.js";

// Only the client makes a watch; and no source in JavaScript can declare a constructor private.
export const values: Omit<typeof declared, "Client" | "Watch"> = written;
export const client: new (options?: declared.ClientOptions) => declared.Client = written.Client;
export const names: Record<keyof typeof declared, unknown> = written;
export const watch = (given: written.Watch): declared.Watch => given;

// And what a program writes has types.
export async function program(orbit: declared.Client): Promise<number> {
    const receipt = await orbit.event(["michael, 0, /chat"], { hello: "world" }, { ttl: 5, ack: "browser" });
    for (const { key, code, name } of receipt.unreached) console.log(key.user, code, name);
    const since = orbit.watch("*, *, /chat").position;
    for await (const notice of orbit.watch("*, *, /chat", { state: true, since, timeout: 5000 })) {
        if (notice.type === "signoff") console.log(notice.missed.length, notice.reason);
        else if (notice.type !== "gap") console.log(notice.key.location);
    }
    const { more } = await orbit.list({ user: "*", session: "*", location: "/chat" }, { limit: 10 });
    return more ? await orbit.close("michael, 0, /chat", { reason: "Bye", signal: new AbortController().signal }) : 0;
}
