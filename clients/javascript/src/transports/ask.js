import { UNREACHABLE } from "./call.js";

/**
 * Sends one request and reads its answer; ends the call if there is none, or a refusal.
 * @param {import("./call.js").Call} call
 * @param {AbortSignal} signal
 * @param {(response: Response) => Promise<void>} read
 */
export async function ask(call, signal, read) {
  let reached = false;
  try {
    const response = await call._world.fetch(call._url(), {
      signal,
      cache: "no-store",
      credentials: call._credentials ? "include" : "same-origin",
    });
    reached = true;
    if (response.ok) await read(response);
    // The server's own refusals are one sentence.
    else call._end({ status: response.status, reason: (await response.text()).slice(0, 200).trim() });
  } catch (error) {
    call._end({ network: !reached, reason: reached ? String(error) : UNREACHABLE });
  }
}
