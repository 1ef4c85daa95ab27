/**
 * The partition of a key, as Java's producer and kafkajs choose it: murmur2 of its bytes. A key has the same
 * partition, by any client, until the number of partitions changes.
 */
export function partitionOfKey(key: Buffer | string, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}

const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** Source: `Utils.murmur2` of Kafka's Java client. */
function murmur2(bytes: Buffer): number {
  const tail = bytes.length & ~3;
  let hash = seed ^ bytes.length;
  for (let at = 0; at < tail; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  for (let at = bytes.length - 1; at >= tail; at--) hash ^= bytes.readUInt8(at) << ((at - tail) * 8);
  if (tail < bytes.length) hash = Math.imul(hash, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}
