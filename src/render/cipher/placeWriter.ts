import { type EncryptedField, encryptedFields, type Place } from './cipher.ts';

/** Room for ids of this many bytes: any bigint fits. A longer id gets memory of its own. */
const idRoom = 60;

/**
 * Makes the function that writes what v2 binds a value to: `billcast|v2|<field>|<memberId>`, as UTF-8. The
 * result is valid until the next call: new memory per value costs nearly as much as the binding itself.
 */
export function createPlaceWriter(): (place: Place) => Uint8Array {
  const writers = new Map(encryptedFields.map((field) => [field, createFieldWriter(field)]));
  return ({ field, memberId }) =>
    writers.get(field)?.(memberId) ?? Buffer.from(prefixOf(field) + memberId, 'utf8');
}

function prefixOf(field: EncryptedField): string {
  return `billcast|v2|${field}|`;
}

function createFieldWriter(field: EncryptedField): (memberId: string) => Uint8Array | undefined {
  const prefix = Buffer.from(prefixOf(field), 'utf8');
  const memory = Buffer.alloc(prefix.length + idRoom);
  prefix.copy(memory);
  const views = Array.from({ length: idRoom + 1 }, (_, bytes) => memory.subarray(0, prefix.length + bytes));
  return (memberId) =>
    memberId.length > mostCharacters ? undefined : views[memory.write(memberId, prefix.length)];
}

/** UTF-8 takes at most three bytes per code unit. */
const mostCharacters = 20;
