import { h, type JSX } from 'preact';
import type { RunAnswer, RunList } from '../../api/contract/runsContract.ts';
import { bannerWords, holdWord } from '../words/bannerWords.ts';
import { personName } from '../words/format.ts';
import { say } from '../words/language.ts';
import { live } from './liveFeed.ts';
import { useAnswer } from './useAnswer.ts';

/** Something that nobody should overlook. It is shown on every page. */
export interface Banner {
  readonly kind: 'draft' | 'paused' | 'rehearsal' | 'safeMode';
  /** Empty if the banner is about this environment and not about a run. */
  readonly runId: string;
  /** Who asked for the run, or the code of what holds it. */
  readonly about: string;
}

/** Pure: the banners. Rehearsals come first, then runs that wait for somebody, with the reason. */
export function bannersOf(
  runs: readonly Pick<RunAnswer, 'runId' | 'kind' | 'state' | 'requestedBy' | 'hold'>[],
  isSafeMode: boolean,
): Banner[] {
  const here: Banner[] = isSafeMode ? [{ kind: 'safeMode', runId: '', about: '' }] : [];
  const ofRuns = runs.flatMap(({ runId, kind, state, requestedBy, hold }) => {
    const isOpen = state !== 'DONE' && state !== 'CLOSED';
    const banners: Banner[] = [];
    if (kind === 'REHEARSAL' && isOpen) banners.push({ kind: 'rehearsal', runId, about: '' });
    if (state === 'DRAFT') banners.push({ kind: 'draft', runId, about: requestedBy });
    if (state === 'PAUSED') banners.push({ kind: 'paused', runId, about: hold?.code ?? '' });
    return banners;
  });
  return [...here, ...ofRuns];
}

const everyMs = 5_000;

/** Shows nothing if no run needs anybody. */
export function RunBanner(): JSX.Element | null {
  const { value } = useAnswer<RunList>('/runs?limit=50', { everyMs });
  const banners = bannersOf(value?.items ?? [], live.value?.status.rehearsal?.safeMode === true);
  if (banners.length === 0) return null;
  return h(
    'div',
    { class: 'banners', role: 'status' },
    banners.map((banner) =>
      h(
        'p',
        { key: `${banner.kind} ${banner.runId}`, class: `banner banner-${banner.kind}` },
        banner.runId === '' ? textOf(banner) : h('a', { href: `/runs/${banner.runId}` }, textOf(banner)),
      ),
    ),
  );
}

function textOf({ kind, runId, about }: Banner): string {
  switch (kind) {
    case 'rehearsal':
      return say(bannerWords.rehearsal)(runId);
    case 'safeMode':
      return say(bannerWords.safeMode)();
    case 'draft':
      return say(bannerWords.draft)(runId, personName(about));
    case 'paused':
      return say(bannerWords.paused)(runId, say(holdWord(about)));
    default:
      return kind satisfies never;
  }
}
