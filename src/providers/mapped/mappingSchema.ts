import { z } from 'zod';
import {
  answerList,
  answerListName,
  answers,
  bodyConditions,
  isAbsence,
  statuses,
  uploadAnswers,
} from './answerSchema.ts';
import { type ListName, listPlacesIn, lists, placeOf } from './listPlaces.ts';
import { checkParts } from './mappingChecks.ts';
import { receipts } from './pollSchema.ts';
import { sendForms } from './sendForms.ts';
import { headerName, headers, jsonTemplate, pattern, pointer, template } from './templateSchema.ts';

const items = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('whole') }).describe('One answer for all: the provider takes all or none'),
    z
      .strictObject({ by: z.literal('position'), at: pointer, answers })
      .describe('A list with as many items as messages, in their order'),
    z
      .strictObject({
        by: z.literal('key'),
        at: z.array(pointer).min(1),
        key: pointer,
        equals: template('answer').default('{{key}}'),
        answers,
      })
      .describe('Lists whose items name their message'),
  ])
  .describe('How an answer says what became of each message. One that it does not name is unknown');

const batch = z.strictObject({
  most: z.int().min(2).max(10_000).describe('Messages per request'),
  mostBytes: z.int().min(1_024).max(64_000_000).default(4_000_000).describe('Of a request'),
  waitMs: z.int().min(0).max(1_000).default(5).describe('How long a request waits for more messages'),
  body: jsonTemplate('batch').describe('The body of a request; the text {{items}} is the list of messages'),
  items,
});
export type BatchMapping = z.infer<typeof batch>;

