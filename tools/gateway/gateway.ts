import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Acceptances, openAcceptances } from './acceptances.ts';
import { type DownTime, openDoor } from './downTime.ts';
import { delayMsOf, drawFault, type FaultRates, type InjectedFault, type Slowness } from './injectedFault.ts';
import { createProxyDraw, isWithin, type ProxyOptions, replyAsProxy, type Stretch } from './proxy.ts';
import { readSubmission, type Submission } from './submission.ts';
import { createTokenBucket, type TokenBucket } from './tokenBucket.ts';

export interface GatewayOptions {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  readonly ledgerFile: string;
  /** Of the faults; the same seed and the same requests, the same fates. */
  readonly seed: number;
  readonly rates: FaultRates;
  /** When the faults befall requests. */
  readonly faultTime: Stretch;
  readonly slowness: Slowness;
  /** A key that was accepted is accepted once: a second request gets the same answer and no second line. */
  readonly deduplicate: boolean;
  /** 412 for what comes after its Send-Before. */
  readonly honourSendBefore: boolean;
  /** `lagging`: an acceptance can be found after `lagMs` only. */
  readonly lookup: 'yes' | 'no' | 'lagging';
  readonly lagMs: number;
  readonly retryAfterS: number;
  /** Messages that it takes in a second, 429 to those above; undefined: as many as come. */
  readonly perSecond: number | undefined;
  /** Without it nothing is taken, where it is set. */
  readonly token: string | undefined;
  readonly downTime: DownTime | undefined;
  readonly proxy: ProxyOptions | undefined;
}

export interface Gateway {
  readonly port: number;
  /** Cuts every connection; complete when it resolves. */
  close(): Promise<void>;
}

/**
 * A provider of its own process, which speaks the gateway protocol at any path and for both channels. An acceptance
 * is in the ledger before it is answered, and is made also when the asker has gone meanwhile.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const acceptances = await openAcceptances(options.ledgerFile);
  const server = createServer({ keepAliveTimeout: keepAliveMs });
  const door = await openDoor(server, options);
  const bucket = createTokenBucket(options.perSecond);
  const proxyFor = createProxyDraw(options.proxy, options.seed);
  const openedAtMs = performance.now();
  server.on('request', (request, response) => {
    const sinceMs = performance.now() - openedAtMs;
    const desk = { options, acceptances, bucket, sinceMs, proxy: proxyFor(sinceMs), life: door.life() };
    answer(desk, request, response).catch(() => response.destroy());
  });
  return {
    port: door.port,
    async close() {
      await door.close();
      acceptances.close();
    },
  };
}

const keepAliveMs = 60_000;

interface Desk {
  readonly options: GatewayOptions;
  readonly acceptances: Acceptances;
  readonly bucket: TokenBucket;
  /** How long the gateway has been there when the request came. */
  readonly sinceMs: number;
  /** The proxy that answers this request, if one does. */
  readonly proxy: ProxyOptions | undefined;
  /** Aborted when the gateway goes down: it has forgotten the request then. */
  readonly life: AbortSignal;
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { token } = desk.options;
  if (desk.proxy !== undefined) {
    await answerAsProxy(desk, desk.proxy, { request, response });
  } else if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
    request.resume();
    reply(response, 401, { error: 'wrong token' });
  } else if (request.method === 'POST') {
    await answerPost(desk, request, response);
  } else if (request.method === 'GET' && desk.options.lookup !== 'no') {
    answerLookup(desk, request, response);
  } else {
    request.resume();
    reply(response, 405, { error: 'not known here' });
  }
}

async function answerAsProxy(
  desk: Desk,
  proxy: ProxyOptions,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const submission = request.method === 'POST' && proxy.passesOn ? await readSubmission(request) : undefined;
  if (submission === undefined) request.resume();
  else if (!('error' in submission)) await accept(desk, submission);
  replyAsProxy(response, proxy);
}

async function answerPost(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options, acceptances } = desk;
  const submission = await readSubmission(request);
  if ('error' in submission) {
    reply(response, submission.status, { error: submission.error });
    return;
  }
  if (options.honourSendBefore && Date.now() > (submission.sendBefore ?? Number.POSITIVE_INFINITY)) {
    reply(response, 412, { error: 'too late' });
    return;
  }
  if (!desk.bucket.take(performance.now())) {
    replyTooMany(response, options);
    return;
  }
  const { key } = submission;
  const attempt = { key, number: acceptances.attempt(key), seed: options.seed };
  const delayMs = delayMsOf(attempt, options.slowness);
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: desk.life });
  desk.life.throwIfAborted();
  const fault = isWithin(options.faultTime, desk.sinceMs) ? drawFault(attempt, options.rates) : undefined;
  await suffer(desk, fault, { submission, response });
}

/** Accepts the message or not, and answers or not, as the fault demands. */
async function suffer(
  desk: Desk,
  fault: InjectedFault | undefined,
  { submission, response }: { submission: Submission; response: ServerResponse },
): Promise<void> {
  const accepted = (): Promise<boolean> => accept(desk, submission);
  switch (fault) {
    case undefined:
      return replyToAcceptance(response, submission, await accepted());
    case 'refuse':
      if (desk.options.deduplicate && desk.acceptances.has(submission.key)) {
        return replyToAcceptance(response, submission, true);
      }
      return reply(response, 422, { error: 'refused' });
    case 'tooMany':
      return replyTooMany(response, desk.options);
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
    case 'hang':
      await accepted();
      return;
    default:
      return fault satisfies never;
  }
}

/** Whether the message is in the ledger; it is not when the disk is full. */
async function accept({ options, acceptances }: Desk, submission: Submission): Promise<boolean> {
  if (options.deduplicate && acceptances.has(submission.key)) return true;
  try {
    await acceptances.accept(submission);
    return true;
  } catch {
    return false;
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

/** With the key, or it could be a proxy's word. */
function replyNotTaken(response: ServerResponse, key: string): void {
  reply(response, 503, { key, status: 'not taken' });
}

function answerLookup({ options, acceptances }: Desk, request: IncomingMessage, response: ServerResponse) {
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
