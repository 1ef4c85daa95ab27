import { testCycle } from '../../bill.ts';
import { domainOf } from '../../lib/domainOf.ts';
import type { DayQuota, OpenQuota } from '../dayQuota.ts';
import type { EncodedMessage, SendAnswer, SendAttempt } from '../provider.ts';
import type { EnvelopeOptions } from './envelope.ts';
import type { WarmupPlan } from './warmupPlan.ts';

export interface WarmupOptions {
  readonly warmup: WarmupPlan;
  readonly openQuota: OpenQuota;
  readonly envelope: Pick<EnvelopeOptions, 'from'>;
}

/** Keeps the mails of all processes within the numbers per day of `SMTP_WARMUP`. */
export class Warmup {
  /** The quota of all mails. Bills are counted before their hand-off. */
  readonly all: DayQuota | undefined;
  readonly isNone: boolean;
  readonly #byReceiver: ReadonlyMap<string, DayQuota>;

  constructor({ warmup, openQuota, envelope }: WarmupOptions) {
    const sender = envelope.from.domain.toLowerCase();
    this.all = warmup.all && openQuota({ sender, receiver: undefined }, warmup.all);
    this.#byReceiver = new Map(
      [...warmup.byReceiver].map(([receiver, limits]) => [receiver, openQuota({ sender, receiver }, limits)]),
    );
    this.isNone = this.all === undefined && this.#byReceiver.size === 0;
  }

  /** Sends if today has room for the mail. Otherwise its bill is given back until tomorrow. */
  async send(
    { to }: EncodedMessage,
    { claim }: SendAttempt,
    send: () => Promise<SendAnswer>,
  ): Promise<SendAnswer> {
    const receiver = this.#byReceiver.get(domainOf(to));
    const own = claim.cycle === testCycle ? [this.all, receiver] : [receiver];
    const taken: DayQuota[] = [];
    const sinceMs = performance.now();
    const giveBack = (): void => {
      for (const quota of taken) quota.giveBack(1, sinceMs);
    };
    for (const quota of own) {
      if (quota === undefined) continue;
      const retryAfterMs = await quota.waitMs();
      if (retryAfterMs > 0) {
        giveBack();
        return { kind: 'notSent', reason: 'WARM_UP', retryAfterMs, isGivenBack: true };
      }
      taken.push(quota);
    }
    const answer = await send();
    if (answer.kind === 'notSent' || answer.kind === 'misconfigured') giveBack();
    return answer;
  }

  /** Gives back all bills that wait. */
  stop(): void {
    for (const quota of [this.all, ...this.#byReceiver.values()]) quota?.stop();
  }
}
