import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BillcastError } from '../../src/errors.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { type Child, killChild, startChild } from './child.ts';

/** The provider of the run: the gateway as a separate process, which injects its own faults all the time. */
export interface ChaosProvider {
  readonly url: string;
  /** The value of `SMTP_URL`. */
  readonly mailUrl: string;
  readonly ledgerFile: string;
  /** `kill -9`; its ledger survives. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

/** Shares of all requests. Time-outs of slow requests come on top. */
const gatewayOptions = {
  refuse: 0.05,
  'too-many': 0.01,
  unavailable: 0.01,
  'fail-before': 0.01,
  'fail-after': 0.01,
  break: 0.01,
  'break-before': 0.01,
  hang: 0.005,
  slow: 0.1,
  'slow-ms': 300,
  delay: 100,
  // An ingress answers some requests, look-ups included. Nobody may believe it.
  proxy: 404,
  'proxy-rate': 0.02,
};

/** It never deduplicates: a second acceptance is a second line in the ledger. */
export async function startChaosProvider(options: {
  folder: string;
  logsFolder: string;
  seed: number;
  lookup: 'yes' | 'no';
}): Promise<ChaosProvider> {
  const { folder, logsFolder, seed, lookup } = options;
  const ledgerFile = join(folder, 'ledger.jsonl');
  const rates = Object.entries(gatewayOptions).flatMap(([name, value]) => [`--${name}`, String(value)]);
  // A restarted gateway counts keys from 1 again. A new seed per start gives them new faults.
  let starts = 0;
  const launch = (port: number, smtpPort: number): Promise<Listening> =>
    untilListening(
      startChild({
        args: [
          join(projectDir, 'src', 'cli', 'billcast.ts'),
          ...['gateway', '--json', '--port', String(port), '--smtp', String(smtpPort)],
          ...['--ledger', ledgerFile],
          ...['--honour-send-before', '--lookup', lookup, '--seed', String(seed + starts++)],
          ...rates,
        ],
        folder,
        settings: {},
        logFile: join(logsFolder, 'gateway.log'),
      }),
    );
  let running = await launch(0, 0);
  const { port, smtpPort } = running;
  return {
    url: `http://127.0.0.1:${port}`,
    mailUrl: `smtp://127.0.0.1:${smtpPort}?tls=off`,
    ledgerFile,
    kill: () => killChild(running.child),
    async start() {
      running = await launch(port, smtpPort);
    },
  };
}

interface Listening {
  readonly child: Child;
  readonly port: number;
  readonly smtpPort: number;
}

async function untilListening(child: Child): Promise<Listening> {
  const { stdout } = child.process;
  if (stdout === null) throw new TypeError('the output of a child is a pipe');
  const [line] = await Promise.race([
    once(createInterface({ input: stdout }), 'line'),
    child.exited.then(() => {
      throw new BillcastError('CHAOS_FAILED', 'the gateway exited before it listened, see gateway.log');
    }),
  ]);
  return { ...JSON.parse(line), child };
}
