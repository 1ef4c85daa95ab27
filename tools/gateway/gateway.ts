import { openAcceptances } from './acceptances.ts';
import type { GatewayOptions } from './gatewayOptions.ts';
import { openHttpGateway } from './httpGateway.ts';
import { openMailGateway } from './mailGateway.ts';
import { createTokenBucket } from './tokenBucket.ts';

export interface Gateway {
  /** The port for HTTP; undefined if it has none. */
  readonly port: number | undefined;
  readonly smtpPort: number | undefined;
  /** Cuts every connection; complete when it resolves. */
  close(): Promise<void>;
}

/**
 * A stand-alone provider that speaks the gateway protocol over HTTP, at any path and for all channels, and
 * SMTP for e-mails. An acceptance is in the ledger before it is answered, even if the client has gone.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const acceptances = await openAcceptances(options.ledgerFile);
  const bucket = createTokenBucket(options.perSecond);
  const context = { options, acceptances, bucket, openedAtMs: performance.now() };
  const { port, smtpPort } = options;
  const http = port === undefined ? undefined : await openHttpGateway(context, port);
  const mail = smtpPort === undefined ? undefined : await openMailGateway(context, smtpPort);
  return {
    port: http?.port,
    smtpPort: mail?.port,
    async close() {
      await Promise.all([http?.close(), mail?.close()]);
      acceptances.close();
    },
  };
}
