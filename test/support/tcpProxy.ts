import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../tools/bench/system/freePort.ts';

/** A port that refuses connections until it is opened, and then leads to another one. */
export interface TcpProxy {
  readonly port: number;
  /** Connections are taken from now on. */
  open(): Promise<void>;
  /** Cuts every connection and refuses new ones. */
  close(): Promise<void>;
  /** From now on it takes connections and passes nothing on, like a network that is gone. */
  stall(): void;
  /** Passes on what has come in the meantime, and all that comes later. */
  flow(): void;
  /** How many connections of clients are open now. */
  connections(): number;
}

/** A proxy to `target`, closed at first, on a port that was free a moment ago. */
export async function createTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const pairs = new Map<Socket, Socket>();
  let stalls = false;
  let server: Server | undefined;
  const relayTo = (client: Socket): void => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        pairs.delete(client);
        client.destroy();
        upstream.destroy();
      });
    }
    pairs.set(client, upstream);
    upstream.pipe(client);
    if (!stalls) client.pipe(upstream);
  };
  const port = await freePort();
  return {
    port,
    async open() {
      server = createServer(relayTo).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async close() {
      if (server === undefined) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      server = undefined;
    },
    stall() {
      stalls = true;
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream);
        client.pause();
      }
    },
    flow() {
      stalls = false;
      for (const [client, upstream] of pairs) client.pipe(upstream);
    },
    connections: () => pairs.size,
  };
}
