import type { ServerResponse } from 'node:http';
import { draw } from '../../src/providers/simulated/draw.ts';

/** A period, counted from when the gateway listens. */
export interface Period {
  readonly afterMs: number;
  /** Infinity: until the gateway ends. */
  readonly forMs: number;
}

export function isWithin({ afterMs, forMs }: Period, sinceMs: number): boolean {
  return sinceMs >= afterMs && sinceMs < afterMs + forMs;
}

export const proxyStatuses = [200, 400, 404, 502, 503, 504] as const;
export type ProxyStatus = (typeof proxyStatuses)[number];

/** A proxy or ingress in front of the gateway that gives the same answer to every request. */
export interface ProxyOptions extends Period {
  readonly status: ProxyStatus;
  /** The share of requests that it answers, 0 to 1. The others reach the gateway. */
  readonly rate: number;
  /** The gateway also gets the request, as if the proxy gave up waiting for its answer. */
  readonly passesOn: boolean;
}

/** Which requests the proxy answers depends on the seed and on how many came before. */
export function createProxyDraw(proxy: ProxyOptions | undefined, seed: number) {
  let requests = 0;
  return (sinceMs: number): ProxyOptions | undefined => {
    if (proxy === undefined || !isWithin(proxy, sinceMs)) return undefined;
    return draw(`proxy/${requests++}`, seed) < proxy.rate ? proxy : undefined;
  };
}

/** The answers of ingress-nginx, of nginx and of a single sign-on. */
const bodies: Readonly<Record<ProxyStatus, { readonly type: string; readonly text: string }>> = {
  200: { type: 'text/html', text: '<html><head><title>Sign in</title></head><body>Sign in</body></html>\n' },
  400: page('400 Bad Request'),
  404: { type: 'text/plain', text: 'default backend - 404' },
  502: page('502 Bad Gateway'),
  503: page('503 Service Temporarily Unavailable'),
  504: page('504 Gateway Time-out'),
};

export function replyAsProxy(response: ServerResponse, { status }: ProxyOptions): void {
  const { type, text } = bodies[status];
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function page(title: string) {
  const body = `<body><center><h1>${title}</h1></center></body>`;
  const text = `<html>\n<head><title>${title}</title></head>\n${body}\n</html>\n`;
  return { type: 'text/html', text };
}