const upload = z
  .strictObject({
    path: template('start').regex(/^\//, 'must begin with /'),
    body: jsonTemplate('attachment').describe('The body of a request with one file, its content in Base64'),
    answers: uploadAnswers,
  })
  .describe(
    'If the provider takes files by requests of their own before the message: {{attachments}} in `body` is the ' +
      'list of their ids. An upload sends nothing, so one that fails means that the message was not sent',
  );

const send = z
  .strictObject({
    path: template('start').regex(/^\//, 'must begin with /'),
    headers: headers('request').default({}),
    encoding: z
      .enum(['json', 'form', 'multipart'])
      .default('json')
      .describe('form: as a web page posts it; multipart: as one posts it with files'),
    body: jsonTemplate('message').describe('The body of a request, or with `batch` one item of it'),
    buttons: jsonTemplate('button')
      .optional()
      .describe(
        'A button of a message; the text {{buttons}} in `body` is their list, and is left out without any',
      ),
    attachments: jsonTemplate('attachment')
      .optional()
      .describe(
        'A file that goes with an e-mail, its content in Base64; as `buttons`, by {{attachments}} in `body`. ' +
          'Not in multipart: there each file is a separate part',
      ),
    upload: upload.optional(),
    batch: batch.optional(),
    idWithRecipient: z
      .boolean()
      .default(false)
      .describe(
        'The id is that of a whole request: a keyed hash of the recipient is added, so that receipts find theirs',
      ),
    answers: answers.describe('Of a request'),
  })
  .superRefine(checkSend);
export type SendMapping = z.infer<typeof send>;

function checkSend(
  { batch: batched, upload: uploaded, encoding, body, ...items }: z.infer<typeof send>,
  { addIssue }: z.RefinementCtx,
): void {
  const problem = (path: string[], message: string): void => addIssue({ code: 'custom', path, message });
  if (batched !== undefined && encoding !== 'json') problem(['encoding'], 'must be json for a batch');
  if (batched !== undefined && JSON.stringify(batched.body).split('"{{items}}"').length !== 2) {
    problem(['batch', 'body'], 'must have the text "{{items}}" once, where the list of messages belongs');
  }
  if (uploaded !== undefined && (batched !== undefined || encoding !== 'json')) {
    problem(['upload'], 'needs a body that is JSON, and no batch');
  }
  for (const name of lists) {
    const isDescribed = items[name] !== undefined;
    const message = listProblem(name, { body, encoding, isDescribed, isUploaded: uploaded !== undefined });
    if (message !== undefined) problem([name], message);
  }
  if (encoding !== 'json' && !isForm(body)) {
    problem(['body'], 'of a form must be an object of texts, or of lists of texts');
  }
}

interface ListUse {
  readonly body: unknown;
  readonly encoding: 'json' | 'form' | 'multipart';
  /** Whether a template of each item is given. */
  readonly isDescribed: boolean;
  /** Files go ahead. */
  readonly isUploaded: boolean;
}

function listProblem(
  name: ListName,
  { body, encoding, isDescribed, isUploaded }: ListUse,
): string | undefined {
  if (isUploaded && name === 'attachments') return uploadProblem(body, isDescribed);
  const { count, areRight } = listPlacesIn(body, name);
  const isParts = encoding === 'multipart' && name === 'attachments';
  if (isParts && isDescribed) return 'is left out with multipart: each file is a separate part';
  if (!isParts && isDescribed !== count > 0) {
    return `goes together with a field of the body that is "${placeOf(name)}"`;
  }
  if (!areRight) return `needs "${placeOf(name)}" as a field beside others`;
  return isDescribed && encoding !== 'json' ? 'needs a body that is JSON' : undefined;
}

function uploadProblem(body: unknown, isDescribed: boolean): string | undefined {
  const { count, areRight } = listPlacesIn(body, 'attachments');
  if (isDescribed) return 'is left out with `upload`: the message has only the ids of its files';
  return count === 1 && areRight
    ? undefined
    : `needs "${placeOf('attachments')}" once, as a field beside others`;
}

function isForm(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    Object.values(body).every((value) => [value].flat().every((one) => typeof one === 'string'))
  );
}

const lookupRule = z
  .strictObject({
    status: statuses,
    body: bodyConditions,
    means: z.enum(['accepted', 'notSeen']),
  })
  .superRefine(({ means, body }, { addIssue }) => {
    const namesKey = Object.values(body).some((test) => typeof test === 'string' && /\{\{/.test(test));
    if (means === 'accepted' && !namesKey) {
      addIssue({
        code: 'custom',
        path: ['body'],
        message: 'must compare with {{key}}: only our message counts',
      });
    }
    if (means === 'notSeen' && Object.values(body).every(isAbsence)) {
      addIssue({
        code: 'custom',
        path: ['body'],
        message: 'needs a condition that only the provider can fulfil: a proxy answers 404 to everything',
      });
    }
  });

const lookup = z.strictObject({
  paths: z
    .array(template('lookup').regex(/^\//, 'must begin with /'))
    .min(1)
    .describe('Asked one after the other until one has seen the message'),
  rules: z.array(lookupRule).min(1),
  proves: z
    .enum(['advisory', 'authoritative'])
    .describe(
      'advisory: only "accepted" counts. authoritative: also, "not seen" after LOOKUP_HORIZON_MS means never. ' +
        'Only if it reads the store that messages are accepted into',
    ),
});
export type LookupMapping = z.infer<typeof lookup>;

const signing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bearer'), token: template('start') }),
  z.strictObject({ kind: z.literal('basic'), user: template('start'), password: template('start') }),
  z.strictObject({
    kind: z.literal('hmac'),
    algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
    key: template('start'),
    over: template('request').describe('What is signed'),
    encoding: z.enum(['hex', 'base64']),
    headers: headers('signed'),
  }),
  z.strictObject({
    kind: z.literal('sigv4'),
    service: z.string().min(1),
    region: template('start'),
    accessKeyId: template('start'),
    secretAccessKey: template('start'),
    sessionToken: template('start').optional(),
  }),
]);
export type Signing = z.infer<typeof signing>;

const setting = z.strictObject({
  about: z.string().min(1),
  secret: z.boolean().default(false).describe('It may also come from the file that NAME_FILE names'),
  default: z.string().optional().describe('Without one it must be set. An empty one makes it optional'),
  pattern: pattern.optional(),
});

const parts = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().min(1),
  documents: z.array(z.url()).min(1).describe('What the file was made from'),
  settings: z.record(
    z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/, 'must be a name such as ACME_TOKEN'),
    setting,
  ),
  origin: z.string().min(1).describe('Scheme, host and port'),
  headers: headers('request').default({}).describe('Of all requests'),
  signing: signing.optional(),
  idempotency: z
    .strictObject({
      header: headerName,
      value: template('request').default('{{key}}'),
      holdsForMinutes: z.int().min(1),
      repeat: z.enum(['sameAnswer', 'fails']).describe('What the same key gets again'),
    })
    .optional(),
  answers: z.record(answerListName, answerList).default({}).describe('What several forms share'),
  send: z
    .partialRecord(z.enum(sendForms), send)
    .refine((sends) => Object.keys(sends).length > 0, 'must have at least one form of message'),
  lookup: lookup.optional(),
  receipts: receipts.optional(),
  notes: z.array(z.string()).default([]).describe('For operators: what doctor says'),
});

/** A provider in a file. Texts may contain `${NAME}`, which stands for a setting that the file declares. */
export const mappingSchema = parts.superRefine(checkParts);

export type Mapping = z.infer<typeof parts>;
