import { createBillLoader } from '../db/source/loadBills.ts';
import { demandRun } from '../operations/runs/readRuns.ts';
import type { KeeperDeps } from '../sweeper/runs/keeperDeps.ts';
import type { DispatcherOptions, DispatcherParts } from './dispatcherParts.ts';

/** Sends the seed messages of a run; undefined without seed addresses. It is loaded when a run begins. */
export function createSeedSender(
  { config }: Pick<DispatcherOptions, 'config'>,
  { connections, renderPool, providers }: Pick<DispatcherParts, 'connections' | 'renderPool' | 'providers'>,
): KeeperDeps['sendSeeds'] {
  const { email, phone } = config.seeds;
  if (email.length + phone.length === 0) return undefined;
  const { control: database, name } = connections;
  const deps = { config, database, loadBills: createBillLoader(config.source), renderPool, providers };
  return async (id) => {
    const { sendSeedsAhead } = await import('../operations/testSends/sendRunSeeds.ts');
    return sendSeedsAhead(deps, await demandRun(database, id), `run keeper ${name}`);
  };
}
