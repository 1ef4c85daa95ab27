import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Inclusion, MerkleTree, rootOf } from '../../src/lib/merkleTree.ts';

/** Leaves and roots of the tests of Certificate Transparency. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

function treeOf(count: number, searched?: number) {
  const tree = new MerkleTree();
  for (let index = 0; index < count; index++) {
    tree.add(leafAt(index), { isSearched: index === searched });
  }
  return tree.end();
}

function leafAt(index: number): Buffer {
  return Buffer.from(leaves[index] ?? String(index), leaves[index] === undefined ? 'utf8' : 'hex');
}

describe('a Merkle tree', () => {
  it('has the roots of RFC 6962', () => {
    assert.deepEqual(
      roots.map((_, count) => treeOf(count).root.toString('hex')),
      roots,
    );
  });

  it('proves each of its leaves, and no other leaf, place or size', () => {
    for (let count = 1; count <= 20; count++) {
      for (let index = 0; index < count; index++) {
        const { root, inclusion } = treeOf(count, index);
        assert.ok(inclusion !== undefined && inclusion.index === index);
        const leads = (leaf: Buffer, place: Inclusion, size: number) =>
          rootOf(leaf, place, size)?.equals(root) ?? false;
        assert.ok(leads(leafAt(index), inclusion, count), `${index} of ${count}`);
        assert.ok(!leads(Buffer.from('other'), inclusion, count));
        assert.ok(!leads(leafAt(index), { ...inclusion, index: count }, count));
        assert.ok(!leads(leafAt(index), { ...inclusion, path: [...inclusion.path, root] }, count));
        assert.ok(
          !leads(leafAt(index), { ...inclusion, path: inclusion.path.slice(1) }, count) || count === 1,
        );
      }
    }
  });
});
