import { Trial, type TrialChance } from './trial.ts';

/** The trial that this process has been granted, if any. */
export class HeldTrial {
  #trial: Trial | undefined;

  grant(chance: TrialChance): void {
    this.#trial = new Trial(chance);
  }

  drop(): void {
    this.#trial = undefined;
  }

  /** Whether another one may be asked for. */
  get isMissing(): boolean {
    return this.#trial === undefined || this.#trial.hasExpired;
  }

  /** The trial, if no bill has taken it. */
  get free(): Trial | undefined {
    return this.#trial?.isFree === true ? this.#trial : undefined;
  }

  /** The trial, if it is over. Returns each once. */
  takeEnded(): Trial | undefined {
    const ended = this.#trial?.isOver === true ? this.#trial : undefined;
    if (ended !== undefined) this.#trial = undefined;
    return ended;
  }
}
