/** Tells when so many e-mails are refused that it must be the provider and not the members. */
export interface RefusalWatch {
  /** One more answer; true when the refused share of the last ones has just risen above the limit. */
  answered(refused: boolean): boolean;
  /** Counts anew: a person has looked at it. */
  reset(): void;
}

/**
 * Looks at the last `window` e-mails of this process, and at nothing before there are so many.
 * @param limit share of refusals, 0 to 1, that is still taken for ordinary (`FALLBACK_STOP_RATE`)
 */
export const createRefusalWatch = (limit: number, window = 1_000): RefusalWatch => {
  let answers: boolean[] = [];
  let next = 0;
  let refusals = 0;
  let tripped = false;

  return {
    answered(refused) {
      if (answers[next] === true) refusals--;
      answers[next] = refused;
      if (refused) refusals++;
      next = (next + 1) % window;
      if (tripped || answers.length < window || refusals / window <= limit) return false;
      tripped = true;
      return true;
    },
    reset() {
      answers = [];
      next = 0;
      refusals = 0;
      tripped = false;
    },
  };
};
