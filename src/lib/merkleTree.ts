import { hash } from 'node:crypto';

/*
 * The Merkle tree of RFC 6962 (section 2.1), with SHA-256: a leaf is hashed behind a byte 0, two nodes behind
 * a byte 1, so that no leaf can be taken for a node.
 */

/** The place of a leaf in a tree, and the proof that it is there. */
export interface Inclusion {
  /** Counted from 0. */
  readonly index: number;
  /** The hash beside the leaf on each level, from the leaf to the root. */
  readonly path: readonly Buffer[];
}

interface Node {
  readonly hash: Buffer;
  /** The number of leaves below this node; a power of two until the tree ends. */
  readonly leaves: number;
  /** Whether the leaf that is searched for is below it. */
  readonly holdsLeaf: boolean;
}

/** A tree that gets its leaves one by one. It keeps one node per level. */
export class MerkleTree {
  readonly #nodes: Node[] = [];
  readonly #path: Buffer[] = [];
  #leaves = 0;
  #index: number | undefined;

  get leaves(): number {
    return this.#leaves;
  }

  /** @param isSearched for the one leaf whose inclusion `end` is to return */
  add(leaf: Uint8Array, { isSearched = false } = {}): void {
    if (isSearched) this.#index = this.#leaves;
    this.#leaves++;
    this.#nodes.push({ hash: leafHash(leaf), leaves: 1, holdsLeaf: isSearched });
    while (this.#nodes.at(-1)?.leaves === this.#nodes.at(-2)?.leaves) this.#joinLast();
  }

  /** The root, and the inclusion of the leaf that was searched for. Add no leaf after that. */
  end(): { readonly root: Buffer; readonly inclusion: Inclusion | undefined } {
    while (this.#nodes.length > 1) this.#joinLast();
    const [top] = this.#nodes;
    const root = top?.hash ?? hash('sha256', '', 'buffer');
    const index = this.#index;
    return { root, inclusion: index === undefined ? undefined : { index, path: this.#path } };
  }

  #joinLast(): void {
    const right = this.#nodes.pop();
    const left = this.#nodes.pop();
    if (left === undefined || right === undefined) throw new RangeError('there are no two nodes to join');
    if (left.holdsLeaf) this.#path.push(right.hash);
    if (right.holdsLeaf) this.#path.push(left.hash);
    this.#nodes.push({
      hash: nodeHash(left.hash, right.hash),
      leaves: left.leaves + right.leaves,
      holdsLeaf: left.holdsLeaf || right.holdsLeaf,
    });
  }
}

/** The root that a leaf and its path lead to; undefined if the path does not fit the number of leaves. */
export function rootOf(leaf: Uint8Array, { index, path }: Inclusion, leaves: number): Buffer | undefined {
  if (!(index >= 0 && index < leaves)) return undefined;
  return climb(leafHash(leaf), { index, path }, leaves);
}

/** From the top: the last hash of the path is the other side of the root. */
function climb(leaf: Buffer, { index, path }: Inclusion, leaves: number): Buffer | undefined {
  const side = path.at(-1);
  if (leaves === 1 || side === undefined) return leaves === 1 && side === undefined ? leaf : undefined;
  const left = 2 ** Math.ceil(Math.log2(leaves) - 1);
  const rest = path.slice(0, -1);
  if (index < left) {
    const root = climb(leaf, { index, path: rest }, left);
    return root && nodeHash(root, side);
  }
  const root = climb(leaf, { index: index - left, path: rest }, leaves - left);
  return root && nodeHash(side, root);
}

function leafHash(leaf: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([leafMark, leaf]), 'buffer');
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodeMark, left, right]), 'buffer');
}

const leafMark = Buffer.from([0]);
const nodeMark = Buffer.from([1]);
