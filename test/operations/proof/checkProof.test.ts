import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MerkleTree } from '../../../src/lib/merkleTree.ts';
import { checkProof } from '../../../src/operations/proof/checkProof.ts';
import { leafOf } from '../../../src/operations/proof/manifestTree.ts';
import { billIdOf, newToken } from '../../support/notifications.ts';

const accepted = [1, 2, 3].map((id) => ({
  billId: billIdOf(id),
  token: newToken(),
  cycle: 1,
  channel: 'EMAIL' as const,
  acceptedAt: '2026-11-28T00:00:00.000001Z',
  providerId: null,
  contentHash: Buffer.alloc(40, id),
}));

/** The file of the second bill. */
function fileOf() {
  const tree = new MerkleTree();
  for (const [index, attempt] of accepted.entries()) {
    tree.add(Buffer.from(leafOf('2026-11', attempt)), { isSearched: index === 1 });
  }
  const { root, inclusion } = tree.end();
  const [, second] = accepted;
  assert.ok(second !== undefined && inclusion !== undefined);
  const place = {
    run: '2026-11',
    madeAt: '2026-11-28T01:00:00.000Z',
    attempts: 3,
    root: root.toString('hex'),
    index: inclusion.index,
    leaf: leafOf('2026-11', second),
    path: inclusion.path.map((side) => side.toString('hex')),
  };
  const { token, contentHash } = second;
  return {
    billId: '2',
    attempts: [{ attempt: token as string, contentHash: contentHash.toString('hex'), inclusion: place }],
  };
}

function verdictOn(file: object, root?: string) {
  const { included, attempts } = checkProof({ proof: file, root });
  return included ? 'included' : attempts.map(({ why }) => why).join();
}

describe('checkProof', () => {
  const file = fileOf();
  const [attempt] = file.attempts;
  assert.ok(attempt !== undefined);
  const { inclusion } = attempt;
  const changed = (change: object) => ({ ...file, attempts: [{ ...attempt, ...change }] });

  it('shows that the root stands for the attempt', () => {
    assert.equal(verdictOn(file), 'included');
    assert.equal(verdictOn(file, inclusion.root.toUpperCase()), 'included');
  });

  it('shows it of no other bill, hash, path or root', () => {
    const anotherLeaf = 'its leaf is about another attempt or another hash';
    assert.equal(verdictOn({ ...file, billId: '3' }), anotherLeaf);
    assert.equal(verdictOn(changed({ contentHash: '00'.repeat(40) })), anotherLeaf);
    const leaf = inclusion.leaf.replace('.000001Z', '.000002Z');
    assert.match(verdictOn(changed({ inclusion: { ...inclusion, leaf } })), /does not lead to the root/);
    assert.match(verdictOn(changed({ inclusion: { ...inclusion, path: [] } })), /does not lead to the root/);
    assert.match(verdictOn(file, '00'.repeat(32)), /not the one that was given/);
    assert.match(verdictOn(changed({ inclusion: null })), /no place in a manifest/);
  });

  it('says what to do with a file that is none', () => {
    assert.throws(() => checkProof({ proof: {} }), /make one with billcast prove/);
  });
});
