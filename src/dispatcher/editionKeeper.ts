import type { Config } from '../config/loadConfig.ts';
import { rememberEditions } from '../db/contentEditions.ts';
import type { Database } from '../db/database.ts';
import { readProductVersion } from '../lib/productVersion.ts';
import type { Logger } from '../log/log.ts';
import type { CipherKey } from '../render/cipher/keyRing.ts';
import { openContentKey } from '../render/proof/contentHasher.ts';
import { editionsOf } from '../render/proof/editionsOf.ts';
import type { TemplateSet } from '../render/template/templateFiles.ts';

/** Keeps what messages are printed with, so that their hashes can be compared later. */
export interface EditionKeeper {
  /** Call it before the first bill is printed. */
  start(): Promise<void>;
  /** From now on the threads hash with these keys. */
  keysChanged(keys: readonly CipherKey[]): void;
}

export interface EditionKeeperDeps {
  readonly config: Pick<Config, 'billModel' | 'cipher'>;
  readonly templates: TemplateSet;
  readonly database: Database;
  readonly log: Logger;
}

export function createEditionKeeper({ config, templates, database, log }: EditionKeeperDeps): EditionKeeper {
  const program = readProductVersion();
  const remember = async ([current]: readonly CipherKey[]): Promise<void> => {
    if (current === undefined) return;
    const proof = { key: openContentKey(current), program };
    await rememberEditions(database, editionsOf(proof, config.billModel, templates));
  };
  return {
    start: () => remember(config.cipher.keys),
    keysChanged: (keys) =>
      void remember(keys).catch((error: unknown) =>
        log.error({ err: error }, 'could not keep the edition: messages printed with it cannot be proved'),
      ),
  };
}
