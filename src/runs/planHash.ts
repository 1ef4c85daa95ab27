import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';
import type { Proposal } from './proposal.ts';

/** SHA-256 in hex of what is approved: the plan and the frozen proposal. */
export function planHash(plan: Plan, proposal: Proposal): string {
  return createHash('sha256').update(canonicalJson({ plan, proposal }), 'utf8').digest('hex');
}

/**
 * JSON with the names of each object in the order of their UTF-16 units (RFC 8785). The same value is always
 * the same text, even after it was stored in the database.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
