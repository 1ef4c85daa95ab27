import { connect } from 'node:net';
import type { ClientBase } from 'pg';

const cancelCode = 80_877_102;
const limitMs = 5_000;

/**
 * Asks the server to cancel the statement of a session that we give up: otherwise a statement that waits for
 * a lock would stay there, one more per try. Nobody waits for the result, and none is guaranteed (PostgreSQL
 * manual, 54.2.9 Canceling Requests in Progress).
 */
export function requestCancel(client: ClientBase): void {
  const { host, port } = client as ClientBase & { host?: string; port?: number };
  const [processId, secretKey]: unknown[] = [
    Reflect.get(client, 'processID'),
    Reflect.get(client, 'secretKey'),
  ];
  if (typeof processId !== 'number' || typeof secretKey !== 'number' || host === undefined) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelCode, 4);
  message.writeInt32BE(processId, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/')
    ? connect(`${host}/.s.PGSQL.${port}`)
    : connect({ host, port: port ?? 5432 });
  socket.setTimeout(limitMs, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.end(message);
  socket.unref();
}
