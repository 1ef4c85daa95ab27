import type { Config } from '../../config/loadConfig.ts';
import { type Control, readControl } from '../../db/control.ts';
import type { Database } from '../../db/database.ts';
import { type BrakeStates, type RouteBrake, readBrakeStates } from '../../db/reads/brakeStates.ts';
import { type ClusterHealth, readClusterHealth } from '../../db/reads/clusterHealth.ts';
import { countUnknownChannels, type UnknownChannel } from '../../db/reads/unknownChannels.ts';
import type { Ladder } from '../../ladder.ts';
import { counted } from '../../lib/counted.ts';
import { timeIn } from '../../lib/timeText.ts';
import { needsPerson } from '../../policy/brake/verdict.ts';
import { readTemplates } from '../../pool/readTemplates.ts';
import { shortVersion, templateVersion } from '../../render/template/templateVersion.ts';
import { type ListedBrake, listBrakes } from '../brakeList.ts';
import { brakeText, resumeCommand, thrownText } from '../explain/switches.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Checks dispatchers, the pause, brakes and bills in doubt. */
export async function checkCluster(config: Config, database: Database): Promise<Finding[]> {
  const health = await readClusterHealth(database, config.claimTtlMs);
  const time = timeIn(config.timeZone);
  return [
    judgeDispatchers(health),
    judgeTemplates(health, templateVersion(await readTemplates(config.templates))),
    judgeChannelLists(health, config.ladder),
    judgeSwitches(await readControl(database), time),
    ...judgeBrakes(await readBrakeStates(database, config), time),
    judgeDoubts(health, config.sweep.lookupHorizonMs),
    judgeChannels(await countUnknownChannels(database, config.ladder.order)),
  ];
}

/** Pure, like all functions that judge. */
export function judgeDispatchers({ alive, silent }: ClusterHealth): Finding {
  if (silent.length > 0) {
    return warn(
      'dispatchers',
      `${alive} alive, silent: ${silent.join(', ')}; another dispatcher's sweeper, or \`billcast ` +
        'sweep`, takes back what they held',
    );
  }
  return alive === 0
    ? warn(
        'dispatchers',
        'none is running, so nothing is sent: start one with `npx pm2 start ecosystem.config.js`',
      )
    : ok('dispatchers', `${alive} alive`);
}

/** @param here the `CHANNELS` of this machine */
export function judgeChannelLists(
  { channelLists: used }: Pick<ClusterHealth, 'channelLists'>,
  { order: here }: Pick<Ladder, 'order'>,
): Finding {
  const others = used.filter((list) => list !== here.join());
  if (others.length === 0) return ok('channel list', `CHANNELS is ${here.join()} everywhere`);
  return warn(
    'channel list',
    `CHANNELS is ${here.join()} here, and dispatchers use ${used.join(' and ')}: each decides by its own where a ` +
      'bill goes on; set the same everywhere and restart them',
  );
}

/** @param here the version of the files on this machine */
export function judgeTemplates(
  { templateVersions: used }: Pick<ClusterHealth, 'templateVersions'>,
  here: string,
): Finding {
  const named = used.map(shortVersion).join(', ');
  if (used.length > 1) {
    return warn(
      'template versions',
      `dispatchers print with ${named}: different members get different messages; copy the files to every ` +
        'host and restart them',
    );
  }
  if (used.length === 1 && used[0] !== here) {
    return warn(
      'template versions',
      `dispatchers print with ${named}, and the files here are ${shortVersion(here)}: restart them to use these`,
    );
  }
  return ok(
    'template versions',
    `${used.length === 0 ? '' : 'dispatchers print with it: '}version ${shortVersion(here)}`,
  );
}

export function judgeSwitches({ pause }: Control, time: (at: Date) => string): Finding {
  return pause === null
    ? ok('pause', 'sending is not paused')
    : warn('pause', `sending is paused ${thrownText(pause, time)}; \`billcast resume\` ends the pause`);
}

export function judgeBrakes(brakes: BrakeStates, time: (at: Date) => string): Finding[] {
  const findings = listBrakes<RouteBrake>(brakes).flatMap((listed) =>
    listed.brake.on ? [warn('brake', `${brakeText(listed, time)}; ${afterBrake(listed)}`)] : [],
  );
  return findings.length > 0 ? findings : [ok('brake', 'no channel is braked')];
}

function afterBrake(listed: ListedBrake<RouteBrake>): string {
  const { kind } = listed.brake;
  const release = `\`billcast ${resumeCommand(listed)}\``;
  if (kind === 'pace') return 'it finds the fastest pace that the provider takes automatically';
  if (kind !== null && needsPerson(kind)) return `find out why, then run ${release}`;
  return `one bill tries it now and then; ${release} releases it at once`;
}

export function judgeChannels(unknown: readonly UnknownChannel[]): Finding {
  const named = unknown.map(({ channel, bills }) => `${bills} on ${channel}`).join(', ');
  return unknown.length === 0
    ? ok('channels', 'every bill that waits is on a channel that CHANNELS names')
    : warn(
        'channels',
        `bills wait on channels that CHANNELS does not name: ${named}; name them again, or let \`billcast retry ` +
          '--channel` send them by the first one',
      );
}

/** If a doubt is older than so many horizons, the provider's look-up does not settle it. */
const horizons = 3;

export function judgeDoubts({ inDoubt, oldestDoubtMs }: ClusterHealth, lookupHorizonMs: number): Finding {
  if (oldestDoubtMs <= horizons * lookupHorizonMs) {
    return ok('in doubt', inDoubt === 0 ? 'no bill' : `${counted(inDoubt, 'bill')}, being looked up`);
  }
  return warn(
    'in doubt',
    `${counted(inDoubt, 'bill')}, the oldest for ${Math.round(oldestDoubtMs / 60_000)} min: see \`billcast ` +
      'resolve --list`',
  );
}
