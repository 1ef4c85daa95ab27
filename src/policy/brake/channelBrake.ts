import type { Channel } from '../../channels.ts';
import type { SendAnswer } from '../../providers/provider.ts';
import type { ClusterWord } from './clusterWord.ts';
import { type Beside, causeOf, Evidence, type Trip } from './evidence.ts';
import { noOutcomes, type Outcome, outcomeOf } from './outcome.ts';
import type { OutcomeWindow } from './outcomeWindow.ts';
import { PaceKeeper } from './paceKeeper.ts';
import { SendGate, type SendNature } from './sendGate.ts';
import { SlowStart } from './slowStart.ts';
import { Trial, type TrialChance, trialResultOf } from './trial.ts';
import { type BrakeKind, type BrakeLimits, countsAsBad, needsPerson } from './verdict.ts';

/** How many of some bills may be claimed now, and whether the one of them is a trial. */
export interface Admission {
  readonly count: number;
  readonly trial?: Trial | undefined;
}

/** What a send began with; its answer is counted by that. */
export interface SendStart {
  /** Between two of them the brake was on: answers of an earlier one count no more. */
  readonly era: number;
  readonly startedMs: number;
  readonly trial?: Trial | undefined;
}

/** How the channel stands when an answer has come, which is part of what the answer means for its bill. */
export interface Standing {
  readonly isBraked: boolean;
  /** Other bills were accepted in the last minute: what is refused for our settings is about this bill alone. */
  readonly othersPass: boolean;
}

export interface ChannelBrakeOptions {
  readonly channel: Channel;
  /** Sends that the provider takes at a time. */
  readonly concurrency: number;
  readonly limits: BrakeLimits;
  /** The brake is to go on over the cluster, or a trial is over: the cluster is to be told soon. */
  readonly onNews: () => void;
  /** Bills may be claimed that could not before. */
  readonly onRoom: () => void;
  /** The provider begins to answer 429. */
  readonly onPace?: (cause: string) => void;
}

/**
 * The brake of one channel in this process: decides at once by what it sees itself, and obeys what the cluster says.
 *
 * States: unread (nothing starts), open, tripped (by this process, and the cluster is not told yet), braked (by the
 * cluster's word). Paused stands beside them. A trial lets one bill through a brake that is on.
 */
export class ChannelBrake {
  readonly gate: SendGate;
  readonly #options: ChannelBrakeOptions;
  readonly #evidence = new Evidence();
  readonly #pace: PaceKeeper;
  #word: ClusterWord | undefined;
  #trip: Trip | undefined;
  #isTold = false;
  #trial: Trial | undefined;
  #era = 0;
  readonly #slowStart: SlowStart;

  constructor(options: ChannelBrakeOptions) {
    this.#options = options;
    this.gate = new SendGate(options.concurrency, options.onRoom);
    this.#pace = new PaceKeeper(this.gate);
    this.#slowStart = new SlowStart(this.gate);
    this.gate.setClosed(true);
  }

  get channel(): Channel {
    return this.#options.channel;
  }

  /** The brake that the cluster has on, as it was last read. */
  get heardKind(): BrakeKind | undefined {
    return this.#word?.kind;
  }

  /** As it was last read; undefined before that. */
  get isPaused(): boolean | undefined {
    return this.#word?.isPaused;
  }

  /** What the cluster is not told yet. */
  get trip(): Trip | undefined {
    return this.#isTold ? undefined : this.#trip;
  }

  /** What the bills of this process came to, for the cluster. */
  get window(): OutcomeWindow {
    return this.#evidence.window;
  }

  get paceFacts() {
    return this.#pace.facts;
  }

