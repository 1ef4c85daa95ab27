import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { liveEvent } from '../contract/streamContract.ts';
import { LiveStream } from '../live/liveStream.ts';
import { Problem } from '../problems/problem.ts';

const mostViewers = 500;

const events = {
  description:
    'Server-sent events: `snapshot` with all numbers, then `delta` with what changed, as a JSON merge patch; see the type Live',
  content: { 'text/event-stream': { schema: liveEvent } },
};

/** All live numbers in one stream. */
export function addStreamRoute(app: ApiApp, { live, log }: ApiDeps): void {
  const stream = new LiveStream(live, log);
  app.addHook('preClose', async () => stream.stop());
  app.get(
    '/api/v1/stream',
    {
      config: { permission: 'read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['numbers'],
        summary: 'All live numbers, as they change',
        response: { 200: events },
      },
    },
    async (_, reply) => {
      if (stream.viewers >= mostViewers) throw new Problem('TOO_MANY_REQUESTS', 'Too many streams are open.');
      // Read before the answer begins, so that a database that is away gives a problem document and not a
      // broken stream.
      await live.readOrLast();
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-accel-buffering': 'no',
      });
      await stream.add(reply.raw);
    },
  );
}
