import type { ApiApp } from './apiApp.ts';

/** Logs one line per request, with the pattern of its route: the path or the query may contain anything. */
export function addRequestLog(app: ApiApp): void {
  app.addHook('onResponse', async (request, reply) => {
    const facts = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      who: request.identity?.name ?? null,
    };
    if (isRead(request.method) && reply.statusCode < 400) request.log.debug(facts, 'request');
    else request.log.info(facts, 'request');
  });
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
