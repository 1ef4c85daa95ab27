import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Listener, listenWithDownTime } from './downTime.ts';
import type { GatewayOptions } from './gatewayOptions.ts';
import type { InjectedFault } from './injectedFault.ts';
import { createProxyDraw, type ProxyOptions, replyAsProxy } from './proxy.ts';
import { accept, fateOf, type Reception } from './reception.ts';
import { readSubmission, type Submission } from './submission.ts';

const keepAliveMs = 60_000;

/** Its side that speaks the gateway protocol of docs/GATEWAY.md. */
export async function openHttpGateway(reception: Reception, port: number): Promise<Listener> {
  const { options } = reception;
  const server = createServer({ keepAliveTimeout: keepAliveMs });
  const listener = await listenWithDownTime(server, {
    ...options,
    port,
    cutAll: () => server.closeAllConnections(),
  });
  const proxyFor = createProxyDraw(options.proxy, options.seed);
  server.on('request', (request, response) => {
    const proxy = proxyFor(performance.now() - reception.openedAtMs);
    const context = { ...reception, proxy, life: listener.life() };
    answer(context, request, response).catch(() => response.destroy());
  });
  return listener;
}

interface RequestContext extends Reception {
  /** Set if a proxy answers this request. */
  readonly proxy: ProxyOptions | undefined;
  /** Aborted when the gateway goes down, which forgets the request. */
  readonly life: AbortSignal;
}

async function answer(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { token } = context.options;
  if (context.proxy !== undefined) {
    await answerAsProxy(context, context.proxy, { request, response });
  } else if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
    request.resume();
    reply(response, 401, { error: 'wrong token' });
  } else if (request.method === 'POST') {
    await answerPost(context, request, response);
  } else if (request.method === 'GET' && context.options.lookup !== 'no') {
    answerLookup(context, request, response);
  } else {
    request.resume();
    reply(response, 405, { error: 'not known here' });
  }
}

async function answerAsProxy(
  context: RequestContext,
  proxy: ProxyOptions,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const submission = request.method === 'POST' && proxy.passesOn ? await readSubmission(request) : undefined;
  if (submission === undefined) request.resume();
  else if (!('error' in submission)) await accept(context, submission);
  replyAsProxy(response, proxy);
}

async function answerPost(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { options } = context;
  const submission = await readSubmission(request);
  if ('error' in submission) {
    reply(response, submission.status, { error: submission.error });
    return;
  }
  if (options.honourSendBefore && Date.now() > (submission.sendBefore ?? Number.POSITIVE_INFINITY)) {
    reply(response, 412, { error: 'too late' });
    return;
  }
  if (!context.bucket.take(performance.now())) {
    replyTooMany(response, options);
    return;
  }
  const { delayMs, fault } = fateOf(context, submission.key);
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: context.life });
  context.life.throwIfAborted();
  await applyFault(context, fault, { submission, response });
}

/** Accepts and answers, or does not, as the fault says. */
async function applyFault(
  context: RequestContext,
  fault: InjectedFault | undefined,
  { submission, response }: { submission: Submission; response: ServerResponse },
): Promise<void> {
  const accepted = (): Promise<boolean> => accept(context, submission);
  switch (fault) {
    case undefined:
      return replyToAcceptance(response, submission, await accepted());
    case 'refuse':
      if (context.options.deduplicate && context.acceptances.has(submission.key)) {
        return replyToAcceptance(response, submission, true);
      }
      return reply(response, 422, { error: 'refused' });
    case 'tooMany':
      return replyTooMany(response, context.options);
    case 'outOfCredit':
      return reply(response, 402, { error: 'no credit left' });
    case 'unavailable':
      return replyNotTaken(response, submission.key);
    case 'failBefore':
      return reply(response, 500, { error: 'failed' });
    case 'failAfter':
      await accepted();
      return reply(response, 500, { error: 'failed' });
    case 'break':
      await accepted();
      response.destroy();
      return;
    case 'breakBefore':
      response.destroy();
      return;
    case 'hang':
      await accepted();
      return;
    default:
      return fault satisfies never;
  }
}

function replyToAcceptance(response: ServerResponse, { key }: Submission, accepted: boolean): void {
  if (accepted) reply(response, 200, { key, id: idOf(key) });
  else replyNotTaken(response, key);
}

function replyTooMany(response: ServerResponse, { retryAfterS }: GatewayOptions): void {
  response.setHeader('retry-after', retryAfterS);
  reply(response, 429, { error: 'too many' });
}

/** With the key, so that it cannot be a proxy's answer. */
function replyNotTaken(response: ServerResponse, key: string): void {
  reply(response, 503, { key, status: 'not taken' });
}

function answerLookup(
  { options, acceptances }: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://gateway');
  const key = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
  const acceptedAt = acceptances.acceptedAt(key)?.getTime();
  const lagMs = options.lookup === 'lagging' ? options.lagMs : 0;
  const isKnown = acceptedAt !== undefined && acceptedAt + lagMs <= Date.now();
  if (isKnown) reply(response, 200, { key, id: idOf(key) });
  else reply(response, 404, { key, status: 'not seen' });
}

function idOf(key: string): string {
  return `gateway-${key}`;
}

function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
