import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { BillcastError } from '../../errors.ts';
import type { Logger } from '../../log/log.ts';
import { createThrottledLog, type ThrottledLog } from '../../log/throttledLog.ts';
import { type BounceMailDeps, receiveBounceMail } from '../../operations/receiveBounceMail.ts';

const longestMailBytes = 1_048_576;
const mailsAtOnce = 20;
/** While the database is away, each mail fails. */
const faultLogEveryMs = 60_000;

/** Takes bounces from a mail server by LMTP (RFC 2033). */
export interface MailPort {
  readonly port: number;
  /** May be called twice. */
  stop(): Promise<void>;
}

/**
 * Opens the port. A mail is answered when its content is stored: until then the mail server keeps it. A mail
 * that is not about a bill is accepted too, since nobody could do anything about it.
 * @throws BillcastError API_FAILED if it cannot listen
 */
export async function openMailPort(
  deps: BounceMailDeps & { readonly log: Logger },
  { port, host }: { readonly port: number; readonly host: string },
): Promise<MailPort> {
  const faultLog = createThrottledLog(deps.log, faultLogEveryMs);
  const server = new SMTPServer({
    lmtp: true,
    logger: false,
    banner: 'billcast',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: longestMailBytes,
    maxClients: mailsAtOnce,
    onData(stream, { envelope }, done) {
      receive(
        deps,
        stream,
        envelope.rcptTo.map(({ address }) => address),
      ).then(
        () =>
          done(
            null,
            envelope.rcptTo.map(() => 'stored'),
          ),
        (error: unknown) => done(temporaryFault(faultLog, error)),
      );
    },
  });
  server.on('error', (error) => deps.log.warn({ err: error }, 'mail port has a fault'));
  const address = await listen(server, port, host);
  let stopping: Promise<void> | undefined;
  return {
    port: address.port,
    stop() {
      stopping ??= new Promise<void>((resolve) => server.close(() => resolve())).then(() => faultLog.flush());
      return stopping;
    },
  };
}

async function receive(
  deps: BounceMailDeps,
  stream: SMTPServerDataStream,
  recipients: readonly string[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (!stream.sizeExceeded) chunks.push(chunk);
  }
  await receiveBounceMail(deps, { raw: Buffer.concat(chunks), recipients });
}

/** 451: the mail server shall try again. */
function temporaryFault(log: ThrottledLog, error: unknown): Error {
  log.warn('a bounce could not be stored, the mail server keeps it', { err: error });
  return Object.assign(new Error('try again later'), { responseCode: 451 });
}

function listen(server: SMTPServer, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const { server: net } = server;
    net.once('error', (cause) =>
      reject(
        new BillcastError(
          'API_FAILED',
          `the mail port cannot listen on ${host}:${port}: set INBOUND_LMTP_PORT to a port that is free`,
          { cause },
        ),
      ),
    );
    server.listen(port, host, () => resolve(net.address() as AddressInfo));
  });
}
