import type { NumberedOutcome } from '../../db/outcomes/readOutcomes.ts';
import type { Outgoing } from '../../kafka/outgoing.ts';

/**
 * An outcome in the form in which the topic, the feed and webhooks give it, with the same number in all of
 * them.
 */
export interface OutcomeDocument extends Omit<NumberedOutcome, 'at'> {
  /** ISO 8601, UTC. */
  readonly at: string;
}

export function documentOf({ at, ...outcome }: NumberedOutcome): OutcomeDocument {
  return { ...outcome, at: at.toISOString() };
}

/** The key is the bill's id, so the outcomes of a bill stay in their order. */
export function outcomeRecordOf(outcome: NumberedOutcome, topic: string): Outgoing {
  return {
    topic,
    key: outcome.billId,
    value: JSON.stringify(documentOf(outcome)),
    headers: { number: String(outcome.number) },
  };
}
