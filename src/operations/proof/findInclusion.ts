import type { BillId, ClaimToken } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { findManifestRun, readLastManifest } from '../../db/runs/runManifests.ts';
import { buildManifestTree } from './manifestTree.ts';
import type { AttemptProof } from './proof.ts';

type InclusionFacts = Pick<AttemptProof, 'inclusion' | 'inclusionMissing'>;

/** Finds the place of a message in the last manifest of its run. */
export type Includer = (token: ClaimToken) => Promise<InclusionFacts>;

export async function openIncluder(database: Database, billId: BillId): Promise<Includer> {
  const run = await findManifestRun(database, { billId });
  if (run === undefined) return async () => missing('no run released the bill');
  const manifest = await readLastManifest(database, run.number);
  if (manifest === undefined) {
    return async () => missing(`run ${run.id} has no manifest yet: billcast run manifest ${run.id}`);
  }
  const { madeAt, attempts, root } = manifest;
  return async (token) => {
    const tree = await buildManifestTree(database, { run, until: madeAt, search: { billId, token } });
    if (!tree.root.equals(root)) {
      return missing(`the rows of run ${run.id} are no longer those that its manifest was made of`);
    }
    if (tree.found === undefined) return missing('it was not accepted when the manifest was made');
    const { index, leaf, path } = tree.found;
    const hashes = path.map((hash) => hash.toString('hex'));
    return {
      inclusion: { run: run.id, madeAt, attempts, root: root.toString('hex'), index, leaf, path: hashes },
    };
  };
}

function missing(inclusionMissing: string): InclusionFacts {
  return { inclusion: null, inclusionMissing };
}
