import { type Channel, contactLabelOf } from '../../channels.ts';
import type { SendAnswer } from '../../providers/provider.ts';
import { channelOfRoute, type RouteName } from '../../providers/providerShares.ts';
import { claimable } from '../slots/slotLease.ts';
import type { Admission, AnswerContext, SendStart } from './admission.ts';
import { ProcessBrakeState } from './brakeState.ts';
import type { ClusterWord } from './clusterWord.ts';
import { type Beside, causeOf, Evidence, type Trip } from './evidence.ts';
import { HeldTrial } from './heldTrial.ts';
import { mostInTime, roomInHand } from './inHand.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { OutcomeWindow } from './outcomeWindow.ts';
import { PaceKeeper } from './paceKeeper.ts';
import { SendGate, type SendGateOptions } from './sendGate.ts';
import type { SendNature } from './sendQueue.ts';
import { SlowStart } from './slowStart.ts';
import { type Trial, type TrialChance, trialResultOf } from './trial.ts';
import { type BrakeKind, type BrakeLimits, countsAsBad, needsPerson } from './verdict.ts';

export interface ChannelBrakeOptions extends SendGateOptions {
  readonly route: RouteName;
  readonly limits: BrakeLimits;
}

/**
 * Admits the bills of one channel and provider in this process: by brake, pause, pace and the provider's
 * slots. It acts at once on what it sees itself, and obeys what the cluster says.
 *
 * States: unread (nothing starts), open, tripped (by this process, not reported yet), braked (the cluster
 * says so). A pause is independent of these. A trial lets one bill through a brake that is on.
 */
export class ChannelBrake {
  readonly channel: Channel;
  readonly route: RouteName;
  readonly gate: SendGate;
  readonly #evidence = new Evidence();
  readonly #pace: PaceKeeper;
  readonly #state: ProcessBrakeState;
  readonly #trial = new HeldTrial();
  #era = 0;
  #onOpened: () => void = () => undefined;
  #onNews: () => void = () => undefined;
  readonly #slowStart: SlowStart;

