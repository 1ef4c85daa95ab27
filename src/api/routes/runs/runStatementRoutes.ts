import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readStatements } from '../../../db/runs/providerStatements.ts';
import { faultKindOf } from '../../../db/statementFault.ts';
import { compareStatement } from '../../../operations/runs/compareStatement.ts';
import { demandRun } from '../../../operations/runs/readRuns.ts';
import type { ApiApp } from '../../apiApp.ts';
import type { ApiDeps } from '../../apiDeps.ts';
import { runParams } from '../../contract/runsContract.ts';
import {
  type ComparedStatementAnswer,
  comparedStatement,
  statementList,
  statementQuery,
} from '../../contract/statementsContract.ts';
import { idempotencyHeader, oncePerKey } from '../../idempotency.ts';
import { actorOf } from '../../identity/actor.ts';
import { Problem } from '../../problems/problem.ts';

const tags = ['runs'];
const mostBytes = 268_435_456;
/** With so many lines, each statement of the database takes far less than its time-out. */
const mostLines = 1_000_000;
/** After the file is received, the messages of the run are read. */
const limitMs = 15 * 60_000;
/** These are read as a stream, which is never in memory as a whole. */
const fileTypes = ['text/csv', 'application/octet-stream'];

/** Compares a provider's own statement with what we know that it accepted. */
export function addRunStatementRoutes(app: ApiApp, deps: ApiDeps): void {
  addList(app, deps);
  app.register(async (scope: ApiApp) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(fileTypes, (_, payload, done) => done(null, payload));
    addUpload(scope, deps);
  });
}

function addList(app: ApiApp, { database }: ApiDeps): void {
  app.get(
    '/api/v1/runs/:runId/statements',
    {
      config: { permission: 'readHistory' },
      schema: {
        tags,
        summary: "Providers' own statements, compared with a run; with the first messages of each difference",
        params: runParams,
        response: { 200: statementList },
      },
    },
    async ({ params }) => {
      const { number } = await demandRun(database, params.runId);
      const items = (await readStatements(database, number)).map(({ facts, addedAt, ...kept }) => ({
        ...facts,
        ...kept,
        addedAt: addedAt.toISOString(),
      }));
      return { items };
    },
  );
}

function addUpload(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/statements',
    {
      config: { permission: 'control', access: 'statement' },
      handlerTimeout: limitMs,
      schema: {
        tags,
        summary: "Compare a provider's own statement with a run. The body is a CSV with a line of headings",
        consumes: fileTypes,
        params: runParams,
        querystring: statementQuery,
        headers: idempotencyHeader,
        body: z
          .any()
          .describe('A line per message, at most 1,000,000 and 256 MiB, which arrive within 60 seconds'),
        response: { 200: comparedStatement },
      },
    },
    async (request, reply) => {
      const { runId } = request.params;
      const { bytes, isTooLarge } = readBody(request);
      const body = { bytes: request.headers['content-length'] };
      try {
        const answer = await oncePerKey(deps.database, { request, reply, body }, () =>
          deps.recorder.change(request, { reason: `${runId}: ${request.query.provider}` }, () =>
            compare(deps, { runId, ...request.query, bytes, actor: actorOf(request) }),
          ),
        );
        if (reply.hasHeader('idempotent-replayed')) await demandSameFile(bytes, answer, reply);
        return answer;
      } catch (error) {
        throw isTooLarge() ? new Problem('BODY_TOO_LARGE', '', { cause: error }) : explained(error);
      } finally {
        // The client may still be sending, and reads the answer only after that.
        request.raw.resume();
      }
    },
  );
}

async function compare(
  deps: ApiDeps,
  {
    runId,
    provider,
    actor,
    fileName: name,
    encoding,
    bytes,
    ...columns
  }: z.infer<typeof statementQuery> & {
    readonly runId: string;
    readonly bytes: Readable;
    readonly actor: string;
  },
): Promise<ComparedStatementAnswer> {
  const file = { bytes, name, encoding, columns, mostLines };
  const { run: _, ...facts } = await compareStatement(deps, { runId, provider, file, actor });
  return facts;
}

/** Explains a time-out: sending the file again would take as long again. */
function explained(error: unknown): unknown {
  const kind = faultKindOf(error);
  if (kind !== 'silent' && kind !== 'cancelled') return error;
  const detail =
    'The database took too long to compare the statement, and nothing of it is kept. ' +
    '`npx billcast run statement <run> --provider <name> --file <path>` waits as long as it takes.';
  return new Problem('NOT_IN_TIME', detail, { cause: error });
}

/** Reads the body so that a reader that gives up does not affect the connection. */
function readBody({ body, headers }: FastifyRequest): {
  readonly bytes: Readable;
  readonly isTooLarge: () => boolean;
} {
  if (!(body instanceof Readable)) throw new Problem('MEDIA_TYPE_UNKNOWN');
  if (Number(headers['content-length'] ?? 0) > mostBytes) throw new Problem('BODY_TOO_LARGE');
  let length = 0;
  const bytes = new Transform({
    transform(chunk: Buffer, _, done) {
      length += chunk.length;
      done(length > mostBytes ? new RangeError('the body is too large') : null, chunk);
    },
  });
  // The client may disconnect before or after the body is read.
  bytes.on('error', () => undefined);
  body
    .once('error', (error) => bytes.destroy(error))
    .once('aborted', () => bytes.destroy(new Error('aborted')));
  return { bytes: body.pipe(bytes), isTooLarge: () => length > mostBytes };
}

/** Called if an Idempotency-Key was used before: the file must be the one that was compared then. */
async function demandSameFile(
  bytes: Readable,
  { sha256 }: ComparedStatementAnswer,
  reply: FastifyReply,
): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(bytes, hash);
  if (hash.digest('hex') === sha256) return;
  reply.removeHeader('idempotent-replayed');
  throw new Problem('IDEMPOTENCY_KEY_REUSED');
}
