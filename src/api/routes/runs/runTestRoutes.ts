import { listSeedSends } from '../../../db/runs/testSends.ts';
import { demandRun } from '../../../operations/runs/readRuns.ts';
import { type RehearsalStand, readRehearsal } from '../../../operations/testSends/readRehearsal.ts';
import { createRehearsalJobs, type RehearsalJobs } from '../../../operations/testSends/rehearsalJobs.ts';
import { demandSeeds, sendSeedsNow } from '../../../operations/testSends/sendRunSeeds.ts';
import type { TestSending } from '../../../operations/testSends/testSending.ts';
import type { ApiApp } from '../../apiApp.ts';
import type { ApiDeps } from '../../apiDeps.ts';
import { runParams } from '../../contract/runsContract.ts';
import {
  type RehearsalAnswer,
  rehearsalRequest,
  rehearsalStand,
  seedFacts,
  seedList,
  seedRequest,
} from '../../contract/testSendsContract.ts';
import { idempotencyHeader, oncePerKey } from '../../idempotency.ts';
import { actorOf } from '../../identity/actor.ts';
import { toldOf } from '../../told/toldOf.ts';

const tags = ['runs'];
/** Some messages per address, at the pace of the providers. */
const seedsLimitMs = 15 * 60_000;
const seedsShown = 500;

/**
 * Routes that send real bills to people of the company: to seed addresses before a run, and in a rehearsal.
 */
export function addRunTestRoutes(app: ApiApp, deps: ApiDeps): void {
  const jobs = createRehearsalJobs(deps, (work) => withSending(deps, work));
  app.addHook('onClose', () => jobs.stop());
  addSeeds(app, deps);
  addRehearsals(app, deps, jobs);
}

/** Opens templates, threads and providers only if something is sent, and closes them afterwards. */
async function withSending<T>(deps: ApiDeps, work: (sending: TestSending) => Promise<T>): Promise<T> {
  const { withTestSending } = await import('../../../dispatcher/openTestSending.ts');
  return withTestSending(deps, work);
}

function addSeeds(app: ApiApp, deps: ApiDeps): void {
  const { config, database, recorder } = deps;
  app.get(
    '/api/v1/runs/:runId/seeds',
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'What was sent to the seed addresses of a run',
        params: runParams,
        response: { 200: seedList },
      },
    },
    async ({ params }) => {
      const { number } = await demandRun(database, params.runId);
      const sends = await listSeedSends(database, number, seedsShown);
      const { email, phone } = config.seeds;
      return {
        addresses: { email: email.length, phone: phone.length },
        items: sends.map(({ begunAt, ...send }) => ({ ...send, begunAt: begunAt.toISOString() })),
      };
    },
  );
  app.post(
    '/api/v1/runs/:runId/seeds',
    {
      config: { permission: 'control', access: 'seeds' },
      handlerTimeout: seedsLimitMs,
      schema: {
        tags,
        summary: 'Send some bills of a run to the seed addresses, now. No bill changes by it',
        params: runParams,
        headers: idempotencyHeader,
        body: seedRequest,
        response: { 200: seedFacts },
      },
    },
    (request, reply) =>
      oncePerKey(database, { request, reply }, async () => {
        const run = await demandRun(database, request.params.runId);
        demandSeeds(config);
        return recorder.change(request, { reason: run.id }, () =>
          withSending(deps, (sending) => sendSeedsNow({ ...sending, config }, run, actorOf(request))),
        );
      }),
  );
}

function addRehearsals(app: ApiApp, deps: ApiDeps, jobs: RehearsalJobs): void {
  const { database, recorder } = deps;
  app.get(
    '/api/v1/runs/:runId/rehearsal',
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'How a rehearsal stands: what was sent, and how many bills would fail and why',
        params: runParams,
        response: { 200: rehearsalStand },
      },
    },
    async ({ params }) => standOf(await readRehearsal(deps, params.runId)),
  );
  app.post(
    '/api/v1/runs/:runId/rehearse',
    {
      config: { permission: 'control', access: 'rehearse' },
      schema: {
        tags,
        summary:
          'Rehearse, or go on: bills go to DELIVER_ONLY_TO or REDIRECT_ALL_TO only, and stay held. Pause the run to stop it',
        params: runParams,
        headers: idempotencyHeader,
        body: rehearsalRequest,
        response: { 202: rehearsalStand },
      },
    },
    async (request, reply) => {
      const { runId: id } = request.params;
      const { limit } = request.body;
      const stand = await oncePerKey(database, { request, reply }, () =>
        recorder.change(request, { reason: id }, async () => {
          await jobs.begin({ id, actor: actorOf(request), limit });
          return standOf(await readRehearsal(deps, id));
        }),
      );
      reply.header('location', `/api/v1/runs/${id}/rehearsal`);
      return reply.code(202).send(stand);
    },
  );
}

function standOf({ run, progress, ...stand }: RehearsalStand): RehearsalAnswer {
  return {
    ...stand,
    runId: run,
    progress: progress && {
      ...progress,
      asOf: progress.asOf.toISOString(),
      whyTold: toldOf(progress.why),
    },
  };
}
