import type { z } from 'zod';
import { findForecast, type KeptForecast, listForecasts } from '../../db/forecasts.ts';
import { within } from '../../lib/timeLimit.ts';
import type { ForecastFacts, ForecastRequest } from '../../operations/forecast/forecast.ts';
import { createForecastJobs, type ForecastJobs } from '../../operations/forecast/forecastJobs.ts';
import { completeSelection } from '../../runs/plan.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import {
  forecastList,
  forecastParams,
  forecastRequest,
  type KeptForecastShown,
  keptForecast,
} from '../contract/forecastsContract.ts';
import { idempotencyHeader, oncePerKey } from '../idempotency.ts';
import { Problem } from '../problems/problem.ts';
import { toldOf } from '../told/toldOf.ts';

const tags = ['forecasts'];
/** If a forecast takes longer, it goes on after the answer. */
const waitMs = 5_000;
const shown = 20;

/** What a month will look like, before anybody releases it. */
export function addForecastRoutes(app: ApiApp, deps: ApiDeps): void {
  const jobs = createForecastJobs(deps);
  app.addHook('onClose', () => jobs.stop());
  addBegin(app, deps, jobs);
  addReads(app, deps);
}

function addBegin(app: ApiApp, deps: ApiDeps, jobs: ForecastJobs): void {
  app.post(
    '/api/v1/forecasts',
    {
      config: { permission: 'control', access: 'forecast' },
      schema: {
        tags,
        summary: 'Looks at the held bills of a selection as they would be sent; nothing of them changes',
        headers: idempotencyHeader,
        body: forecastRequest,
        response: { 201: keptForecast, 202: keptForecast },
      },
    },
    async (request, reply) => {
      const wanted = requestOf(request.body);
      const { month, billIds } = request.body.selection;
      const concern = { reason: month, ...(billIds && { bills: billIds.length }) };
      const made = await oncePerKey(deps.database, { request, reply }, () =>
        deps.recorder.change(request, concern, async () => {
          const { id, ended } = await jobs.begin(wanted, request.identity?.name ?? '');
          await within(waitMs, ended);
          return shownOf(await demandForecast(deps, id));
        }),
      );
      reply.header('location', `/api/v1/forecasts/${made.forecastId}`);
      return reply.code(made.state === 'RUNNING' ? 202 : 201).send(made);
    },
  );
}

function addReads(app: ApiApp, deps: ApiDeps): void {
  const config = { permission: 'read' } as const;
  app.get(
    '/api/v1/forecasts',
    {
      config,
      schema: {
        tags,
        summary: 'The newest forecasts',
        response: { 200: forecastList },
      },
    },
    async () => ({ items: (await listForecasts(deps.database, shown)).map(shownOf) }),
  );
  app.get(
    '/api/v1/forecasts/:forecastId',
    {
      config,
      schema: {
        tags,
        summary: 'One forecast, and how far it is',
        params: forecastParams,
        response: { 200: keptForecast },
      },
    },
    async ({ params }) => shownOf(await demandForecast(deps, params.forecastId)),
  );
}

async function demandForecast({ database }: ApiDeps, id: string): Promise<KeptForecast> {
  const found = await findForecast(database, id);
  if (found === undefined) throw new Problem('FORECAST_NOT_FOUND');
  return found;
}

function requestOf({ selection, ...options }: z.infer<typeof forecastRequest>): ForecastRequest {
  return { selection: completeSelection(selection), ...options };
}

function shownOf({ id, facts, requestedAt, finishedAt, request, ...rest }: KeptForecast): KeptForecastShown {
  const { selection } = request as ForecastRequest;
  return {
    forecastId: id,
    month: 'month' in selection ? selection.month : null,
    requestedAt: requestedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    facts: facts as ForecastFacts | null,
    ...rest,
    problemTold: toldOf(rest.problem),
  };
}
