import { pause, readSwitches, resume } from '../../operations/pause.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { brakeList, brakeParams, brakeRelease, brakeReleased } from '../contract/brakesContract.ts';
import { pauseAnswer, pauseRequest, pauseState } from '../contract/controlContract.ts';
import { actorOf } from '../identity/actor.ts';
import { brakesOf, pauseOf } from '../live/statusOf.ts';

const tags = ['control'];
const permission = 'control';

/** The pause of the whole cluster, and the brakes of its channels. */
export function addControlRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/pause',
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'Whether sending is paused',
        response: { 200: pauseState },
      },
    },
    async () => pauseOf(await readSwitches(deps)),
  );
  addSwitch(app, deps, true);
  addSwitch(app, deps, false);
  app.get(
    '/api/v1/brakes',
    {
      config: { permission: 'read' },
      schema: {
        tags,
        summary: 'The brakes by channel',
        response: { 200: brakeList },
      },
    },
    async () => ({
      asOf: new Date().toISOString(),
      items: brakesOf((await readSwitches(deps)).brakes, deps.config),
    }),
  );
  app.post(
    '/api/v1/brakes/:channel/release',
    {
      config: { permission, access: 'releaseBrake' },
      schema: {
        tags,
        summary: 'Release the brake of a channel: it sends again, slowly at first',
        params: brakeParams,
        body: brakeRelease,
        response: { 200: brakeReleased },
      },
    },
    (request) => {
      const { channel } = request.params;
      const { reason, provider } = request.body;
      const named = provider === undefined ? channel : `${channel}/${provider}`;
      return deps.recorder.change(request, { reason: withChannel(named, reason) }, async () => {
        const { changed } = await resume(deps, { channel, provider, actor: actorOf(request), reason });
        return { channel, released: changed };
      });
    },
  );
}

function addSwitch(app: ApiApp, deps: ApiDeps, pauses: boolean): void {
  app.post(
    pauses ? '/api/v1/pause' : '/api/v1/resume',
    {
      config: { permission, access: pauses ? 'pause' : 'resume' },
      schema: {
        tags,
        summary: pauses
          ? 'Pause the whole cluster: what is handed off is finished, nothing more is started'
          : 'End the pause',
        body: pauseRequest,
        response: { 200: pauseAnswer },
      },
    },
    (request) => {
      const { reason } = request.body;
      return deps.recorder.change(request, { reason }, async () => {
        const asked = { actor: actorOf(request), reason };
        const after = pauses ? await pause(deps, asked) : await resume(deps, asked);
        return { ...pauseOf(after), changed: after.changed };
      });
    },
  );
}

function withChannel(channel: string, reason: string | undefined): string {
  return reason === undefined ? channel : `${channel}: ${reason}`;
}
