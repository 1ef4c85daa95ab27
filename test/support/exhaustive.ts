/**
 * The options of a suite that takes many seconds of the processor: `describe('...', exhaustive, () => ...)`.
 * It may take longer than others, and `npm run test:unit` leaves out the files that import this.
 */
export const exhaustive = { timeout: 900_000 };
