import { defineView } from 'billcast/view';

/** Adds what the tables do not hold: by how much the balance has changed. */
export default defineView({
  view({ fields: { opening, closing, ...fields } }, { showAll, words }) {
    const [before, after] = [Number(opening), Number(closing)];
    return {
      ...showAll(fields),
      opening: words.amount(before),
      closing: words.amount(after),
      change: words.amount(after - before),
      isDown: after < before,
    };
  },
  check: ({ fields: { opening, closing } }) =>
    [opening, closing].every(Number.isSafeInteger) ? undefined : 'a balance is no whole number',
});
