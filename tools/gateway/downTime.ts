import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** When the gateway is as a process that is gone: it refuses connections, and what was under way breaks. */
export interface DownTime {
  /** How long after it listens. */
  readonly afterMs: number;
  readonly forMs: number;
}

/** A server that listens, but for its down-time. */
export interface Door {
  readonly port: number;
  /** Aborts when the door shuts on the requests that came through it; there is a new one after each down-time. */
  life(): AbortSignal;
  /** Cuts every connection; complete when it resolves. */
  close(): Promise<void>;
}

/** Listens; a down-time takes the server off its port once and puts it back there. */
export async function openDoor(
  server: Server,
  { host, port, downTime }: { host: string; port: number; downTime: DownTime | undefined },
): Promise<Door> {
  let life = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  server.listen(port, host);
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;

  const shut = async (): Promise<void> => {
    life.abort();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const goDown = (forMs: number): void => {
    void shut();
    timer = setTimeout(comeBack, forMs);
  };
  // Where another program took the port meanwhile, the server's error ends the process.
  const comeBack = (): void => {
    life = new AbortController();
    server.listen(taken, host);
  };

  if (downTime !== undefined) timer = setTimeout(goDown, downTime.afterMs, downTime.forMs);
  return {
    port: taken,
    life: () => life.signal,
    close() {
      clearTimeout(timer);
      return shut();
    },
  };
}
