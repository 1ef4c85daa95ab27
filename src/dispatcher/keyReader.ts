import { type KeySource, readKeys } from '../config/cipherConfig.ts';
import type { Logger } from '../log/log.ts';
import type { CipherKey } from '../render/cipher/keyRing.ts';

/** Reads keys again while a dispatcher runs: once a minute, at SIGHUP, and for an unknown key id. */
export interface KeyRotation {
  start(): void;
  /** @returns whether there are other keys now */
  refresh(): Promise<boolean>;
  stop(): void;
}

export interface KeyRotationDeps {
  readonly source: KeySource;
  /** The keys with which the process was started. */
  readonly keys: readonly CipherKey[];
  readonly apply: (keys: readonly CipherKey[]) => void;
  readonly log: Logger;
}

const everyMs = 60_000;
/** If a key is gone for good, its bills must not cause a question to the key service per batch. */
const atMostEveryMs = 5_000;

export function createKeyRotation({ source, keys, apply, log }: KeyRotationDeps): KeyRotation {
  let known = fingerprintOf(keys);
  let reading: Promise<boolean> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const read = async (): Promise<boolean> => {
    try {
      const found = await readKeys(source);
      const fingerprint = fingerprintOf(found);
      if (fingerprint === known) return false;
      known = fingerprint;
      apply(found);
      log.info({ keyIds: found.map(({ keyId }) => keyId) }, 'cipher keys changed');
      return true;
    } catch (error) {
      log.error({ err: error }, 'cipher keys cannot be read again, the earlier ones stay');
      return false;
    }
  };
  const readNow = (): Promise<boolean> => {
    readAt = performance.now();
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const onSignal = (): void => void readNow();
  return {
    start() {
      timer = setInterval(onSignal, everyMs).unref();
      process.on('SIGHUP', onSignal);
    },
    refresh: async () => reading ?? (performance.now() - readAt < atMostEveryMs ? false : readNow()),
    stop() {
      clearInterval(timer);
      process.off('SIGHUP', onSignal);
    },
  };
}

function fingerprintOf(keys: readonly CipherKey[]): string {
  return keys.map(({ keyId, key }) => `${keyId}:${Buffer.from(key).toString('base64')}`).join();
}
