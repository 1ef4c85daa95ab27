import { listManifests, type ManifestFacts, makeManifest } from '../../../operations/proof/makeManifest.ts';
import type { ApiApp } from '../../apiApp.ts';
import type { ApiDeps } from '../../apiDeps.ts';
import { manifestList, manifestMade, manifestRequest } from '../../contract/proofContract.ts';
import { runParams } from '../../contract/runsContract.ts';
import { idempotencyHeader, oncePerKey } from '../../idempotency.ts';
import { actorOf } from '../../identity/actor.ts';

const tags = ['runs'];
/** All accepted messages of the run are read. */
const limitMs = 15 * 60_000;

/** One hash over all accepted messages of a run. */
export function addRunManifestRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/runs/:runId/manifests',
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'The manifests of a run, with their roots; `elsewhere` for events that came from elsewhere',
        params: runParams,
        response: { 200: manifestList },
      },
    },
    async ({ params }) => ({ items: (await listManifests(deps, params.runId)).map(answerOf) }),
  );
  app.post(
    '/api/v1/runs/:runId/manifests',
    {
      config: { permission: 'control', access: 'makeManifest' },
      handlerTimeout: limitMs,
      schema: {
        tags,
        summary: 'Make another manifest of a run that is done, after more was accepted',
        params: runParams,
        headers: idempotencyHeader,
        body: manifestRequest,
        response: { 201: manifestMade },
      },
    },
    async (request, reply) => {
      const { runId } = request.params;
      const made = await oncePerKey(deps.database, { request, reply }, () =>
        deps.recorder.change(request, { reason: runId }, async () =>
          answerOf(await makeManifest(deps, { runId, actor: actorOf(request) })),
        ),
      );
      return reply.code(201).send(made);
    },
  );
}

function answerOf({ madeAt, ...manifest }: ManifestFacts) {
  return { ...manifest, madeAt: madeAt.toISOString() };
}
