import { z } from 'zod';
import { headerName, pattern, pointer, template } from './templateSchema.ts';

const literal = z.union([template('answer'), z.number(), z.boolean(), z.null()]);
const condition = z
  .union([
    literal,
    z.strictObject({ in: z.array(literal).min(1) }),
    z.strictObject({ matches: pattern }),
    z.strictObject({ present: z.boolean() }),
  ])
  .describe('What stands there: a value, {"in": [...]}, {"matches": "..."} or {"present": true}');
export const bodyConditions = z.record(pointer, condition);

const status = z.union([z.int().min(200).max(599), z.enum(['2xx', '3xx', '4xx', '5xx'])]);
export const statuses = z.union([status, z.array(status).min(1)]);

/** What an answer may mean. */
const meanings = [
  'accepted',
  'refused',
  'pace',
  'busy',
  'settings',
  'settingsOrBill',
  'unknown',
  'perItem',
] as const;

const answerRule = z
  .strictObject({
    status: statuses.optional().describe('Absent: any. An item of a batch has none'),
    body: bodyConditions.optional().describe('All must hold. Of JSON only'),
    header: z.record(headerName, pattern).optional().describe('All must match'),
    means: z
      .enum(meanings)
      .describe(
        'accepted; refused: for good, the next channel follows; pace: not taken, fewer at a time; busy: not ' +
          'taken, later; settings: not taken, and no other message would be; settingsOrBill: not taken, ' +
          'perhaps because of this message; unknown; perItem: `batch.items` says it of each message',
      ),
    id: pointer.optional().describe("Where the provider's id is"),
    idHeader: headerName.optional(),
    idOfRequest: pointer
      .optional()
      .describe(
        'For an item of a batch: where the id is in the whole answer; with `id`, both are joined by a dot',
      ),
    reason: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{1,39}$/, 'must be a code such as RECIPIENT_INACTIVE')
      .optional()
      .describe('Kept in the journal. Default: the code of the answer, or HTTP_<status>'),
  })
  .superRefine(checkEvidence);

export type AnswerRule = z.infer<typeof answerRule>;

const statusesOfProxies = new Set<unknown>([400, 401, 402, 403, 404, 405, 407, '3xx']);

/** A proxy may answer for a provider that is down, so hardly any status is believed without a body. */
function checkEvidence(
  rule: {
    status?: z.infer<typeof statuses> | undefined;
    body?: object | undefined;
    header?: object | undefined;
    means: string;
  },
  { addIssue }: z.RefinementCtx,
): void {
  const tests: unknown[] = Object.values(rule.body ?? {});
  const proofs = tests.filter((test) => !isAbsence(test)).length + Object.keys(rule.header ?? {}).length;
  if (proofs > 0 || rule.means === 'unknown') return;
  const named = rule.status === undefined ? [] : [rule.status].flat();
  const isBelieved =
    named.length > 0 &&
    named.every(
      (one) =>
        (rule.means === 'pace' && one === 429) ||
        (/^settings/.test(rule.means) && (statusesOfProxies.has(one) || isRedirect(one))),
    );
  if (isBelieved) return;
  addIssue({
    code: 'custom',
    message:
      'needs a condition on the body or a header: a proxy may give the same status for a provider that is ' +
      'down. Only 429 (pace) and 400 to 405, 407 and 3xx (settings, settingsOrBill) are believed alone',
  });
}

function isRedirect(one: unknown): boolean {
  return typeof one === 'number' && one >= 300 && one < 400;
}

export function isAbsence(test: unknown): boolean {
  return typeof test === 'object' && test !== null && 'present' in test && test.present === false;
}

export const answerList = z.strictObject({
  code: pointer.optional().describe("Where the provider's error code is"),
  cause: pointer.optional().describe('Where its words are; only the first, without numbers and addresses'),
  rules: z.array(answerRule).min(1).describe('The first that fits counts. What none fits is unknown'),
});
export type Answers = z.infer<typeof answerList>;

const uploadMeanings: ReadonlySet<string> = new Set([
  'accepted',
  'pace',
  'busy',
  'settings',
  'settingsOrBill',
]);

/** Of a request that sends nothing: whatever becomes of it, the message was not sent. */
export const uploadAnswers = answerList.superRefine(({ rules }, { addIssue }) => {
  for (const [index, { means, id }] of rules.entries()) {
    const path = ['rules', index];
    if (!uploadMeanings.has(means)) {
      addIssue({ code: 'custom', path, message: `must mean one of ${[...uploadMeanings].join(', ')}` });
    } else if (means === 'accepted' && id === undefined) {
      addIssue({ code: 'custom', path, message: 'needs `id`: the message names the file by it' });
    }
  }
});

export const answerListName = z.string().regex(/^[a-z]\w*$/, 'must be the name of one of `answers`');
export const answers = z
  .union([answerListName, answerList])
  .describe('Rules, or the name of some of `answers`');
