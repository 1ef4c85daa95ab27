import { z } from 'zod';
import { reasonText } from './contractShapes.ts';
import { runId } from './runsContract.ts';
import { searchRequest } from './searchContract.ts';

/** The conditions of a search, all of which must be met, and why. */
export const exportRequest = z.strictObject({
  where: searchRequest
    .omit({ limit: true, after: true })
    .extend({ run: runId.optional().describe('The run that released it') })
    .default({}),
  reason: reasonText,
});
