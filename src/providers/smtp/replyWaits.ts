import type { DialogueEnd } from './dialogueEnd.ts';
import type { RelaySession } from './relaySession.ts';

/**
 * Connections that still wait for the reply to the dot of a message whose bill is in doubt. At most so many
 * at a time: one more, and the one that has waited longest is given up. Its bill stays in doubt.
 */
export class ReplyWaits {
  readonly #most: number;
  readonly #sessions = new Set<RelaySession>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The end of the dialogue, which comes within the limit since the connection is broken then. */
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
