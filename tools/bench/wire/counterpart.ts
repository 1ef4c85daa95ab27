import type { Server } from 'node:net';

/**
 * Listens on a free port, and says `{ port }`. At SIGTERM it says how many connections were made and how many
 * were open at a time, and ends.
 */
export function serveCounterpart(server: Server): void {
  let made = 0;
  let open = 0;
  let connections = 0;
  server.on('connection', (socket) => {
    made++;
    open++;
    connections = Math.max(connections, open);
    socket.on('error', () => undefined);
    socket.on('close', () => open--);
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
  });
  process.once('SIGTERM', () => process.send?.({ connections, made }, () => process.exit()));
}

/** Runs what it is given after the delay, with one timer for all of one turn of the event loop. */
export function createDelay(delayMs: number): (run: () => void) => void {
  let together: (() => void)[] | undefined;
  return (run) => {
    if (delayMs === 0) {
      run();
      return;
    }
    if (together === undefined) {
      const due: (() => void)[] = [];
      together = due;
      setTimeout(() => {
        for (const each of due) each();
      }, delayMs);
      setImmediate(() => {
        together = undefined;
      });
    }
    together.push(run);
  };
}
