import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PreviewChoice, previewPage, readChoice } from './previewPage.ts';
import { contentOf, type PreviewView } from './previewView.ts';

/** Shows messages in a browser of this machine while their template is written. */
export interface PreviewServer {
  /** It contains a secret, so that other users of the machine cannot see a real bill. */
  readonly url: string;
  /** Makes open pages reload. */
  reload(): void;
  stop(): Promise<void>;
}

/** @param options.port 0 takes any that is free */
export async function startPreviewServer({
  port,
  view,
}: {
  readonly port: number;
  /** What is shown at the moment. */
  readonly view: () => PreviewView;
}): Promise<PreviewServer> {
  const secret = randomBytes(12).toString('base64url');
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (!isFromHere(request) || !pathname.startsWith(`/${secret}/`)) {
      return void response.writeHead(404).end();
    }
    const choice = readChoice(searchParams);
    switch (pathname.slice(secret.length + 2)) {
      case '':
        return sendPage(response, choice, view());
      case 'part':
        return sendPart(response, choice, view());
      case 'events':
        return listen(response, listeners);
      default:
        return void response.writeHead(404).end();
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/${secret}/`,
    reload: () => {
      for (const listener of listeners) listener.write('data: changed\n\n');
    },
    stop: async () => {
      for (const listener of listeners) listener.end();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const shared = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const pagePolicy = `${shared}; frame-src 'self'; connect-src 'self'; frame-ancestors 'none'`;
const messagePolicy = `sandbox; ${shared}; img-src data:; frame-ancestors 'self'`;

/** Only names of loopback are accepted: any site can point its own name at loopback (DNS rebinding). */
function isFromHere({ headers: { host = '' }, method }: IncomingMessage): boolean {
  return method === 'GET' && /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host);
}

function sendPage(response: ServerResponse, choice: PreviewChoice, view: PreviewView): void {
  const nonce = randomBytes(12).toString('base64url');
  send(response, {
    type: 'text/html; charset=utf-8',
    policy: `${pagePolicy}; script-src 'nonce-${nonce}'`,
    content: previewPage(view, choice, nonce),
  });
}

/** Sends a part of a message. It can run and load nothing, as in a careful mail program. */
function sendPart(response: ServerResponse, choice: PreviewChoice, view: PreviewView): void {
  const part = contentOf(view, choice);
  if (part === undefined) return void response.writeHead(404).end();
  send(response, {
    ...part,
    policy: messagePolicy,
  });
}

function send(
  response: ServerResponse,
  { type, policy, content }: { type: string; policy: string; content: string | Uint8Array },
): void {
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(content);
}

function listen(response: ServerResponse, listeners: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
}
