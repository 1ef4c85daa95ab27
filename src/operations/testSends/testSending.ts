import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import type { BillLoader } from '../../db/source/billLoader.ts';
import type { RenderPool } from '../../pool/renderPool.ts';
import type { Providers } from '../../providers/providerKind.ts';

/** What is needed to send messages that settle no bill. */
export interface TestSending {
  readonly config: Pick<Config, 'startDeadlineMs' | 'providerRates' | 'ladder'>;
  readonly database: Database;
  readonly loadBills: BillLoader;
  readonly renderPool: Pick<RenderPool, 'render' | 'renderSuspect'>;
  readonly providers: Providers;
}
