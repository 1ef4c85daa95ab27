import { z } from 'zod';
import { type BillSource, billIdKinds, ownBillSource, readBillSource } from '../db/source/billSource.ts';
import { moduleUrl } from '../lib/moduleUrl.ts';

/** From which tables bills are read. */
export const sourceShape = {
  SOURCE_DIR: z.string().min(1).optional(),
  BILL_ID_KIND: z.enum(billIdKinds).default('bigint'),
  SOURCE_MODULE: z.string().min(1).optional(),
};

type SourceEnvironment = z.infer<z.ZodObject<typeof sourceShape>>;

/** @throws BillcastError SOURCE_INVALID */
export function sourceOf({ SOURCE_DIR, BILL_ID_KIND, SOURCE_MODULE }: SourceEnvironment): BillSource {
  if (SOURCE_DIR === undefined) return ownBillSource();
  return readBillSource(
    SOURCE_DIR,
    BILL_ID_KIND,
    SOURCE_MODULE === undefined ? undefined : moduleUrl(SOURCE_MODULE),
  );
}

/** Why the folder cannot be read, or what it lacks. */
export function sourceProblems(
  env: SourceEnvironment & { readonly VIEW_MODULE?: string | undefined },
): string[] {
  try {
    const { sample } = sourceOf(env);
    if (env.SOURCE_MODULE !== undefined && sample === undefined) {
      return ['SOURCE_MODULE needs SOURCE_DIR with a sample.json (docs/your-code.md)'];
    }
    if (env.VIEW_MODULE !== undefined && sample === undefined) {
      return ['VIEW_MODULE needs SOURCE_DIR with a sample.json (docs/data.md)'];
    }
    if (env.BILL_ID_KIND !== 'bigint' && env.SOURCE_DIR === undefined) {
      return ['BILL_ID_KIND needs SOURCE_DIR: the ids of our own tables are bigint'];
    }
    return [];
  } catch (error) {
    return [`SOURCE_DIR: ${error instanceof Error ? error.message : String(error)}`];
  }
}
