import type { DialogueEnd } from './dialogueEnd.ts';
import type { RelaySession } from './relaySession.ts';

/**
 * Connections that still wait for the reply to a message whose bill is in doubt. Their number is limited: if
 * there is one more, the one that has waited longest is given up. Its bill stays in doubt.
 */
export class ReplyWaits {
  readonly #most: number;
  readonly #sessions = new Set<RelaySession>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves with the end of the dialogue: at the limit the connection is broken off, which ends it. */
  async until(
    ended: Promise<DialogueEnd>,
    { session, limitMs }: { readonly session: RelaySession; readonly limitMs: number },
  ): Promise<DialogueEnd> {
    this.#sessions.add(session);
    const [oldest] = this.#sessions;
    if (this.#sessions.size > this.#most) this.#giveUp(oldest);
    const timer = setTimeout(() => this.#giveUp(session), limitMs);
    const end = await ended;
    clearTimeout(timer);
    this.#sessions.delete(session);
    return end;
  }

  stop(): void {
    for (const session of this.#sessions) this.#giveUp(session);
  }

  #giveUp(session: RelaySession | undefined): void {
    if (session === undefined) return;
    this.#sessions.delete(session);
    session.reset();
  }
}
