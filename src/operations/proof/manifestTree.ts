import type { BillId, ClaimToken } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { type AcceptedAttempt, acceptedPages } from '../../db/runs/acceptedOfRun.ts';
import type { ManifestRun } from '../../db/runs/runManifests.ts';
import { type Inclusion, MerkleTree } from '../../lib/merkleTree.ts';

/** The leaf of one attempt. */
export interface FoundLeaf extends Inclusion {
  readonly leaf: string;
}

export interface ManifestTree {
  readonly root: Buffer;
  readonly attempts: number;
  readonly unhashed: number;
  /** Undefined if no leaf was searched for, or the attempt has none. */
  readonly found: FoundLeaf | undefined;
}

export interface TreeRequest {
  readonly run: Pick<ManifestRun, 'number' | 'id' | 'selection'>;
  /** Attempts that were accepted after this are left out. */
  readonly until: Date;
  readonly search?: { readonly billId: BillId; readonly token: ClaimToken } | undefined;
}

/** Builds the tree over the accepted attempts of a run, from the present rows. */
export async function buildManifestTree(database: Database, request: TreeRequest): Promise<ManifestTree> {
  const growing = growManifestTree(database, request);
  for (;;) {
    const { done, value } = await growing.next();
    if (done) return value;
  }
}

/** Does the same, and yields after each page of bills. */
export async function* growManifestTree(
  database: Database,
  { run, until, search }: TreeRequest,
): AsyncGenerator<undefined, ManifestTree> {
  const tree = new MerkleTree();
  let unhashed = 0;
  let leafOfSearched = '';
  const { number, id, selection } = run;
  for await (const page of acceptedPages(database, { run: number, until, selection })) {
    for (const attempt of page) {
      const leaf = leafOf(id, attempt);
      const isSearched = attempt.billId === search?.billId && attempt.token === search.token;
      if (isSearched) leafOfSearched = leaf;
      if (attempt.contentHash === null) unhashed++;
      tree.add(Buffer.from(leaf), { isSearched });
    }
    yield;
  }
  const { root, inclusion } = tree.end();
  return {
    root,
    attempts: tree.leaves,
    unhashed,
    found: inclusion && { ...inclusion, leaf: leafOfSearched },
  };
}

/** The leaf as JSON without spaces, so that anybody can compute it. */
export function leafOf(runId: string, attempt: AcceptedAttempt): string {
  const { billId, token, cycle, channel, acceptedAt, providerId, contentHash } = attempt;
  const hash = contentHash?.toString('hex') ?? null;
  return JSON.stringify([
    'billcast attempt',
    runId,
    billId,
    token,
    cycle,
    channel,
    acceptedAt,
    providerId,
    hash,
  ]);
}
