/** How long anything may take in a test, in ms. */
export const PATIENCE = 30_000;

/** Wait for a promise, but not for ever. */
export function within(promise, what = "this", patience = PATIENCE) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${patience} ms`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Ask again until something is so; each question is an exchange with a server, and takes its time by itself. */
export async function until(question, what = String(question)) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`it did not come to this: ${what}`);
  }
}