  get #kind(): BrakeKind | undefined {
    return this.#trip?.kind ?? this.#word?.kind;
  }

  get #isBraked(): boolean {
    return this.#kind !== undefined;
  }

  get #isClosed(): boolean {
    return this.#word === undefined || this.#word.isPaused || this.#isBraked;
  }

  /** Whether a trial may be asked for: the provider is the only thing in the way. */
  get wantsTrial(): boolean {
    const kind = this.#word?.kind;
    const isFree = this.#trial === undefined || this.#trial.hasExpired;
    return isFree && kind !== undefined && !needsPerson(kind) && this.#word?.isPaused === false;
  }

  /** How many of `wanted` bills may be claimed, if so many are claimed already. */
  admit(wanted: number, claimed: number): Admission {
    if (this.#word?.isPaused === false && this.#trial?.isFree) {
      this.#trial.take();
      return { count: Math.min(wanted, 1), trial: this.#trial };
    }
    if (this.#isClosed || this.gate.standsStill) return nothing;
    this.#slowStart.beginAfterIdleness();
    const perSecond = this.#pace.facts?.perSecond ?? Number.POSITIVE_INFINITY;
    const waiting = claimed - this.gate.taken;
    const room = Math.min(
      this.#slowStart.atOnce * 2 - claimed,
      Math.max(1, perSecond * secondsInHand) - waiting,
    );
    return { count: Math.max(0, Math.min(wanted, Math.floor(room))) };
  }

  /** How many of so many claimed bills come to their turn before their claim grows old. */
  inTime(claimed: number): number {
    const perSecond = this.#pace.facts?.perSecond ?? Number.POSITIVE_INFINITY;
    return Math.min(claimed, Math.max(1, Math.floor(perSecond * longestInHandSeconds)));
  }

  /** Waits for slots; 0 says that nothing is to be sent now. */
  takeSlots(atMost: number, nature: SendNature, trial?: Trial): Promise<number> {
    if (trial === undefined) return this.gate.take(atMost, nature);
    if (trial.isOver || this.#word?.isPaused) return Promise.resolve(0);
    this.gate.takeOne();
    return Promise.resolve(1);
  }

  /** What a send begins with; undefined if it must not begin, although its bill is handed off. */
  start(trial?: Trial): SendStart | undefined {
    if (trial === undefined && this.#isClosed) return undefined;
    if (trial?.isOver) return undefined;
    trial?.sent();
    return { era: this.#era, startedMs: performance.now(), trial };
  }

  /** One more answer. */
  answered(answer: SendAnswer, { era, startedMs, trial }: SendStart): Standing {
    const outcome = outcomeOf(answer);
    if (trial !== undefined) {
      this.#endTrial(trial, outcome, answer);
    } else if (outcome !== undefined && era === this.#era && !this.#isBraked) {
      if (answer.kind !== 'accepted') this.#evidence.remember(outcome, causeOf(answer));
      this.#keepPace(answer, startedMs);
      this.#count(outcome);
    }
    const othersPass = answer.kind === 'misconfigured' && this.#evidence.sum(this.#word?.others).accepted > 0;
    return { isBraked: this.#isBraked, othersPass };
  }

  /** An e-mail that is to turn to SMS because there is no usable address; false says that it must not now. */
  turned(): boolean {
    if (this.#kind !== undefined) return !needsPerson(this.#kind);
    this.#evidence.remember('turned', 'no usable e-mail address');
    this.#count('turned');
    return true;
  }

  /** The cluster was told, or somebody else was first: its next word decides. */
  told(): void {
    this.#isTold = true;
  }

  /** This process may try one real bill. */
  grantTrial(chance: TrialChance): void {
    this.#trial = new Trial(chance);
    this.#options.onRoom();
  }

  /** The trial that is over and was not told yet. */
  takeEndedTrial(): Trial | undefined {
    const ended = this.#trial?.isOver ? this.#trial : undefined;
    if (ended !== undefined) this.#trial = undefined;
    return ended;
  }

  obey(word: ClusterWord): void {
    const wasClosed = this.#isClosed;
    const released = this.#word !== undefined && this.#word.releasedAtMs !== word.releasedAtMs;
    this.#word = word;
    if (this.#isTold) this.#endTrip();
    if (released) this.#forget();
    if (word.kind === undefined) this.#trial = undefined;
    this.#pace.judge(performance.now());
    const trip = this.#isClosed ? undefined : this.#evidence.judgeMinute(this.#beside);
    if (trip !== undefined) this.#goOn(trip);
    this.gate.setClosed(this.#isClosed);
    if (this.#isClosed || !(wasClosed || released)) return;
    this.#slowStart.begin();
    this.#options.onRoom();
  }

  #count(outcome: Outcome): void {
    const nowMs = performance.now();
    const limits = this.#word?.limits ?? this.#options.limits;
    this.#evidence.add(outcome, nowMs, limits);
    if (outcome === 'accepted' || (outcome === 'refused' && !countsAsBad(outcome, limits))) {
      this.#slowStart.good(nowMs);
      return;
    }
    const trip = this.#evidence.judge(this.#beside);
    if (trip !== undefined) this.#goOn(trip);
  }

  #goOn(trip: Trip): void {
    this.#trip = trip;
    this.gate.setClosed(true);
    this.#era++;
    this.#options.onNews();
  }

  #endTrip(): void {
    this.#trip = undefined;
    this.#isTold = false;
  }

  get #beside(): Beside {
    const { limits, others } = this.#word ?? { limits: this.#options.limits, others: noOutcomes };
    return { limits, others, unanswered: this.gate.taken };
  }

  #keepPace(answer: SendAnswer, startedMs: number): void {
    const nowMs = performance.now();
    if (answer.kind === 'accepted') this.#pace.accepted(startedMs, nowMs);
    else if (answer.kind === 'notSent' && answer.trouble === 'pace') {
      const begins = this.#pace.limited(answer, startedMs, nowMs);
      if (begins) this.#options.onPace?.(causeOf(answer));
    }
  }

  #endTrial(trial: Trial, outcome: Outcome | undefined, answer: SendAnswer): void {
    trial.end(trialResultOf(outcome, answer));
    this.#options.onNews();
  }

  #forget(): void {
    this.#endTrip();
    this.#era++;
    this.#evidence.clear();
    this.#pace.clear();
    this.#slowStart.begin();
  }
}

/** Under a pace bills are claimed for so long ahead. */
const secondsInHand = 2;
/** What was claimed before there was a pace is kept for so long; far below the least BATCH_MAX_AGE_MS that makes sense. */
const longestInHandSeconds = 10;
const nothing: Admission = { count: 0 };
