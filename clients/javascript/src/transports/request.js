import { UNREACHABLE } from "./call.js";

/**
 * Sends a request with an XMLHttpRequest, for browsers without `fetch`.
 * @param {import("./call.js").Call} call
 * @param {(text: string, complete: boolean) => void} read Gets all of the answer that is there.
 * @returns {() => void} Gives it up.
 */
export function request(call, read) {
  const xhr = new call._world.XMLHttpRequest();
  const good = () => xhr.status === 200;
  xhr.onprogress = () => {
    if (good()) read(xhr.responseText, false);
  };
  xhr.onload = () => {
    if (good()) read(xhr.responseText, true);
    else call._end({ status: xhr.status, reason: xhr.responseText.slice(0, 200).trim() });
  };
  xhr.onerror = () => call._end({ network: !xhr.status, reason: UNREACHABLE });
  xhr.open("GET", call._url());
  xhr.withCredentials = call._credentials;
  xhr.send();
  return () => {
    xhr.onprogress = xhr.onload = xhr.onerror = null;
    xhr.abort();
  };
}
