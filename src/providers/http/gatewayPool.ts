import { ConnectionList } from './connectionList.ts';
import { type ConnectionSettings, createConnector } from './connector.ts';
import type { HttpOutcome, HttpRequest } from './exchange.ts';
import { proxyAuthorization } from './proxyTunnel.ts';
import { StreamList } from './streamList.ts';

export interface GatewayPoolOptions {
  /** The gateway's URL; only its origin is used. */
  readonly url: URL;
  /** The most connections, each with one request at a time. By HTTP/2 the most requests at a time. */
  readonly connections: number;
  /** The longest that making a connection may take. */
  readonly connectTimeoutMs: number;
  /** How long a connection may be idle before it is closed; 0: one request per connection. */
  readonly keepAliveMs: number;
  readonly settings: ConnectionSettings;
}

/** Connections to one gateway. */
export interface GatewayPool {
  exchange(request: HttpRequest): Promise<HttpOutcome>;
  /** Opens connections that are missing for so many requests, which come soon. */
  prepare(requests: number): void;
  /** Breaks off the running requests. */
  destroy(): Promise<void>;
}

/** Makes a pool by HTTP/1.1, or by HTTP/2 if the settings say so. Each request brings its own time limit. */
export function createGatewayPool(options: GatewayPoolOptions): GatewayPool {
  if (options.settings.version !== '2') return createConnectionList(options);
  const { url, connections, connectTimeoutMs, keepAliveMs, settings } = options;
  return new StreamList({
    origin: new URL(url.origin),
    atOnce: connections,
    connect: createConnector(settings, connectTimeoutMs),
    connectTimeoutMs,
    keepAliveMs,
  });
}

/**
 * One request at a time per connection, so that a broken connection leaves only one bill in doubt. For an
 * https gateway, a proxy is asked for a tunnel; for an http one, the request goes to the proxy itself.
 */
function createConnectionList(options: GatewayPoolOptions): GatewayPool {
  const { url, connections, connectTimeoutMs, keepAliveMs, settings } = options;
  const proxy = settings.proxyUrl === undefined ? undefined : new URL(settings.proxyUrl);
  const forwards = proxy !== undefined && url.protocol === 'http:';
  const list = new ConnectionList({
    origin: new URL((forwards ? proxy : url).origin),
    connections,
    keepAliveMs,
    connect: createConnector(settings, connectTimeoutMs),
  });
  return {
    exchange: (request) => list.exchange(forwards ? forwarded(request, url, proxy) : request),
    prepare: (requests) => list.prepare(requests),
    destroy: () => list.destroy(),
  };
}

function forwarded(request: HttpRequest, { origin, host }: URL, proxy: URL): HttpRequest {
  return {
    ...request,
    path: `${origin}${request.path}`,
    headers: { ...request.headers, ...proxyAuthorization(proxy), host },
  };
}
