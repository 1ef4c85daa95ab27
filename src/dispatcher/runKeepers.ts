import { createManifestKeeper } from '../operations/proof/manifestKeeper.ts';
import { createRunKeeper } from '../sweeper/runs/runKeeper.ts';
import type { DispatcherOptions, DispatcherParts } from './dispatcherParts.ts';
import { createSeedSender } from './seedSender.ts';

/** A pause of a run is obeyed within some seconds. */
const runsEveryMs = 1_000;

/** What moves runs on and finishes them; it does nothing until there is a run. */
export function createRunKeepers(
  options: DispatcherOptions,
  parts: Pick<DispatcherParts, 'connections' | 'renderPool' | 'providers'>,
): Pick<DispatcherParts, 'runKeeper' | 'manifestKeeper'> {
  const { config, log } = options;
  const { control: database, id: owner, name } = parts.connections;
  const sendSeeds = createSeedSender(options, parts);
  const common = { database, log, owner };
  const runKeeper = createRunKeeper(
    { ...common, config, actor: `run keeper ${name}`, sendSeeds },
    { everyMs: runsEveryMs, leaseMs: config.claimTtlMs },
  );
  return { runKeeper, manifestKeeper: createManifestKeeper({ ...common, actor: `manifest keeper ${name}` }) };
}
