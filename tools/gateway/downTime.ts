import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/**
 * When the gateway is down: it refuses connections and breaks running requests, as if its process had ended.
 */
export interface DownTime {
  /** Counted from when it listens. */
  readonly afterMs: number;
  readonly forMs: number;
}

/** A server that listens, except during its down time. */
export interface Listener {
  readonly port: number;
  /**
   * Aborts when the server goes down, for the requests that came before. There is a new one after each down
   * time.
   */
  life(): AbortSignal;
  /** Cuts every connection; complete when it resolves. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly downTime: DownTime | undefined;
  /** Cuts the connections of the server. */
  readonly cutAll: () => void;
}

/** Listens. During the down time, of which there is one at most, nobody listens on the port. */
export async function listenWithDownTime(
  server: Server,
  { host, port, downTime, cutAll }: ListenOptions,
): Promise<Listener> {
  let life = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  server.listen(port, host);
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;

  const shut = async (): Promise<void> => {
    life.abort();
    const closed = once(server, 'close');
    server.close();
    cutAll();
    await closed;
  };
  const goDown = async (forMs: number): Promise<void> => {
    await shut();
    if (!isClosed) timer = setTimeout(comeBack, forMs);
  };
  // If another program took the port meanwhile, the server's error ends the process.
  const comeBack = (): void => {
    life = new AbortController();
    server.listen(taken, host);
  };

  if (downTime !== undefined) {
    const { afterMs, forMs } = downTime;
    timer = setTimeout(() => goDown(forMs).catch((error) => server.emit('error', error)), afterMs);
  }
  return {
    port: taken,
    life: () => life.signal,
    close() {
      isClosed = true;
      clearTimeout(timer);
      return shut();
    },
  };
}
