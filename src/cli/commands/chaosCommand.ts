import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { factsByKind, isViolated, reportOf } from '../../../tools/chaos/chaosReport.ts';
import { keepLogsOnly, makeRunFolder } from '../../../tools/chaos/folder.ts';
import { type RunResult, runChaos } from '../../../tools/chaos/runChaos.ts';
import { faultKinds, type InjectionKind, kindsFor } from '../../../tools/chaos/schedule.ts';
import { createScreen } from '../../../tools/chaos/screen.ts';
import { chaosLookups, chaosMailKinds } from '../../../tools/chaos/testbed.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { kafkaVersion } from '../../embedded/kafkaJars.ts';
import { BillcastError } from '../../errors.ts';
import { parseBrokers, parseCount, parseOneOf, parseWhole } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { printFacts } from '../output.ts';

interface ChaosOptions {
  readonly bills: number;
  readonly minutes: number;
  readonly dispatchers: number;
  readonly brokers: number;
  readonly seed?: number;
  readonly only?: InjectionKind[];
  readonly lookup: (typeof chaosLookups)[number];
  readonly channels: string;
  readonly email: (typeof chaosMailKinds)[number];
  readonly json?: boolean;
}

export function defineChaos(command: Command): void {
  addUsage(command, {
    examples: [
      ['chaos --minutes 5', 'five minutes of faults'],
      ['chaos --seed 42 --only kill,stop', 'repeat a run, with two kinds of faults'],
      ['chaos --email smtp --only kill,gateway', 'e-mails by SMTP, with cut connections and kills'],
    ],
    exitsWith1: 'a promise is broken or the run is interrupted',
  });
  command
    .description(
      'Sends bills while it kills processes and servers and cuts connections, then accounts for ' +
        'every bill.',
    )
    .option('--bills <n>', 'how many bills', parseCount, 5_000)
    .option('--minutes <minutes>', 'how long faults are injected', parseMinutes, 2)
    .option('--dispatchers <n>', 'how many dispatchers', parseCount, 3)
    .option('--brokers <n>', 'how many brokers Kafka has; some faults need three', parseBrokers, 1)
    .option('--seed <number>', 'seed of the faults and the bills (default: random)', parseWhole)
    .option('--only <kinds>', `only these faults, separated by commas: ${faultKinds.join(', ')}`, parseKinds)
    .option(
      `--lookup <${chaosLookups.join('|')}>`,
      "whether the provider's lookup can be trusted",
      parseOneOf(chaosLookups),
      'authoritative',
    )
    .option(
      `--email <${chaosMailKinds.join('|')}>`,
      'by what e-mails go out; over SMTP a doubt is final',
      parseOneOf(chaosMailKinds),
      'http',
    )
    .option('--channels <list>', 'CHANNELS of the run', 'EMAIL,SMS')
    .addOption(jsonOption())
    .action(runChaosCommand);
}

/** Exits 1 if a promise is broken, and if the run is interrupted. */
async function runChaosCommand(options: ChaosOptions): Promise<void> {
  const { json, bills, minutes, dispatchers, brokers, lookup, channels, email } = options;
  const kinds = kindsOf(options);
  const seed = options.seed ?? randomInt(2 ** 31);
  const { dataDir } = loadConfig();
  const folder = await makeRunFolder(dataDir, seed);
  const screen = createScreen(json ? process.stderr : process.stdout);
  screen.line(`Seed ${seed}; logs and ledger in ${folder}`);
  const result = await runChaos(
    {
      folder,
      bills,
      dispatchers,
      brokers,
      seed,
      lookup,
      channels,
      email,
      screen,
      onProgress: screen.line,
      jarsDir: join(dataDir, 'kafka', `jars-${kafkaVersion}`),
      kinds,
      spanMs: minutes * 60_000,
    },
    abortedBySignals(),
  );
  const violated = isViolated(result);
  if (!violated) await keepLogsOnly(folder);
  if (json) printFacts(jsonOf(result, { seed, folder }), { json });
  else process.stdout.write(reportOf(result));
  if (violated) process.exitCode = 1;
}

/** @throws BillcastError USAGE if a chosen fault needs more brokers */
function kindsOf({ only, brokers }: ChaosOptions): readonly InjectionKind[] {
  const possible = kindsFor(brokers);
  const impossible = only?.filter((kind) => !possible.includes(kind)) ?? [];
  if (impossible.length === 0) return only ?? possible;
  throw new BillcastError('USAGE', `${impossible.join(', ')}: this needs a cluster, so add --brokers 3`);
}

/** Ctrl-C interrupts the run, and its processes are still ended. */
function abortedBySignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => controller.abort(new BillcastError('CHAOS_FAILED', `interrupted by ${name}`)));
  }
  return controller.signal;
}

function jsonOf({ injections, ...rest }: RunResult, where: { seed: number; folder: string }) {
  return {
    ...where,
    ...rest,
    faults: factsByKind(injections),
  };
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 1_440)) throw new InvalidArgumentError('must be minutes, such as 0.5.');
  return minutes;
}

function parseKinds(text: string): InjectionKind[] {
  return text.split(',').map((name) => {
    const kind = faultKinds.find((one) => one === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`must be of ${faultKinds.join(', ')}.`);
    return kind;
  });
}
