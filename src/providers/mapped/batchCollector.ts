export interface CollectorOptions {
  /** Messages per batch. */
  readonly most: number;
  /** The most bytes of their bodies together. */
  readonly mostBytes: number;
  /** How long the first message waits for others. */
  readonly waitMs: number;
}

export interface Collected {
  readonly to: string;
  readonly body: Uint8Array;
}

/**
 * Collects the messages of a few milliseconds into batches. Two messages to one recipient never go into the
 * same batch: a provider may take the second one for a repetition.
 */
export class BatchCollector<Message extends Collected> {
  readonly #options: CollectorOptions;
  readonly #deliver: (batch: readonly Message[]) => void;
  #waiting: Message[] = [];
  readonly #recipients = new Set<string>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CollectorOptions, deliver: (batch: readonly Message[]) => void) {
    this.#options = options;
    this.#deliver = deliver;
  }

  add(message: Message): void {
    const { most, mostBytes, waitMs } = this.#options;
    const { to, body } = message;
    if (this.#recipients.has(to) || this.#bytes + body.length > mostBytes) this.flush();
    this.#waiting.push(message);
    this.#recipients.add(to);
    this.#bytes += body.length;
    if (this.#waiting.length >= most) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
  }

  /** Sends all collected messages at once. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#recipients.clear();
    this.#bytes = 0;
    if (batch.length > 0) this.#deliver(batch);
  }
}