  constructor(options: ChannelBrakeOptions) {
    this.channel = channelOfRoute(options.route);
    this.route = options.route;
    this.#state = new ProcessBrakeState(options.limits);
    this.gate = new SendGate(options, () => this.#onOpened());
    this.#pace = new PaceKeeper(this.gate);
    this.#slowStart = new SlowStart(this.gate, options.capacity);
    this.gate.setClosed(true);
  }

  /** @param listener called when bills may be claimed that could not before */
  onOpened(listener: () => void): void {
    this.#onOpened = listener;
  }

  /** @param listener called when the cluster should hear of something soon: a trip, or the end of a trial */
  onNews(listener: () => void): void {
    this.#onNews = listener;
  }

  /** @param listener called with the provider's words when it begins to ask for fewer sends at a time */
  onPaced(listener: (cause: string) => void): void {
    this.#pace.onBegun(listener);
  }

  get heardKind(): BrakeKind | undefined {
    return this.#state.heardKind;
  }

  get isPaused(): boolean | undefined {
    return this.#state.isPaused;
  }

  get isPaced(): boolean {
    return this.gate.isPaced;
  }

  /** The trip that is not reported to the cluster yet. */
  get trip(): Trip | undefined {
    return this.#state.unreportedTrip;
  }

  /** The outcomes of this process's bills, for the cluster. */
  get window(): OutcomeWindow {
    return this.#evidence.window;
  }

  get paceFacts() {
    return this.#pace.facts;
  }

  /** Whether a trial may be asked for: the provider is the only thing in the way. */
  get wantsTrial(): boolean {
    return this.#trial.isMissing && this.#state.isOpenToTrials;
  }

  /** Whether a trial is granted and waits for a bill. */
  get offersTrial(): boolean {
    return this.#state.isPaused === false && this.#trial.free !== undefined;
  }

  /**
   * Whether brake, pause or pace stop further bills. If its own bills do, this is false.
   * @param claimed bills that are claimed already
   */
  isHeldBack(claimed: number): boolean {
    return this.#state.isClosed || this.gate.isInTheWay || this.#paceRoom(claimed) < 1;
  }

  /**
   * How many of `wanted` bills may be claimed now.
   * @param claimed bills that are claimed already
   */
  admit(wanted: number, claimed: number): Admission {
    const trial = this.#trial.free;
    if (trial !== undefined && this.#state.isPaused === false) {
      if (this.gate.dayRoom(1, claimed) < 1) return nothing;
      trial.take();
      return { trial, count: Math.min(wanted, 1) };
    }
    if (this.#state.isClosed || this.gate.standsStill) return nothing;
    this.#slowStart.beginAfterIdleness();
    const most = claimable(this.gate, this.#slowStart.atOnce);
    const room = Math.min(most - claimed, this.#paceRoom(claimed), this.gate.dayRoom(wanted, claimed));
    return { count: Math.max(0, Math.min(wanted, Math.floor(room))) };
  }

  #paceRoom(claimed: number): number {
    return roomInHand(this.#pace.perSecond, claimed - this.gate.taken);
  }

  /** How many of `claimed` bills will have their turn before their claim is too old. */
  inTime(claimed: number): number {
    return Math.min(claimed, mostInTime(this.#pace.perSecond), this.gate.line?.mostInTime ?? claimed);
  }

  /** Waits for slots of the provider; 0 if nothing may be sent now. `release` them after the answers. */
  takeSlots(atMost: number, nature: SendNature, trial?: Trial): Promise<number> {
    if (trial === undefined) return this.gate.take(atMost, nature);
    if (trial.isOver || this.#state.isPaused) return Promise.resolve(0);
    return Promise.resolve(this.gate.takeOne() ? 1 : 0);
  }

  release(slots: number): void {
    this.gate.release(slots);
  }

  /** Called when a send is about to begin; undefined if it must not, although its bill is handed off. */
  start(trial?: Trial): SendStart | undefined {
    if (trial === undefined && this.#state.isClosed) return undefined;
    if (trial?.isOver) return undefined;
    trial?.sent();
    return { era: this.#era, startedMs: performance.now(), trial };
  }

  /** Counts one more answer. */
  recordAnswer(answer: SendAnswer, { era, startedMs, trial }: SendStart): AnswerContext {
    const outcome = outcomeOf(answer);
    if (answer.kind === 'notSent' || answer.kind === 'misconfigured') this.gate.unsent(1, startedMs);
    if (trial !== undefined) {
      trial.end(trialResultOf(outcome, answer));
      this.#onNews();
    } else if (outcome !== undefined && era === this.#era && !this.#state.isBraked) {
      if (answer.kind !== 'accepted') this.#evidence.remember(outcome, causeOf(answer));
      this.#pace.record(answer, startedMs);
      this.#count(outcome, startedMs);
    }
    return this.contextOf(answer);
  }

  /** The state of the channel that `decide` needs for this answer. It counts nothing. */
  contextOf(answer: SendAnswer): AnswerContext {
    const othersPass = answer.kind === 'misconfigured' && this.#evidence.sum(this.#state.others).accepted > 0;
    return { isBraked: this.#state.isBraked, othersPass };
  }

  /** Counts a bill that turns to the next channel for lack of an address. False: it must not turn now. */
  recordTurn(): boolean {
    const { kind } = this.#state;
    if (kind !== undefined) return !needsPerson(kind);
    this.#evidence.remember('turned', `no usable ${contactLabelOf(this.channel)}`);
    this.#count('turned', performance.now());
    return true;
  }

  markReported(): void {
    this.#state.markReported();
  }

  grantTrial(chance: TrialChance): void {
    this.#trial.grant(chance);
    this.#onOpened();
  }

  takeEndedTrial(): Trial | undefined {
    return this.#trial.takeEnded();
  }

  applyWord(word: ClusterWord): void {
    const wasClosed = this.#state.isClosed;
    const { isReleased } = this.#state.apply(word);
    if (isReleased) this.#forget();
    if (word.kind === undefined) this.#trial.drop();
    this.#pace.judge(performance.now());
    const trip = this.#state.isClosed ? undefined : this.#evidence.judgeMinute(this.#beside);
    if (trip !== undefined) this.#goOn(trip);
    this.gate.setClosed(this.#state.isClosed);
    if (this.#state.isClosed || !(wasClosed || isReleased)) return;
    this.#slowStart.begin();
    this.#onOpened();
  }

  #count(outcome: Outcome, startedMs: number): void {
    const nowMs = performance.now();
    const { limits } = this.#state;
    this.#evidence.add(outcome, nowMs, limits);
    if (outcome === 'accepted' || (outcome === 'refused' && !countsAsBad(outcome, limits))) {
      this.#slowStart.good(startedMs, nowMs);
      return;
    }
    if (outcome === 'unreachable' || outcome === 'unknown') this.#slowStart.failed(startedMs, nowMs);
    const trip = this.#evidence.judge(this.#beside);
    if (trip !== undefined) this.#goOn(trip);
  }

  #goOn(trip: Trip): void {
    this.#state.trip(trip);
    this.gate.setClosed(true);
    this.#era++;
    this.#onNews();
  }

  get #beside(): Beside {
    const { limits, others } = this.#state;
    return { limits, others, unanswered: this.gate.taken };
  }

  #forget(): void {
    this.#era++;
    this.#evidence.clear();
    this.#pace.clear();
    this.#slowStart.begin();
  }
}

const nothing: Admission = { count: 0 };
