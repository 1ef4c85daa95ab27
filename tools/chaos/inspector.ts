import { createInterface } from 'node:readline';
import { z } from 'zod';
import { within } from '../../src/lib/timeLimit.ts';
import type { Child } from './child.ts';

/*
 * Reaches a thread of another process: SIGUSR1 makes Node open its inspector, and the inspector's domain
 * NodeWorker talks to the threads. So the product needs no test hook.
 */

const answerWithinMs = 5_000;

/**
 * Ends one thread of the process whose script's name matches, whatever it is doing.
 * @returns false if there is no such thread, or no answer in time
 */
export async function killThread(child: Child, script: RegExp): Promise<boolean> {
  const asked = inspectors.get(child) ?? inspectorUrl(child);
  inspectors.set(child, asked);
  const url = await within(answerWithinMs, asked);
  if (url === undefined) return false;
  const socket = new WebSocket(url);
  try {
    return await endOneThread(socket, script);
  } finally {
    socket.close();
  }
}

/** Node opens the inspector once and keeps its address. */
const inspectors = new WeakMap<Child, Promise<string | undefined>>();

/** Node prints the address on standard error. */
async function inspectorUrl({ process: child }: Child): Promise<string | undefined> {
  if (child.stderr === null) return undefined;
  const lines = createInterface({ input: child.stderr });
  child.kill('SIGUSR1');
  for await (const line of lines) {
    const url = /Debugger listening on (ws:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return undefined;
}

const sessionEvent = z.object({
  method: z.enum(['NodeWorker.attachedToWorker', 'NodeWorker.receivedMessageFromWorker']),
  params: z.object({ sessionId: z.string(), workerInfo: z.object({ url: z.string() }).optional() }),
});

/** Resolves when the thread got the order to exit. An idle thread obeys when its next task comes. */
function endOneThread(socket: WebSocket, script: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    let victim: string | undefined;
    const send = (method: string, params: object): void =>
      socket.send(JSON.stringify({ id: 1, method, params }));
    socket.addEventListener('open', () => send('NodeWorker.enable', { waitForDebuggerOnStart: false }));
    socket.addEventListener('message', ({ data }) => {
      const { method, params } = sessionEvent.safeParse(JSON.parse(String(data))).data ?? {};
      if (method === 'NodeWorker.receivedMessageFromWorker' && params?.sessionId === victim) resolve(true);
      if (victim !== undefined || !script.test(params?.workerInfo?.url ?? '')) return;
      victim = params?.sessionId;
      send('NodeWorker.sendMessageToWorker', { sessionId: victim, message: exitNow });
    });
    socket.addEventListener('close', () => resolve(false));
    setTimeout(resolve, answerWithinMs, false).unref();
  });
}

const exitNow = JSON.stringify({
  id: 1,
  method: 'Runtime.evaluate',
  params: { expression: 'process.exit(9)' },
});
