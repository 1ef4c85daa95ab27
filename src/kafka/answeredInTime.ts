import { BillcastError } from '../errors.ts';
import { within } from '../lib/timeLimit.ts';
import { type Kafka, throwIfSettings } from './kafkaClient.ts';

/** After so long Kafka counts as silent for a person who waits: kafkajs retries for minutes. */
export const kafkaSilenceMs = 8_000;

/**
 * The result of a step that talks to Kafka. If it takes longer, the step itself continues.
 * @param failure the begin of the error's message
 * @throws BillcastError KAFKA_FAILED if it fails or takes longer, KAFKA_SETTINGS if waiting cannot fix it
 */
export async function answeredInTime<T>(
  kafka: Kafka,
  { failure, limitMs = kafkaSilenceMs }: { readonly failure: string; readonly limitMs?: number },
  step: Promise<T>,
): Promise<T> {
  const answer = await within(
    limitMs,
    step.then((value) => ({ value })),
  ).catch(async (cause: unknown) => {
    if (cause instanceof BillcastError) throw cause;
    await throwIfSettings(kafka, cause);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BillcastError('KAFKA_FAILED', `${failure}: ${why}`, { cause });
  });
  if (answer === undefined) throw new BillcastError('KAFKA_FAILED', `${failure}: ${silentText(limitMs)}`);
  return answer.value;
}

export function silentText(limitMs: number): string {
  return `Kafka has not answered within ${Math.round(limitMs / 1_000)} s`;
}
