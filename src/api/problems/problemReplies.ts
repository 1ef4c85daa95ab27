import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../log/log.ts';
import { messageOf } from '../../log/outage.ts';
import { createThrottledLog } from '../../log/throttledLog.ts';
import type { ApiApp } from '../apiApp.ts';
import { documentOf, Problem } from './problem.ts';
import { type ProblemCode, problemKinds } from './problemCodes.ts';
import { problemOf } from './problemOf.ts';
import type { RouteMethods } from './routeMethods.ts';

/** What may happen to thousands of requests at once: these are logged once per minute, with a count. */
const crowdMessages: Readonly<Partial<Record<ProblemCode, string>>> = {
  DATABASE_AWAY: 'requests refused: the database does not answer',
  KAFKA_AWAY: 'requests refused: Kafka does not answer',
  NOT_IN_TIME: 'requests refused: they took too long',
};
const crowdEveryMs = 60_000;

/** Answers every error, unknown address and wrong method by a problem document. */
export function replyWithProblems(app: ApiApp, methods: RouteMethods, log: Logger): void {
  const crowdLog = createThrottledLog(log, crowdEveryMs);
  const reply: Reply = (problem, request, answer) => {
    const { code, cause = problem } = problem;
    const crowdMessage = crowdMessages[code];
    if (crowdMessage !== undefined) {
      const route = request.routeOptions.url ?? null;
      crowdLog.warn(crowdMessage, { route, requestId: request.id, why: messageOf(cause) });
    } else if (problemKinds[code].status >= 500) {
      request.log.error({ err: cause, requestId: request.id }, 'request failed');
    }
    return sendProblem(problem, request, answer);
  };
  app.addHook('onClose', async () => crowdLog.flush());
  // `GET /api/v1/bills/search` asks for no bill of this name.
  app.addHook('onRequest', async (request) => {
    const { method, url, routeOptions } = request;
    if (routeOptions.url?.includes(':') && !methods.of(url).includes(method)) {
      throw problemOfAddress(request, methods);
    }
  });
  app.setErrorHandler((error, request, answer) =>
    reply(request.is404 ? problemOfAddress(request, methods) : problemOf(error), request, answer),
  );
  app.setNotFoundHandler((request, answer) => reply(problemOfAddress(request, methods), request, answer));
}

type Reply = (problem: Problem, request: FastifyRequest, answer: FastifyReply) => FastifyReply;

function problemOfAddress({ url }: FastifyRequest, methods: RouteMethods): Problem {
  const allowed = methods.of(url);
  return allowed.length === 0
    ? new Problem('NOT_FOUND')
    : new Problem('METHOD_NOT_ALLOWED', '', { headers: { allow: allowed.join(', ') } });
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(problemKinds[problem.code].status)
    .headers(problem.headers)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(documentOf(problem, request.id));
}
