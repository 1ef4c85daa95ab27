import { isRecord, type Values } from './typedValue.ts';

/** The names of fields that a sample has and a bill lacks; of lists those of the first items. Pure. */
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
