/**
 * Takes out of a stored text what must not reach a message: control characters (no header can be injected),
 * controls of the writing direction (no amount can be shown backwards) and lone surrogates. Line breaks and
 * tabs become a space.
 */
export const cleanText = (text: string): string =>
  UNWANTED.test(text) ? text.replace(BREAKS, ' ').replace(ALL_UNWANTED, '') : text;

const UNWANTED = /[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}\uFEFF]/u;
const ALL_UNWANTED = new RegExp(UNWANTED, 'gu');
const BREAKS = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;
