import type { CipherKey } from '../render/cipher/keyRing.ts';

/** Keys that came after the threads had started. Each task carries them until its thread has them. */
export interface LaterKeys {
  readonly version: number;
  readonly keys: readonly CipherKey[];
}

/** The keys of a pool's threads. Tasks carry nothing until the keys change for the first time. */
export class RotatingKeys {
  #later: LaterKeys | undefined;

  get later(): LaterKeys | undefined {
    return this.#later;
  }

  set(keys: readonly CipherKey[]): void {
    this.#later = { version: (this.#later?.version ?? 0) + 1, keys };
  }
}
