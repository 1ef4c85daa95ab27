import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import type { Logger } from '../log/log.ts';

/** Prints the metrics, such as prom-client's registry. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface MetricsServer {
  /** The `host:port` at which others reach it; undefined if it could not listen. */
  readonly address: string | undefined;
  /** May be called twice. */
  stop(): Promise<void>;
}

export interface MetricsServerOptions {
  readonly host: string;
  /** If the port is taken, the next free one above it is used; 0: no metrics. */
  readonly port: number;
  readonly log: Logger;
}

/** Ports to try: during a reload the old and the new process of an instance run side by side. */
const portsTried = 200;

/** Serves `/metrics`. It never fails a start: a process without metrics is better than none. */
export async function openMetricsServer(
  source: MetricsSource,
  { host, port, log }: MetricsServerOptions,
): Promise<MetricsServer> {
  if (port === 0) return { address: undefined, stop: async () => undefined };
  const server = createServer((request, response) => {
    const isMetrics =
      request.method === 'GET' && new URL(request.url ?? '/', 'http://x').pathname === '/metrics';
    if (!isMetrics) {
      response.writeHead(404).end();
      return;
    }
    source.metrics().then(
      (text) => response.writeHead(200, { 'content-type': source.contentType }).end(text),
      (error: unknown) => {
        log.error({ err: error }, 'metrics cannot be read');
        response.writeHead(500).end();
      },
    );
  });
  server.requestTimeout = 5_000;
  const opened = await listenFrom(server, host, port).catch((error: unknown) => {
    log.warn({ err: error, host, port }, 'metrics are not served: no port could be opened');
    return undefined;
  });
  const address = opened === undefined ? undefined : `${reachableHost(host)}:${opened}`;
  if (address !== undefined) log.info({ address }, 'metrics listen');
  return {
    address,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listenFrom(server: Server, host: string, first: number): Promise<number> {
  for (let port = first; ; port++) {
    try {
      await listen(server, host, port);
      return port;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || port + 1 >= first + portsTried || port >= 65_535) throw error;
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Exclusive, because in pm2's cluster mode all instances would share the port.
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** `0.0.0.0` and `::` listen on all addresses, but nobody can connect to them. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname();
  return host.includes(':') ? `[${host}]` : host;
}
