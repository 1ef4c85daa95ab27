import { effect } from '@preact/signals';
import { h, render } from 'preact';
import { readScheme } from './app/appearance.ts';
import { focusContent, keepFocus } from './app/keepFocus.ts';
import { loadTheRest } from './app/later.ts';
import { live, startFeed } from './app/liveFeed.ts';
import { findPage } from './app/pageList.ts';
import { followLinks } from './app/router.ts';
import { readSession, session } from './app/session.ts';
import { goToLetter, Shell } from './app/shell.ts';
import { listenToKeys } from './app/shortcuts.ts';
import { askPause } from './app/switchDialogs.ts';
import { showHelp } from './app/topBar.ts';
import { language } from './words/language.ts';

/** The rest is loaded after this, so that the first numbers are drawn first. */
const restAfterMs = 500;

readScheme();
effect(() => {
  document.documentElement.lang = language.value;
});
followLinks((path) => findPage(path) !== undefined);
keepFocus();
listenToKeys({
  focusSearch: () => {
    const input = document.getElementById('find');
    input?.focus();
    // What is typed stands in place of what was looked for before.
    if (input instanceof HTMLInputElement) input.select();
  },
  leaveSearch: focusContent,
  showHelp,
  askPause,
  goTo: goToLetter,
});
let hasFeed = false;
effect(() => {
  if (session.value.kind !== 'in' || hasFeed) return;
  hasFeed = true;
  startFeed();
});
let hasRest = false;
effect(() => {
  if (live.value === null || hasRest) return;
  hasRest = true;
  setTimeout(() => void loadTheRest(), restAfterMs);
});
const page = document.getElementById('page');
if (page !== null) render(h(Shell, null), page);
void readSession();
