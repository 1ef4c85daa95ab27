import { isRecord, type Values } from './typedValue.ts';

/** Pure: the names of fields that a sample has and a bill lacks. Of lists, the first items are compared. */
export function lackingFields(bill: Values, sample: Values, path = ''): readonly string[] {
  return Object.entries(sample).flatMap(([name, wanted]) => {
    if (!Object.hasOwn(bill, name)) return [`${path}${name}`];
    const [item, sampleItem] = [firstOf(bill[name]), firstOf(wanted)];
    return isRecord(item) && isRecord(sampleItem) ? lackingFields(item, sampleItem, `${path}${name}.`) : [];
  });
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}
