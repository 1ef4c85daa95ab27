import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { piecesByBytes } from '../../../src/consumer/pipeline/piecesByBytes.ts';

describe('piecesByBytes', () => {
  it('gives all items in their order, in pieces as large as they may be', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 30 }), (sizes, most) => {
        const pieces = [...piecesByBytes(sizes, (size) => size, most)];
        assert.deepEqual(pieces.flat(), sizes);
        const sums = pieces.map((piece) => piece.reduce((sum, size) => sum + size, 0));
        for (const [index, piece] of pieces.entries()) {
          assert.ok(piece.length > 0);
          assert.ok(piece.length === 1 || (sums[index] ?? 0) <= most);
          const [next] = pieces[index + 1] ?? [];
          assert.ok(next === undefined || (sums[index] ?? 0) + next > most);
        }
      }),
    );
  });
});
