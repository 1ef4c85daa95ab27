import type { Acceptances } from './acceptances.ts';
import type { GatewayOptions } from './gatewayOptions.ts';
import { delayMsOf, drawFault, type InjectedFault } from './injectedFault.ts';
import { isWithin } from './proxy.ts';
import type { Submission } from './submission.ts';
import type { TokenBucket } from './tokenBucket.ts';

/** What both protocols of the gateway share. */
export interface Reception {
  readonly options: GatewayOptions;
  readonly acceptances: Acceptances;
  readonly bucket: TokenBucket;
  /** When it began to listen, by the monotonic clock. */
  readonly openedAtMs: number;
}

/** What happens to one request, or one mail. */
export interface Fate {
  readonly delayMs: number;
  readonly fault: InjectedFault | undefined;
}

/** Counts one more attempt of the key, and draws what becomes of it. */
export function fateOf({ options, acceptances, openedAtMs }: Reception, key: string): Fate {
  const attempt = { key, number: acceptances.attempt(key), seed: options.seed };
  const isFaulty = isWithin(options.faultTime, performance.now() - openedAtMs);
  return {
    delayMs: delayMsOf(attempt, options.slowness),
    fault: isFaulty ? drawFault(attempt, options.rates) : undefined,
  };
}

/** @returns whether the message is in the ledger, which it is not if the disk is full */
export async function accept(
  { options, acceptances }: Reception,
  submission: AcceptedSubmission,
): Promise<boolean> {
  if (options.deduplicate && acceptances.has(submission.key)) return true;
  try {
    await acceptances.accept(submission);
    return true;
  } catch {
    return false;
  }
}

export type AcceptedSubmission = Omit<Submission, 'sendBefore'>;
