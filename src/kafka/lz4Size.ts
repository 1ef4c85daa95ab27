import { UnpackedTooLarge } from './unpackedTooLarge.ts';

/**
 * Adds up the most that the blocks of an LZ4 frame can unpack to: per block the block size in the frame's
 * head, or 255 times its packed size (LZ4's limit) if that is less. The library itself has no limit.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 * @throws UnpackedTooLarge if that is above `maxBytes`; RangeError if it is not a frame
 */
export function checkLz4Size(packed: Buffer, maxBytes: number): void {
  let total = 0;
  for (const blockBytes of largestBlocks(packed)) {
    total += blockBytes;
    if (total > maxBytes) throw new UnpackedTooLarge(maxBytes);
  }
}

/** The most that each block can unpack to. */
function* largestBlocks(packed: Buffer): Generator<number> {
  for (let at = 0; at < packed.length; ) {
    const { blockBytes, blocksAt, blockChecksum, contentChecksum } = readHead(packed, at);
    at = blocksAt;
    for (let head = packed.readUInt32LE(at); head !== 0; head = packed.readUInt32LE(at)) {
      const bytes = head & 0x7fff_ffff;
      const isPlain = head >>> 31 === 1;
      at += 4 + bytes + (blockChecksum ? 4 : 0);
      yield isPlain ? bytes : Math.min(blockBytes, bytes * mostPerByte);
    }
    at += 4 + (contentChecksum ? 4 : 0);
  }
}

const mostPerByte = 255;
const magic = 0x184d_2204;

interface FrameHead {
  /** The most that one block unpacks to. */
  readonly blockBytes: number;
  readonly blocksAt: number;
  readonly blockChecksum: boolean;
  readonly contentChecksum: boolean;
}

function readHead(packed: Buffer, at: number): FrameHead {
  if (packed.readUInt32LE(at) !== magic) throw new RangeError('not an LZ4 frame');
  const flags = packed.readUInt8(at + 4);
  const size = (packed.readUInt8(at + 5) >> 4) & 7;
  if (size < 4) throw new RangeError('an LZ4 frame has a block size that does not exist');
  const optionalBytes = ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  return {
    blockBytes: 2 ** (8 + 2 * size),
    blocksAt: at + 7 + optionalBytes,
    blockChecksum: (flags & 16) !== 0,
    contentChecksum: (flags & 4) !== 0,
  };
}
