const LONE_SURROGATE = /\p{Surrogate}/u;
// deno-lint-ignore no-control-regex
const CONTROL = /[\0-\x1f\x7f]/;

/**
 * Whether UTF-8 can't express a text.
 * @param {string} text
 */
export function hasLoneSurrogate(text) {
  return LONE_SURROGATE.test(text);
}

/**
 * Whether a text has U+0000 to U+001F or U+007F in it.
 * @param {string} text
 */
export function hasControlCharacter(text) {
  return CONTROL.test(text);
}

/**
 * A decimal number in digits only, up to 9007199254740991.
 * @param {string} text
 * @returns {number | undefined} undefined: it is none.
 */
export function decimal(text) {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
