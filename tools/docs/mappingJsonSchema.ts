import { z } from 'zod';
import { mappingSchema } from '../../src/providers/mapped/mappingSchema.ts';

/** The JSON Schema of provider files, for editors: `providers/schema.json`. */
export function mappingJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(mappingSchema, { io: 'input' }), undefined, 2)}\n`;
}
