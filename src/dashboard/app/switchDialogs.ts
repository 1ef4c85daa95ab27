import type { Told } from '../../api/contract/toldContract.ts';
import { channelWord } from '../words/channelWords.ts';
import { common } from '../words/commonWords.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { control } from '../words/reportWords.ts';
import { toldText } from '../words/toldWords.ts';
import { ask } from './askApi.ts';
import { dueOf } from './attentionOf.ts';
import { confirm } from './confirmDialog.ts';
import { live } from './liveFeed.ts';
import { may } from './session.ts';

/** Asks whether to pause or to resume, whichever is possible now. */
export function askPause(): void {
  const status = live.value?.status;
  if (!may('control') || status === undefined) return;
  if (status.pause.paused) {
    confirm({
      title: say(control.resumeTitle),
      effects: [say(control.resumeEffects)(count(dueOf(status))), say(control.resumeBrakes)],
      reason: 'optional',
      button: say(common.resume),
      done: say(control.resumed),
      run: (reason) => ask('/resume', { method: 'POST', body: { reason } }),
    });
    return;
  }
  confirm({
    title: say(control.pauseTitle),
    effects: [say(control.pauseEffects), say(control.pauseFinished), say(control.pauseKept)],
    reason: 'optional',
    button: say(common.pause),
    isDangerous: true,
    done: say(control.paused),
    run: (reason) => ask('/pause', { method: 'POST', body: { reason } }),
  });
}

/** The brake to be released. */
export interface Released {
  readonly channel: string;
  /** If missing, the brakes of the channel and of all its providers are released. */
  readonly provider?: string;
  readonly causeTold: Told;
}

/** Asks whether to release a brake. */
export function askRelease({ channel, provider, causeTold }: Released): void {
  const word = channelWord(channel);
  const name = provider === undefined ? word : `${word} (${provider})`;
  confirm({
    title: say(control.releaseTitle)(name),
    effects: [
      ...(causeTold.length === 0 ? [] : [say(control.releaseCause)(toldText(causeTold))]),
      say(control.releaseEffects)(name),
      say(control.releaseAgain),
    ],
    reason: 'optional',
    button: say(control.release),
    isDangerous: true,
    done: say(control.released),
    run: (reason) => ask(`/brakes/${channel}/release`, { method: 'POST', body: { reason, provider } }),
  });
}
