/** Bytes that tell how long a part is. */
const lengthBytes = 4;

/**
 * Puts a message and the bodies of its uploads into one text with one character per byte, in which a render
 * thread hands them over.
 */
export function frameParts(parts: readonly string[]): string {
  return parts
    .map((part) => {
      const length = Buffer.alloc(lengthBytes);
      length.writeUInt32LE(part.length);
      return length.toString('latin1') + part;
    })
    .join('');
}

/** The parts again, without a copy. */
export function framedParts(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const begin = at + lengthBytes;
    at = begin + view.getUint32(at, true);
    parts.push(bytes.subarray(begin, at));
  }
  return parts;
}

/** Where the ids of the files belong. JSON has no such byte: in its texts it is escaped. */
export const idsPlace = '\0';

/** The message with the ids of its files. An id that is a number is written as one. */
export function withIds(message: Uint8Array, ids: readonly string[]): Uint8Array {
  const place = message.indexOf(0);
  if (place === -1) return message;
  const list = ids.map((id) => (/^(?:0|[1-9]\d{0,14})$/.test(id) ? id : JSON.stringify(id)));
  return Buffer.concat([
    message.subarray(0, place),
    Buffer.from(`[${list.join(',')}]`),
    message.subarray(place + 1),
  ]);
}
