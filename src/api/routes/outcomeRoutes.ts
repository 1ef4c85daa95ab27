import { readOutcomeProgress } from '../../db/outcomes/outcomeSwitch.ts';
import { readFeed } from '../../operations/outcomes/readFeed.ts';
import { progressFacts, switchOutcomes } from '../../operations/outcomes/switchOutcomes.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import {
  outcomesPage,
  outcomesQuery,
  outcomesSwitch,
  outcomesSwitchAnswer,
  outcomesSwitchRequest,
} from '../contract/outcomesContract.ts';
import { actorOf } from '../identity/actor.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['outcomes'];

/** The feed of outcomes, and its switch. */
export function addOutcomeRoutes(app: ApiApp, deps: ApiDeps): void {
  addFeed(app, deps);
  app.get(
    '/api/v1/outcomes/switch',
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'Whether outcomes go out, and how far they have come',
        response: { 200: outcomesSwitch },
      },
    },
    async () => progressFacts(await readOutcomeProgress(deps.database)),
  );
  app.post(
    '/api/v1/outcomes/switch',
    {
      config: { permission: 'control', access: 'switchOutcomes' },
      schema: {
        tags,
        summary: 'Turn outcomes on or off, in the whole cluster',
        body: outcomesSwitchRequest,
        response: { 200: outcomesSwitchAnswer },
      },
    },
    (request) => {
      const { on, reason } = request.body;
      const concern = { reason: `${on ? 'on' : 'off'}: ${reason}` };
      return deps.recorder.change(request, concern, async () => {
        const { changed, ...progress } = await switchOutcomes(deps, { on, actor: actorOf(request) });
        return { ...progressFacts(progress), changed };
      });
    },
  );
}

function addFeed(app: ApiApp, deps: ApiDeps): void {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  app.get(
    '/api/v1/outcomes',
    {
      config: { permission: 'readHistory', showsTheirIds: true },
      schema: {
        tags,
        summary: 'What became of bills, by number',
        querystring: outcomesQuery,
        response: { 200: outcomesPage },
      },
    },
    async ({ query: { after, limit, waitSeconds } }, reply) => {
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      const signal = AbortSignal.any([closing.signal, left.signal]);
      const answer = await readFeed(deps, { after, limit, waitMs: waitSeconds * 1_000 }, signal);
      if (answer.kind === 'gone') {
        throw new Problem('OUTCOMES_GONE', `The first number that is kept is ${answer.firstKept}.`);
      }
      const { items, next, last } = answer;
      return { items: [...items], next, last };
    },
  );
}
