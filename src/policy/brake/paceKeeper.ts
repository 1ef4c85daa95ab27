import type { SendAnswer } from '../../providers/provider.ts';
import { causeOf } from './evidence.ts';
import { decidePace, isLimited, type Pace } from './pace.ts';
import type { SendGate } from './sendGate.ts';

/** What is known of a channel's pace, for the log and for `status`. */
export interface PaceFacts {
  readonly perSecond: number;
  readonly cause: string;
  readonly since: Date;
}

const withoutRetryAfterMs = 1_000;
const judgeEveryMs = 1_000;

/**
 * Keeps the pace of one channel in this process: slower on 429, faster while all is taken. Each process finds
 * its own share of what the provider takes, so they need not talk to each other.
 *
 * A sample counts only sends that began under the present pace: earlier ones say nothing about it.
 */
export class PaceKeeper {
  readonly #gate: SendGate;
  #pace: Pace | undefined;
  #cause = '';
  #since = new Date();
  #sinceMs = 0;
  #accepted = 0;
  #limited = 0;
  #onBegun: (cause: string) => void = () => undefined;

  constructor(gate: SendGate) {
    this.#gate = gate;
  }

  get facts(): PaceFacts | undefined {
    return this.#pace && { perSecond: this.#pace.perSecond, cause: this.#cause, since: this.#since };
  }

  /**
   * The sends per second that this process may make, limited by the provider's 429 and by its rate; Infinity
   * if nothing limits them.
   */
  get perSecond(): number {
    const [pace, rate] = [this.#pace, this.#gate.rate];
    return Math.min(pace?.perSecond ?? Number.POSITIVE_INFINITY, rate?.perSecond ?? Number.POSITIVE_INFINITY);
  }

  /** @param listener called with the provider's words when it begins to ask for fewer sends at a time */
  onBegun(listener: (cause: string) => void): void {
    this.#onBegun = listener;
  }

  record(answer: SendAnswer, startedMs: number): void {
    if (startedMs < this.#sinceMs) return;
    const nowMs = performance.now();
    if (answer.kind === 'accepted') this.#accept(nowMs);
    else if (answer.kind === 'notSent' && answer.trouble === 'pace') this.#limit(answer, nowMs);
  }

  #accept(nowMs: number): void {
    this.#accepted++;
    if (this.#pace !== undefined) this.judge(nowMs);
    else if (nowMs - this.#sinceMs > judgeEveryMs) this.#begin(nowMs);
  }

  #limit(answer: Extract<SendAnswer, { kind: 'notSent' }>, nowMs: number): void {
    this.#limited++;
    if (!isLimited(this.#sample(nowMs))) return;
    this.#cause = causeOf(answer);
    const isFirst = this.#pace === undefined;
    if (isFirst) this.#since = new Date();
    this.#decide(nowMs, answer.retryAfterMs ?? withoutRetryAfterMs);
    if (isFirst) this.#onBegun(this.#cause);
  }

  /** Called once per second while there is a pace, even without answers. */
  judge(nowMs: number): void {
    if (this.#pace !== undefined && nowMs - this.#sinceMs >= judgeEveryMs) this.#decide(nowMs, 0);
  }

  clear(): void {
    this.#pace = undefined;
    this.#gate.setPace(undefined);
    this.#begin(performance.now());
  }

  #sample(nowMs: number) {
    return {
      accepted: this.#accepted,
      limited: this.#limited,
      seconds: Math.max(0, nowMs - this.#sinceMs) / 1_000,
    };
  }

  #decide(nowMs: number, holdMs: number): void {
    const decision = decidePace(this.#pace, this.#sample(nowMs), nowMs);
    switch (decision.kind) {
      case 'keep':
        if (nowMs - this.#sinceMs > this.#longestSampleMs()) this.#begin(nowMs);
        return;
      case 'held':
        this.#pace = decision.pace;
        this.#gate.setPace(decision.pace.perSecond, nowMs + holdMs);
        this.#begin(nowMs + holdMs);
        return;
      case 'grown':
        this.#pace = decision.pace;
        this.#gate.setPace(decision.pace.perSecond);
        this.#begin(nowMs);
        return;
      case 'over':
        this.clear();
        return;
      default:
        decision satisfies never;
    }
  }

  /** Long enough for some answers. Not longer, so that an idle time does not hide what follows it. */
  #longestSampleMs(): number {
    return Math.max(10_000, 10_000 / (this.#pace?.perSecond ?? 1));
  }

  #begin(atMs: number): void {
    this.#sinceMs = atMs;
    this.#accepted = 0;
    this.#limited = 0;
  }
}
