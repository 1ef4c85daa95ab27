import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Channel } from '../../../src/channels.ts';
import { bytesOf, listen } from '../httpServer.ts';

/** A request as a provider reads it. */
export interface Received {
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as bytes, also if it is no text. */
  readonly bytes: Buffer<ArrayBuffer>;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message as a provider reads it. The tests write its key into its text. */
export interface Submitted {
  readonly key: string;
  readonly to: string;
  readonly isBad: boolean;
  /** The files that came with it. */
  readonly files?: readonly SubmittedFile[];
}

export interface SubmittedFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** How one provider's API behaves, written from its public documents and not from our mapping. */
export interface StandIn {
  /** The name of the mapping. */
  readonly provider: string;
  readonly channel: Channel;
  readonly settings: Readonly<Record<string, string>>;
  /** Each message has a file with it. */
  readonly sendsFiles?: boolean;
  /** The setting that names its address. */
  readonly urlSetting: string;
  readonly goodTo: (index: number) => string;
  readonly badTo: string;
  /** The messages of a request, or the reply to one that is wrong. */
  read(request: Received): readonly Submitted[] | Reply | Promise<readonly Submitted[] | Reply>;
  /** The messages of these that it takes. */
  takes(messages: readonly Submitted[], request: Received): readonly Submitted[];
  replyTo(messages: readonly Submitted[], taken: readonly Submitted[], request: Received): Reply;
  readonly tooMany: Reply;
  readonly unauthorised: Reply;
  readonly failed: Reply;
  /** Answers a look-up; undefined if it is none. */
  find?(request: Received, isAccepted: (key: string) => boolean): Reply | undefined;
}

/** What happens to one request. */
export type Fault =
  | 'none'
  | 'tooMany'
  | 'unauthorised'
  /** The provider's own 5xx, before or after it took the messages. */
  | 'failsBefore'
  | 'failsAfter'
  /** The connection breaks before it reads, or after it took the messages. */
  | 'cutBefore'
  | 'cutAfter'
  /** It took the messages, and its answer stops in the middle of the JSON. */
  | 'halfAnswer'
  /** It took the messages, and a proxy answers in its place. */
  | 'proxy200'
  | 'proxy502'
  | 'proxy503'
  | 'emptyOk'
  /** A proxy does not pass it on. */
  | 'proxy404';

export interface RunningStandIn {
  readonly url: string;
  /** Acceptances by key. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly requests: readonly Received[];
  /** What it took, the last one last. */
  readonly taken: readonly Submitted[];
  /** Plans the faults of the next requests, in turn. After them there are none. */
  plan(faults: readonly Fault[]): void;
}

export async function runStandIn(standIn: StandIn): Promise<RunningStandIn> {
  const accepted = new Map<string, number>();
  const requests: Received[] = [];
  const all: Submitted[] = [];
  let planned: Fault[] = [];
  const replyFor = (fault: Fault, received: Received): Reply | undefined => {
    const early = repliesBefore(standIn)[fault];
    return early === undefined && received.method === 'GET'
      ? standIn.find?.(received, (key) => accepted.has(key))
      : early;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = planned.shift() ?? 'none';
    if (fault === 'cutBefore') {
      request.socket.destroy();
      return;
    }
    const received = await receive(request);
    if (fault !== 'proxy404') requests.push(received);
    const early = replyFor(fault, received);
    if (early !== undefined) {
      send(response, early);
      return;
    }
    const messages = await standIn.read(received);
    if ('status' in messages) {
      answerAfter(fault, response, { standIn, reply: messages });
      return;
    }
    const taken = standIn.takes(messages, received);
    for (const { key } of taken) accepted.set(key, (accepted.get(key) ?? 0) + 1);
    all.push(...taken);
    answerAfter(fault, response, { standIn, reply: standIn.replyTo(messages, taken, received) });
  };
  const { port } = await listen(
    createServer((request, response) => {
      handle(request, response).catch((error: unknown) =>
        send(response, { status: 599, body: String(error) }),
      );
    }),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    accepted,
    requests,
    taken: all,
    plan: (faults) => {
      planned = [...faults];
    },
  };
}

async function receive(request: IncomingMessage): Promise<Received> {
  const { method = '', url: path = '', headers } = request;
  const bytes = await bytesOf(request);
  return { method, path, headers, body: bytes.toString(), bytes };
}

/** Replies without a look at the messages. */
function repliesBefore({ tooMany, unauthorised, failed }: StandIn): Partial<Record<Fault, Reply>> {
  return { tooMany, unauthorised, failsBefore: failed, proxy404: page(404, 'default backend') };
}

function answerAfter(
  fault: Fault,
  response: ServerResponse,
  { standIn, reply }: { readonly standIn: StandIn; readonly reply: Reply },
): void {
  switch (fault) {
    case 'cutAfter':
      response.destroy();
      break;
    case 'halfAnswer': {
      const text = JSON.stringify(reply.body ?? {});
      response.writeHead(reply.status).end(text.slice(0, text.length >> 1));
      break;
    }
    case 'failsAfter':
      send(response, standIn.failed);
      break;
    case 'proxy200':
      send(response, page(200, 'Sign in'));
      break;
    case 'proxy502':
      send(response, page(502, '502 Bad Gateway'));
      break;
    case 'proxy503':
      send(response, page(503, '503 Service Unavailable'));
      break;
    case 'emptyOk':
      send(response, { status: 200 });
      break;
    default:
      send(response, reply);
  }
}

/** HTML, as a proxy answers. */
function page(status: number, title: string): Reply {
  return { status, headers: { 'content-type': 'text/html' }, body: `<html><title>${title}</title></html>` };
}

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  const isPage = headers['content-type'] === 'text/html';
  response.end(body === undefined || isPage ? body : JSON.stringify(body));
}

/** The key that a test has written into a message. */
export function keyIn(text: string): string {
  return /key=(\S+?);/.exec(text)?.[1] ?? 'no key';
}
