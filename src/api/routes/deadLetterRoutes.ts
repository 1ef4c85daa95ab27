import type { FastifyRequest } from 'fastify';
import type { PoisonId } from '../../db/reads/poisonPage.ts';
import {
  type DeadLetterFacts,
  listDeadLetters,
  type OpenedDeadLetter,
  openDeadLetter,
  replayDeadLetter,
} from '../../operations/deadLetters.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import {
  type DeadLetter,
  deadLetterBytes,
  deadLetterParams,
  deadLetters,
  deadLettersQuery,
  replayAnswer,
  replayRequest,
} from '../contract/deadLettersContract.ts';
import { actorOf } from '../identity/actor.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['dead letters'];
const permission = 'deadLetters';
const bytesShown = 65_536;

/** Records that could not be used. */
export function addDeadLetterRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/dead-letters',
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'Records that could not be used, the newest first, without their bytes',
        querystring: deadLettersQuery,
        response: { 200: deadLetters },
      },
    },
    async ({ query: { limit, after } }) => {
      const [receivedMicros = '', topic = '', partition = '', offset = ''] = after?.split(':') ?? [];
      const before =
        after === undefined ? undefined : { receivedMicros, topic, partition: Number(partition), offset };
      const { asOf, items } = await listDeadLetters(deps, { before, limit });
      const last = items.length < limit ? undefined : items.at(-1);
      return {
        asOf: asOf.toISOString(),
        items: items.map(itemOf),
        next: last ? `${last.receivedMicros}:${last.topic}:${last.partition}:${last.offset}` : null,
      };
    },
  );
  addLook(app, deps);
  addReplay(app, deps);
}

function addLook(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/dead-letters/:id',
    {
      config: { permission, access: 'openDeadLetter' },
      schema: {
        tags,
        summary: 'One of them with its bytes, which may hold anything; who looked at it is recorded',
        params: deadLetterParams,
        response: { 200: deadLetterBytes },
      },
    },
    async (request) => {
      const letter = await demandLetter(deps, idOf(request.params.id));
      await deps.recorder.shown(request, concernOf(letter));
      const { record, key, value, source } = letter;
      return { ...itemOf(record), key: textOf(key), value: textOf(value), source };
    },
  );
}

function addReplay(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/dead-letters/:id/replay',
    {
      config: { permission, access: 'replayDeadLetter' },
      schema: {
        tags,
        summary: 'Send it to its topic again, as it came',
        params: deadLetterParams,
        body: replayRequest,
        response: { 200: replayAnswer },
      },
    },
    async (request: FastifyRequest<{ Params: { id: string }; Body: { reason: string } }>) => {
      const id = idOf(request.params.id);
      const letter = await demandLetter(deps, id);
      const concern = { reason: `${request.params.id}: ${request.body.reason}` };
      await deps.recorder.change(request, concern, async () => {
        if (!(await replayDeadLetter(deps, { letter, id, actor: actorOf(request) }))) {
          throw new Problem('DEAD_LETTER_NOT_FOUND', 'Its bytes are no longer there.');
        }
      });
      return { id: request.params.id, replayed: 1 };
    },
  );
}

async function demandLetter(deps: ApiDeps, id: PoisonId): Promise<OpenedDeadLetter> {
  const letter = await openDeadLetter(deps, id);
  if (letter === undefined) throw new Problem('DEAD_LETTER_NOT_FOUND');
  return letter;
}

function concernOf({ record }: OpenedDeadLetter) {
  return { reason: textId(record) };
}

function idOf(text: string): PoisonId {
  const [topic = '', partition = '', offset = '', recordedMicros = ''] = text.split(':');
  return { topic, partition: Number(partition), offset, recordedMicros };
}

function textId({ topic, partition, offset, recordedMicros }: PoisonId): string {
  return `${topic}:${partition}:${offset}:${recordedMicros}`;
}

function textOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.subarray(0, bytesShown).toString('utf8');
}

function itemOf(record: DeadLetterFacts): DeadLetter {
  const { topic, partition, offset, reason, meaning, keyBytes, valueBytes, replayedBy } = record;
  return {
    id: textId(record),
    topic,
    partition,
    offset,
    recordedAt: record.recordedAt.toISOString(),
    receivedAt: record.receivedAt.toISOString(),
    reason,
    meaning,
    keyBytes,
    valueBytes,
    publishedAt: record.publishedAt?.toISOString() ?? null,
    replayedAt: record.replayedAt?.toISOString() ?? null,
    replayedBy,
  };
}
