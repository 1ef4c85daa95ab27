import type { DialogueEnd } from './dialogueEnd.ts';
import type { Opening, RelaySession } from './relaySession.ts';
import type { Relay } from './relayUrl.ts';

export interface RelayBookOptions {
  readonly relays: readonly Relay[];
  readonly open: (relay: Relay) => Promise<Opening>;
  readonly messagesPerConnection: number;
  /** How long a free connection stays open. */
  readonly idleMs: number;
  /** Called when a relay is passed over, with how its connection ended. */
  readonly onPassedOver: (relay: Relay, end: DialogueEnd) => void;
}

/** A session to send with, if there is one. */
export type Acquired =
  | {
      readonly kind: 'session';
      readonly session: RelaySession;
      /** It has sent before, so the server may have closed it meanwhile. */
      readonly isUsed: boolean;
      /** It takes another message afterwards, as far as is known. */
      readonly isKept: boolean;
    }
  | { readonly kind: 'none'; readonly relay: Relay; readonly end: DialogueEnd };

/** For so long a relay that took no connection is tried after all others. */
const passedOverMs = 10_000;

/**
 * The connections to all relays. The one that became free last is used first, so that those that are not
 * needed are closed. New ones go to the relays in turn. A relay that fails is passed over while others work.
 */
export class RelayBook {
  readonly #options: RelayBookOptions;
  #free: { readonly session: RelaySession; readonly since: number }[] = [];
  readonly #passedOverUntil = new Map<Relay, number>();
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isKept: boolean;

  constructor(options: RelayBookOptions) {
    this.#options = options;
    this.#isKept = options.messagesPerConnection > 1;
  }

  /**
   * A free connection, or a new one. Tries every relay before it gives up.
   * @param fresh whether a used connection was just found to be closed
   */
  async acquire({ fresh = false } = {}): Promise<Acquired> {
    if (fresh) this.#isKept = false;
    for (let last = fresh ? undefined : this.#free.pop(); last !== undefined; last = this.#free.pop()) {
      const { session } = last;
      if (session.isClosed) this.#isKept = false;
      else return { kind: 'session', session, isUsed: true, isKept: this.#isKept };
    }
    let failed: Acquired | undefined;
    for (const relay of this.#inTurn()) {
      const opening = await this.#options.open(relay);
      if (opening.kind === 'opened') {
        this.#passedOverUntil.delete(relay);
        return { kind: 'session', session: opening.session, isUsed: false, isKept: this.#isKept };
      }
      this.#passedOverUntil.set(relay, performance.now() + passedOverMs);
      this.#options.onPassedOver(relay, opening.end);
      failed = { kind: 'none', relay, end: opening.end };
    }
    if (failed === undefined) throw new RangeError('there is no relay');
    return failed;
  }

  /** Takes a connection back whose message is over. It may carry another one. */
  release(session: RelaySession): void {
    if (session.isClosed) return;
    if (this.#isStopped || session.messages >= this.#options.messagesPerConnection) {
      session.quit();
      return;
    }
    if (session.messages > 1) this.#isKept = true;
    session.onEnd(() => undefined);
    this.#free.push({ session, since: performance.now() });
    this.#timer ??= setInterval(() => this.#closeIdle(), Math.max(100, this.#options.idleMs / 2)).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    for (const { session } of this.#free.splice(0)) if (!session.isClosed) session.quit();
  }

  /** The relays in turn, those that failed lately last. */
  #inTurn(): Relay[] {
    const { relays } = this.#options;
    const first = this.#turn++ % relays.length;
    const now = performance.now();
    const isPassedOver = (relay: Relay) => Number((this.#passedOverUntil.get(relay) ?? 0) > now);
    return [...relays.slice(first), ...relays.slice(0, first)].sort(
      (a, b) => isPassedOver(a) - isPassedOver(b),
    );
  }

  #closeIdle(): void {
    const oldest = performance.now() - this.#options.idleMs;
    const idle = this.#free.filter(({ session, since }) => since < oldest || session.isClosed);
    this.#free = this.#free.filter((one) => !idle.includes(one));
    for (const { session } of idle) if (!session.isClosed) session.quit();
    if (this.#free.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
