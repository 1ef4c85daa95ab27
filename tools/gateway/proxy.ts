import type { ServerResponse } from 'node:http';
import { draw } from '../../src/providers/simulated/draw.ts';

/** A stretch of time, counted from when the gateway listens. */
export interface Stretch {
  readonly afterMs: number;
  /** Infinity: to the end. */
  readonly forMs: number;
}

export function isWithin({ afterMs, forMs }: Stretch, sinceMs: number): boolean {
  return sinceMs >= afterMs && sinceMs < afterMs + forMs;
}

export const proxyStatuses = [200, 400, 404, 502, 503, 504] as const;
export type ProxyStatus = (typeof proxyStatuses)[number];

/** A proxy or an ingress before the gateway, which answers for it, and says the same of everything. */
export interface ProxyOptions extends Stretch {
  readonly status: ProxyStatus;
  /** The share of requests that it answers, 0 to 1; the others come through. */
  readonly rate: number;
  /** The gateway gets the request all the same, as when a proxy gives up waiting for its answer. */
  readonly passesOn: boolean;
}

/** Which requests it answers depends on the seed and on how many came before. */
export function createProxyDraw(proxy: ProxyOptions | undefined, seed: number) {
  let requests = 0;
  return (sinceMs: number): ProxyOptions | undefined => {
    if (proxy === undefined || !isWithin(proxy, sinceMs)) return undefined;
    return draw(`proxy/${requests++}`, seed) < proxy.rate ? proxy : undefined;
  };
}

/** As ingress-nginx, nginx and a single sign-on before it say it. */
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
  const text = `<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center></body>\n</html>\n`;
  return { type: 'text/html', text };
}
