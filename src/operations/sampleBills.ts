import { type System, tell } from '../cli/system.ts';
import type { Config } from '../config/loadConfig.ts';
import { createFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import { type SeedResult, seedSampleBills } from '../sample/seed.ts';

/** Adds sample members and their bills, sealed with the current key, and says how it goes. */
export function addSampleBills(
  { database, config }: Pick<System, 'database' | 'config'>,
  { members, seed, month }: { members: number; seed: number; month?: string | undefined },
): Promise<SeedResult> {
  const ciphers = createFieldCiphers({ ...config.cipher, fallback: 'aes-256-gcm', fields: {} });
  return seedSampleBills({
    database,
    encrypt: ciphers.seal,
    members,
    seed,
    month: month ?? monthIn(config),
    onProgress: (done) => {
      if (done % 10_000 === 0 && done < members) tell(`${done.toLocaleString('en')} members`);
    },
  });
}

/** The first day of this month where the bills' dates are told. */
function monthIn({ timeZone }: Config): string {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit' });
  return `${today.format(new Date())}-01`;
}
