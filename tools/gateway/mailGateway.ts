import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { draw } from '../../src/providers/simulated/draw.ts';
import { type Listener, listenWithDownTime } from './downTime.ts';
import type { InjectedFault } from './injectedFault.ts';
import { readMailName } from './mailName.ts';
import { type AcceptedSubmission, accept, fateOf, type Reception } from './reception.ts';

type Reply = (error: Error | null, text?: string) => void;

/** Its side that speaks SMTP: a relay that keeps no mail, only that it has taken one. */
export async function openMailGateway(reception: Reception, port: number): Promise<Listener> {
  const server: SMTPServer = new SMTPServer({
    banner: 'billcast gateway',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hideDSN: false,
    logger: false,
    socketTimeout: idleMs,
    onData(stream, session, reply) {
      const cut = (): void => cutConnection(server, session);
      receive({ reception, cut, life: listener.life() }, { stream, session }, reply).catch(cut);
    },
  });
  // A client that breaks off is no fault of the gateway.
  server.on('error', () => undefined);
  const listener = await listenWithDownTime(server.server, {
    ...reception.options,
    port,
    cutAll: () => {
      for (const connection of server.connections) connection._socket.resetAndDestroy();
    },
  });
  return listener;
}

const idleMs = 600_000;

function cutConnection({ connections }: SMTPServer, { id }: SMTPServerSession): void {
  const found = [...connections].find((connection) => connection.session.id === id);
  found?._socket.resetAndDestroy();
}

interface MailContext {
  readonly reception: Reception;
  readonly cut: () => void;
  /** Aborted when the gateway goes down, which forgets the mail. */
  readonly life: AbortSignal;
}

async function receive(
  context: MailContext,
  { stream, session }: { readonly stream: SMTPServerDataStream; readonly session: SMTPServerSession },
  reply: Reply,
): Promise<void> {
  const { reception, cut, life } = context;
  const { options, bucket } = reception;
  const envelopeName = readMailName(session.envelope.dsn?.envid ?? '');
  const early = envelopeName && fateOf(reception, envelopeName.key);
  if (
    envelopeName !== undefined &&
    early?.fault === 'breakBefore' &&
    isCutEarly(envelopeName.key, options.seed)
  ) {
    cut();
    return;
  }
  const name = (await readMail(stream)) ?? envelopeName;
  if (name === undefined) {
    reply(replyOf(554, '5.6.0 the Message-ID is not one of billcast'));
    return;
  }
  if (!bucket.take(performance.now())) {
    replyTooMany(reply);
    return;
  }
  const { delayMs, fault } = early ?? fateOf(reception, name.key);
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: life });
  life.throwIfAborted();
  await applyFault(context, { fault, name }, reply);
}

/** Half of what breaks before the dot does so before the message, the others in it. */
function isCutEarly(key: string, seed: number): boolean {
  return draw(`early/${key}`, seed) < 0.5;
}

/** Accepts and replies to the dot, or does not, as the fault says. */
async function applyFault(
  { reception, cut }: MailContext,
  { fault, name }: { readonly fault: InjectedFault | undefined; readonly name: AcceptedSubmission },
  reply: Reply,
): Promise<void> {
  switch (fault) {
    case undefined:
      return replyToAcceptance(reply, await accept(reception, name));
    case 'refuse':
      return reply(replyOf(550, '5.1.1 no such mailbox'));
    case 'tooMany':
      return replyTooMany(reply);
    case 'outOfCredit':
      return reply(replyOf(550, '5.7.1 refused by policy'));
    case 'unavailable':
      return reply(replyOf(451, '4.3.0 try again later'));
    case 'failBefore':
      return reply(replyOf(421, '4.3.2 closing'));
    case 'failAfter':
      await accept(reception, name);
      return reply(replyOf(421, '4.3.2 closing'));
    case 'breakBefore':
      return cut();
    case 'break':
      await accept(reception, name);
      return cut();
    case 'hang':
      await accept(reception, name);
      return;
    default:
      return fault satisfies never;
  }
}

function replyToAcceptance(reply: Reply, isAccepted: boolean): void {
  if (isAccepted) reply(null, '2.0.0 queued');
  else reply(replyOf(451, '4.3.1 the disk is full'));
}

function replyTooMany(reply: Reply): void {
  reply(replyOf(452, '4.7.28 too many mails, the rate is exceeded'));
}

function replyOf(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** Reads the whole mail, and keeps nothing of it but whose it is. */
async function readMail(stream: SMTPServerDataStream): Promise<AcceptedSubmission | undefined> {
  let head = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (head.length < longestHead) head += chunk.toString('latin1', 0, longestHead);
  }
  return readMailName(/^message-id:\s*<([^@>]+)@/im.exec(head)?.[1] ?? '');
}

const longestHead = 4_096;
