import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiApp } from '../apiApp.ts';
import { documentOf, Problem } from './problem.ts';
import { problemKinds } from './problemCodes.ts';
import { problemOf } from './problemOf.ts';
import type { RouteMethods } from './routeMethods.ts';

/** Answers every error, unknown address and wrong method by a problem document. */
export function replyWithProblems(app: ApiApp, methods: RouteMethods): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = request.is404 ? problemOfAddress(request, methods) : problemOf(error);
    return sendProblem(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(problemOfAddress(request, methods), request, reply));
}

function problemOfAddress({ url }: FastifyRequest, methods: RouteMethods): Problem {
  const allowed = methods.of(url);
  return allowed.length === 0
    ? new Problem('NOT_FOUND')
    : new Problem('METHOD_NOT_ALLOWED', '', { headers: { allow: allowed.join(', ') } });
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status } = problemKinds[problem.code];
  if (status >= 500) {
    request.log.error({ err: problem.cause ?? problem, requestId: request.id }, 'request failed');
  }
  return reply
    .code(status)
    .headers(problem.headers)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(documentOf(problem, request.id));
}
