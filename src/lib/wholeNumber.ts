/** A whole number of at least `least` from its decimal digits; undefined for any other text. */
export function readWholeNumber(text: string, least: number): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least ? number : undefined;
}
