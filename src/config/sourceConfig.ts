import { z } from 'zod';
import { type BillSource, ownBillSource, readBillSource } from '../db/source/billSource.ts';

/** Whose tables bills are read from. */
export const sourceShape = {
  SOURCE_DIR: z.string().min(1).optional(),
};

type SourceEnvironment = z.infer<z.ZodObject<typeof sourceShape>>;

/** @throws BillcastError SOURCE_INVALID */
export function sourceOf({ SOURCE_DIR }: SourceEnvironment): BillSource {
  return SOURCE_DIR === undefined ? ownBillSource() : readBillSource(SOURCE_DIR);
}

/** Why the folder cannot be read, or what it lacks. */
export function sourceProblems(
  env: SourceEnvironment & { readonly VIEW_MODULE?: string | undefined },
): string[] {
  try {
    if (env.VIEW_MODULE !== undefined && sourceOf(env).sample === undefined) {
      return ['VIEW_MODULE needs SOURCE_DIR with a sample.json (docs/data.md)'];
    }
    return [];
  } catch (error) {
    return [`SOURCE_DIR: ${error instanceof Error ? error.message : String(error)}`];
  }
}
