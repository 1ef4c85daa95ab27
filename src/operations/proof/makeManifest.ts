import type { Database } from '../../db/database.ts';
import { readDatabaseTime } from '../../db/databaseTime.ts';
import {
  addRunManifest,
  findManifestRun,
  type ManifestRun,
  type RunManifest,
  readManifests,
} from '../../db/runs/runManifests.ts';
import { BillcastError } from '../../errors.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { buildManifestTree } from './manifestTree.ts';

export interface ManifestFacts extends Omit<RunManifest, 'root'> {
  readonly run: string;
  /** The Merkle root in hex. */
  readonly root: string;
}

/**
 * Makes the manifest of a run and stores it. If more is accepted after that, a later manifest is added.
 * @param request.runId its id, as people write it
 * @throws BillcastError RUN_NOT_FOUND; RUN_MOVED_ON if the run is not done
 */
export async function makeManifest(
  { database }: Pick<OperationDeps, 'database'>,
  { runId, actor }: { readonly runId: string; readonly actor: string },
): Promise<ManifestFacts> {
  const run = await demandManifestRun(database, runId);
  const { kind, state } = run;
  // Run 0, for events from elsewhere, is never done, so its state does not matter.
  if (kind !== 'ELSEWHERE' && state !== 'DONE' && state !== 'CLOSED') {
    throw new BillcastError('RUN_MOVED_ON', `run ${runId} is ${state}: its manifest is made when it is DONE`);
  }
  const madeAt = await readDatabaseTime(database);
  const { root, attempts, unhashed } = await buildManifestTree(database, { run, until: madeAt });
  const manifest = { madeAt, madeBy: actor, attempts, unhashed, root };
  await addRunManifest(database, run.number, manifest);
  return factsOf(run, manifest);
}

const manifestsShown = 100;

/**
 * The manifests of a run, newest first.
 * @throws BillcastError RUN_NOT_FOUND
 */
export async function listManifests(
  { database }: Pick<OperationDeps, 'database'>,
  runId: string,
): Promise<ManifestFacts[]> {
  const run = await demandManifestRun(database, runId);
  const manifests = await readManifests(database, run.number, manifestsShown);
  return manifests.map((manifest) => factsOf(run, manifest));
}

async function demandManifestRun(database: Database, runId: string): Promise<ManifestRun> {
  const run = await findManifestRun(database, { runId });
  if (run !== undefined) return run;
  throw new BillcastError('RUN_NOT_FOUND', `there is no run ${runId}: \`npx billcast run list\` shows them`);
}

function factsOf({ id }: ManifestRun, { root, ...manifest }: RunManifest): ManifestFacts {
  return { ...manifest, run: id, root: root.toString('hex') };
}
