import { connect as connectTcp, type Socket } from 'node:net';
import { buildConnector, errors } from 'undici';
import { type Certificates, secureContextOf } from '../secureContexts.ts';
import { openTunnel } from './proxyTunnel.ts';

/**
 * How gateways are reached: `HTTP_CA_FILE`, `HTTP_CERT_FILE`, `HTTP_KEY_FILE`, `HTTP_PROXY_URL`,
 * `HTTP_VERSION`.
 */
export interface ConnectionSettings extends Certificates {
  readonly proxyUrl?: string | undefined;
  /** `HTTP_VERSION`; default 1.1. */
  readonly version?: HttpVersion | undefined;
}

export type HttpVersion = '1.1' | '2';

/**
 * Opens connections to gateways: TCP, through the proxy if there is one, then TLS, all within the time limit.
 * If a request is given up halfway, its connection is reset, so that the kernel drops what is left to send: a
 * bill that is in doubt must not arrive minutes later, when the network works again.
 */
export function createConnector(settings: ConnectionSettings, timeLimitMs: number): buildConnector.connector {
  const secureContext = secureContextOf(settings);
  const secure = buildConnector({
    ...(secureContext === undefined ? {} : { secureContext }),
    timeout: timeLimitMs,
    allowH2: settings.version === '2',
    preferH2: true,
  });
  return (options, callback) => {
    const attempt = new Attempt(options, timeLimitMs, callback);
    const opened =
      settings.proxyUrl === undefined || options.protocol !== 'https:'
        ? attempt.dial({ host: options.hostname, port: portOf(options) })
        : openTunnel(new URL(settings.proxyUrl), {
            to: `${bracketed(options.hostname)}:${portOf(options)}`,
            dial: (target) => attempt.dial(target),
          });
    opened.then(
      (stream) => {
        if (options.protocol !== 'https:') {
          attempt.succeed(stream);
        } else {
          secure({ ...options, httpSocket: stream }, (error, socket) =>
            error === null ? attempt.succeed(socket) : attempt.fail(error),
          );
        }
      },
      (error: Error) => attempt.fail(error),
    );
  };
}

type Options = buildConnector.Options;

/** One try to connect. It ends with success, a fault or its time limit, whichever comes first. */
class Attempt {
  readonly #callback: buildConnector.Callback;
  readonly #timer: NodeJS.Timeout;
  #tcp: Socket | undefined;
  #isOver = false;

  constructor({ host }: Options, timeLimitMs: number, callback: buildConnector.Callback) {
    this.#callback = callback;
    this.#timer = setTimeout(
      () => this.fail(new errors.ConnectTimeoutError(`no connection to ${host} within ${timeLimitMs} ms`)),
      timeLimitMs,
    );
  }

  /** Opens the TCP connection. */
  dial({ host, port }: { host: string; port: number }): Promise<Socket> {
    const tcp = connectTcp({ host, port });
    this.#tcp = tcp;
    tcp.setNoDelay(true).setKeepAlive(true, tcpProbeAfterMs);
    return new Promise((resolve, reject) => {
      tcp.once('connect', () => resolve(tcp));
      // This listener stays, because an error without a listener would end the process.
      tcp.on('error', reject);
    });
  }

  succeed(socket: Socket): void {
    if (!this.#end()) {
      socket.destroy();
      return;
    }
    if (this.#tcp !== undefined) watch(socket, this.#tcp);
    this.#callback(null, socket);
  }

  fail(error: Error): void {
    this.#tcp?.destroy();
    if (this.#end()) this.#callback(error, null);
  }

  #end(): boolean {
    const wasOver = this.#isOver;
    this.#isOver = true;
    clearTimeout(this.#timer);
    return !wasOver;
  }
}

const tcpProbeAfterMs = 60_000;

function portOf({ port, protocol }: Options): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function bracketed(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}

/**
 * Resets the connection if a request on it is given up, and ends it at its first fault: after a TLS alert,
 * later faults only say that the other side closed.
 * @param socket the socket that requests are written to
 * @param tcp the TCP socket beneath it
 */
function watch(socket: Socket, tcp: Socket): void {
  let fault: Error | undefined;
  socket.once('error', (error: Error) => {
    fault = error;
  });
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    if (error instanceof errors.ClientDestroyedError) tcp.resetAndDestroy();
    return destroy(error === undefined ? undefined : (fault ?? error));
  };
}
