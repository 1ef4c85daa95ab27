import { h, type JSX } from 'preact';
import type { RunAnswer, RunList } from '../../api/contract/runsContract.ts';
import { bannerWords, holdWord } from '../words/bannerWords.ts';
import { personName } from '../words/format.ts';
import { say } from '../words/language.ts';
import { live } from './liveFeed.ts';
import { useAnswer } from './useAnswer.ts';

/** What nobody should overlook, on every page. */
export interface Banner {
  readonly kind: 'draft' | 'paused' | 'rehearsal' | 'safeMode';
  /** Empty: it is about this environment. */
  readonly runId: string;
  /** Who asked, or the code of what holds it. */
  readonly about: string;
}

/** Pure. A rehearsal says so first; a run that waits for somebody says what for. */
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

/** Nothing if no run needs anybody. */
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
