import type { Command } from 'commander';
import type { RunningApi } from '../../api/runApi.ts';
import type { Dispatcher } from '../../dispatcher/dispatcher.ts';
import { counted } from '../../lib/counted.ts';
import {
  addDemoBills,
  countWantedSamples,
  type DemoDeps,
  type DemoRelease,
  followUntilDone,
  releaseDemoBills,
} from '../../operations/demoRun.ts';
import { readStatus } from '../../operations/status.ts';
import { verify } from '../../operations/verify.ts';
import { stopOnSignals } from '../../signals.ts';
import { parseCount } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withKafka, withSystem } from '../openSystem.ts';
import { formatCount, printFacts, printNote } from '../output.ts';
import { createProgress, printMembers } from '../progress.ts';
import { recordAccess } from '../recordAccess.ts';
import { runSummary } from '../runSummary.ts';

interface StartOptions {
  readonly bills?: number;
  readonly serve?: boolean;
  readonly json?: boolean;
}

export function defineStart(command: Command): void {
  addUsage(command, {
    examples: [
      [
        'start',
        'send everything that is released, then account for it; adds 10,000 sample bills on a first run',
      ],
      ['start --bills 50000', 'add 50,000 sample bills first'],
      ['start --serve', 'keep running afterwards, with the dashboard'],
    ],
    exitsWith1: 'a bill is lost or was sent twice',
  });
  command
    .description(
      'Runs the whole job: sends what is released and accounts for every bill. In the embedded ' +
        'database, with ' +
        'simulated providers, it first adds sample bills if there are none, and releases them.',
    )
    .option('--bills <n>', 'add this many sample bills first', parseCount)
    .option('--serve', 'keep running afterwards, with the dashboard on API_PORT')
    .addOption(jsonOption('print the summary as one line of JSON'))
    .action((options: StartOptions) => withSystem((system) => start(system, options)));
}

async function start(system: System, options: StartOptions): Promise<void> {
  const { config, servers, log } = system;
  const deps = await withKafka(system);
  const api = options.serve ? await openDashboard(system) : undefined;
  await addSamples(deps, system, options);
  const { createDispatcher } = await import('../../dispatcher/dispatcher.ts');
  const dispatcher = await createDispatcher({ config, servers, log, onFatal: crash });
  await dispatcher.start();
  const interrupted = new AbortController();
  const isEmbedded = servers.embedded.postgres;
  const watching = watch(deps, { isEmbedded, dashboard: api?.url, json: options.json }, interrupted.signal);
  stopOnSignals({
    log,
    timeoutMs: config.stopTimeoutMs,
    stop: async () => {
      interrupted.abort();
      await watching;
      await api?.stop();
      await dispatcher.stop();
      await servers.close();
      printNote('Stopped. The next start continues with what is left.');
    },
    left: () => ({ bills: dispatcher.inFlight() }),
  });
  await watching;
  // The signal's own handler ends the process, so nothing more is done here.
  if (interrupted.signal.aborted) return new Promise(() => undefined);
  await finish(deps, { dispatcher, json: options.json });
}

/** The api listens before anything is sent, so that the whole run can be watched. */
async function openDashboard({ config, servers, log }: System): Promise<RunningApi> {
  const { runApi } = await import('../../api/runApi.ts');
  const api = await runApi({ config, servers, log });
  printNote(`Dashboard: ${api.url}`);
  return api;
}

async function addSamples(deps: DemoDeps, { servers }: System, { bills }: StartOptions): Promise<void> {
  const wanted = await countWantedSamples(deps, { isEmbedded: servers.embedded.postgres, bills });
  if (wanted === 0) return;
  printNote(`Adding ${formatCount(wanted)} sample bills.`);
  await recordAccess(deps.database, { what: 'seed', reason: `${wanted} bills` }, () =>
    addDemoBills(deps, wanted, printMembers(wanted)),
  );
}

interface WatchOptions {
  readonly isEmbedded: boolean;
  /** The address of the dashboard. Without it, the job ends by itself. */
  readonly dashboard: string | undefined;
  readonly json: boolean | undefined;
}

/** Resolves when every bill is accounted for, or, with a dashboard, only when interrupted. */
async function watch(
  deps: DemoDeps,
  { isEmbedded, dashboard, json }: WatchOptions,
  interrupted: AbortSignal,
): Promise<void> {
  printRelease(
    await recordAccess(deps.database, { what: 'start' }, () => releaseDemoBills(deps, { isEmbedded })),
  );
  const progress = createProgress(json ? process.stderr : process.stdout);
  for await (const status of followUntilDone(deps, interrupted)) progress.show(status);
  progress.end();
  if (dashboard === undefined || interrupted.aborted) return;
  printNote(`Everything is accounted for. Still running, with the dashboard at ${dashboard}; Ctrl-C stops.`);
  await new Promise((resolve) => interrupted.addEventListener('abort', resolve, { once: true }));
}

function printRelease(release: DemoRelease): void {
  switch (release.kind) {
    case 'released':
      if (release.published === 0) return;
      printNote(`Publishing ${counted(release.published, 'bill')}.`);
      return;
    case 'kept':
      if (release.held === 0) return;
      printNote(
        `${counted(release.held, 'bill')} ${release.held === 1 ? 'is' : 'are'} held; \`npx billcast publish --month ` +
          'YYYY-MM` releases them; so does a run.',
      );
      return;
    default:
      release satisfies never;
  }
}

function crash(error: unknown): void {
  printNote(`billcast: cannot continue: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
}

async function finish(
  deps: DemoDeps,
  { dispatcher, json }: { readonly dispatcher: Dispatcher; readonly json: boolean | undefined },
): Promise<void> {
  await dispatcher.stop();
  const verdict = await verify(deps);
  const { sms, held, retransmissions, channels } = await readStatus(deps);
  if (json) printFacts({ ...verdict, sms, held, retransmissions }, { json });
  else process.stdout.write(runSummary(verdict, { sms, held, retransmissions, channels }));
  if (verdict.lost > 0 || (verdict.duplicated ?? 0) > 0) process.exitCode = 1;
}
