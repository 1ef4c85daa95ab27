import type { Command } from 'commander';
import { channelNames } from '../../channels.ts';
import { createDispatcher, type Dispatcher } from '../../dispatcher/dispatcher.ts';
import { BillcastError } from '../../errors.ts';
import { sleep } from '../../lib/sleep.ts';
import { readStatus, readVerdict, type StatusFacts } from '../../operations/readFacts.ts';
import { addSampleBills } from '../../operations/sampleBills.ts';
import type { Verdict } from '../../operations/verify.ts';
import { stopOnSignals } from '../../signals.ts';
import { parseCount } from '../arguments.ts';
import { createProgress } from '../progress.ts';
import { type System, tell, withSystem } from '../system.ts';
import { releaseAll } from './publishCommand.ts';

interface StartOptions {
  bills?: number;
  serve?: boolean;
}

export function addStart(program: Command): void {
  program
    .command('start')
    .description('the main job: sample bills where there are none, published, sent, and accounted for')
    .option('--bills <n>', 'add this many sample bills first', parseCount)
    .option('--serve', 'keep running afterwards')
    .action((options: StartOptions) => withSystem((system) => start(system, options)));
}

async function start(system: System, options: StartOptions): Promise<void> {
  const { config, servers, log } = system;
  await addBillsIfWanted(system, options);
  const dispatcher = await createDispatcher({ config, servers, log, onFatal: crash });
  await dispatcher.start();
  const interrupted = new AbortController();
  const watching = watch(system, options, interrupted.signal);
  stopOnSignals({
    log,
    timeoutMs: config.stopTimeoutMs,
    stop: async () => {
      interrupted.abort();
      await watching;
      await dispatcher.stop();
      await servers.close();
      tell('Stopped. What is left goes on with the next start.');
    },
    left: () => ({ bills: dispatcher.inFlight() }),
  });
  await watching;
  // The signal's own handler ends the process.
  if (interrupted.signal.aborted) return new Promise(() => undefined);
  await finish(system, dispatcher);
}

/** Resolves when every bill is accounted for, or, with `--serve`, only when interrupted. */
async function watch(system: System, { serve }: StartOptions, interrupted: AbortSignal): Promise<void> {
  await release(system);
  await showProgress(system, interrupted);
  if (!serve || interrupted.aborted) return;
  tell('Everything is accounted for. Running on; Ctrl-C stops.');
  await new Promise((resolve) => interrupted.addEventListener('abort', resolve, { once: true }));
}

function crash(error: unknown): void {
  tell(`billcast: cannot go on: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
}

const defaultSampleBills = 10_000;

/**
 * Sample bills go only into the embedded database: as many as are asked for, else as many as the first run made if
 * everything there is sent and both providers are simulated.
 * @throws BillcastError USAGE if they are asked for in another database
 */
async function addBillsIfWanted(system: System, { bills }: StartOptions): Promise<void> {
  if (!system.servers.embedded.postgres) {
    if (bills !== undefined) {
      throw new BillcastError(
        'USAGE',
        '--bills adds made-up bills, and start does so only in the embedded database: unset DATABASE_URL',
      );
    }
    return;
  }
  const facts = await readStatus(system);
  const nothingToDo = isDone(facts) && facts.held === 0;
  const members = bills ?? (nothingToDo && isSimulated(system) ? defaultSampleBills : 0);
  if (members === 0) return;
  tell(`Adding ${members.toLocaleString('en')} sample bills.`);
  await addSampleBills(system, { members, seed: 1 });
}

function isSimulated({ config: { providers } }: System): boolean {
  return channelNames.every((channel) => providers[channel] === 'simulated');
}

/** Held bills are released only if they are samples, in the embedded database, and nothing can leave the machine. */
async function release(system: System): Promise<void> {
  if (system.servers.embedded.postgres && isSimulated(system)) {
    const published = await releaseAll(system.database);
    tell(`Publishing ${published.toLocaleString('en')} bills.`);
    return;
  }
  const { held } = await readStatus(system);
  if (held > 0) {
    tell(
      `${held.toLocaleString('en')} bills are held; \`npx billcast publish --month YYYY-MM\` releases them.`,
    );
  }
}

async function showProgress(system: System, interrupted: AbortSignal): Promise<void> {
  const progress = createProgress(process.stdout);
  while (!interrupted.aborted) {
    const asked = performance.now();
    const facts = await readStatus(system);
    progress.show(facts);
    if (isDone(facts)) break;
    await sleep(Math.max(250, (performance.now() - asked) * 4), interrupted);
  }
  progress.end();
}

/** Every bill is terminal with its dead letter out, held, or waits for its time. */
function isDone(facts: StatusFacts): boolean {
  const onTheirWay = facts.pending - facts.waiting - facts.held;
  return onTheirWay + facts.sending + facts.sent + facts.inDoubt + facts.owed + facts.lag === 0;
}

async function finish(system: System, dispatcher: Dispatcher): Promise<void> {
  await dispatcher.stop();
  const verdict = await readVerdict(system);
  const status = await readStatus(system);
  process.stdout.write(summary(verdict, status));
  if (verdict.lost > 0 || (verdict.duplicated ?? 0) > 0) process.exitCode = 1;
}

function summary(verdict: Verdict, status: StatusFacts): string {
  const rows: [string, number | string, string][] = [
    ['bills', verdict.bills, ''],
    ['delivered', verdict.delivered, `${status.sms.toLocaleString('en')} of them by SMS`],
    ['failed', verdict.failed, `${status.retransmissions.toLocaleString('en')} will be sent again later`],
    ['cancelled', verdict.cancelled, ''],
    ['in doubt', verdict.inDoubt, ''],
    ['waiting', verdict.waiting, 'for quiet hours or their time'],
    ['held', status.held, ''],
    ['lost', verdict.lost, ''],
    ['duplicated', verdict.duplicated ?? 'unknown', "by the provider's ledger"],
  ];
  return `\n${rows.map(([label, value, note]) => row(label, value, note)).join('\n')}\n`;
}

function row(label: string, value: number | string, note: string): string {
  return `  ${label.padEnd(11)}${(typeof value === 'number' ? value.toLocaleString('en') : value).padStart(12)}  ${note}`.trimEnd();
}
