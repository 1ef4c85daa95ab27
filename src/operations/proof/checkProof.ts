import { z } from 'zod';
import { BillcastError } from '../../errors.ts';
import { rootOf } from '../../lib/merkleTree.ts';

const hex = z.string().regex(/^(?:[0-9a-f]{2})*$/);

const inclusion = z.object({
  run: z.string(),
  madeAt: z.string(),
  attempts: z.int().min(1),
  root: hex.length(64),
  index: z.int().min(0),
  leaf: z.string(),
  path: z.array(hex.length(64)).max(64),
});

const proofFile = z.object({
  billId: z.string(),
  /** Present if `billId` is the billing system's id. */
  billNumber: z.string().optional(),
  attempts: z.array(
    z.object({ attempt: z.string(), contentHash: hex.nullable(), inclusion: inclusion.nullish() }),
  ),
});

type FiledAttempt = z.infer<typeof proofFile>['attempts'][number];

export interface CheckedAttempt {
  readonly attempt: string;
  /** Null if the file does not place it in a manifest. */
  readonly run: string | null;
  readonly root: string | null;
  /** Whether the file proves that the attempt, with this hash, is among those that the root covers. */
  readonly included: boolean;
  readonly why: string;
}

export interface CheckFacts {
  readonly billId: string;
  readonly included: boolean;
  readonly attempts: readonly CheckedAttempt[];
}

/**
 * Checks a file of `billcast prove --inclusion --json`, or of the API. It needs only the file.
 * @param request.proof the parsed file
 * @param request.root the manifest's root in hex, as it was kept elsewhere; default: the one in the file
 * @throws BillcastError USAGE if the file is no proof
 */
export function checkProof({
  proof,
  root,
}: {
  readonly proof: unknown;
  readonly root?: string | undefined;
}): CheckFacts {
  const { billId, billNumber = billId, attempts } = read(proof);
  const checked = attempts.map((attempt) => check(billNumber, attempt, root?.toLowerCase()));
  return { billId, included: checked.some(({ included }) => included), attempts: checked };
}

function read(proof: unknown): z.infer<typeof proofFile> {
  try {
    return proofFile.parse(proof);
  } catch (cause) {
    throw noProof(cause);
  }
}

/** @throws BillcastError USAGE if the text is not JSON */
export function parseProof(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw noProof(cause);
  }
}

function noProof(cause: unknown): BillcastError {
  const message = 'the file is no proof: make one with billcast prove <billId> --inclusion --json';
  return new BillcastError('USAGE', message, { cause });
}

function check(
  billId: string,
  { attempt, contentHash, inclusion: place }: FiledAttempt,
  wanted?: string,
): CheckedAttempt {
  if (place === null || place === undefined) {
    return {
      attempt,
      run: null,
      root: null,
      included: false,
      why: 'the file has no place in a manifest for it',
    };
  }
  const { run, root, index, leaf, path, attempts } = place;
  const found = rootOf(
    Buffer.from(leaf),
    { index, path: path.map((side) => Buffer.from(side, 'hex')) },
    attempts,
  );
  const why = faultOf({
    'its leaf is about another attempt or another hash': isLeafOf(leaf, {
      run,
      billId,
      attempt,
      contentHash,
    }),
    'its path does not lead to the root': found?.toString('hex') === root,
    'the root is not the one that was given': wanted === undefined || wanted === root,
  });
  return { attempt, run, root, included: why === undefined, why: why ?? 'the root stands for it' };
}

function faultOf(rules: Readonly<Record<string, boolean>>): string | undefined {
  return Object.entries(rules).find(([, holds]) => !holds)?.[0];
}

function isLeafOf(
  leaf: string,
  {
    run,
    billId,
    attempt,
    contentHash,
  }: { run: string; billId: string; attempt: string; contentHash: string | null },
): boolean {
  try {
    const [kind, ofRun, ofBill, token, , , , , hash] = z.array(z.unknown()).parse(JSON.parse(leaf));
    return (
      kind === 'billcast attempt' &&
      ofRun === run &&
      ofBill === billId &&
      token === attempt &&
      hash === contentHash
    );
  } catch {
    return false;
  }
}
