/** An answer without news that comes sooner than this was no long poll, in ms. */
const SOON = 500;

/**
 * Asks again and again.
 * @param {import("./call.js").Call} call
 * @param {(answered: (message: import("../message.js").Message) => void) => (() => void)} request Sends one request, and
 *   returns what gives it up.
 * @returns {import("./call.js").Handle}
 */
export function repeat(call, request) {
  const { performance } = call._world;
  let over = false;
  let giveUp = () => {};
  let soon = 0;
  const next = () => {
    const sent = performance.now();
    giveUp = request((message) => {
      if (over) return;
      const news = message.gap || (message.events && message.events.length);
      soon = news || performance.now() - sent > SOON ? 0 : soon + 1;
      call._take(message);
      // The first answer of a poll comes at once; more of that kind are another's fault, and not to be hurried.
      if (soon > 1) call._end({ reason: "The server answers polls too soon." });
      if (!over) next();
    });
  };
  next();
  return {
    _close() {
      over = true;
      giveUp();
    },
  };
}
