import type { ComponentChild } from 'preact';
import type { SessionFacts } from '../../api/contract/sessionContract.ts';
import { overviewPage } from '../pages/overviewPage.ts';
import type { PageName } from '../words/commonWords.ts';
import { later } from './later.ts';

export interface Page {
  readonly name: PageName;
  /** The address; `:id` stands for one part of it. */
  readonly path: string;
  /** The letter after `g` that leads there; null if it needs an id. */
  readonly letter: string | null;
  readonly permission: SessionFacts['permissions'][number];
  readonly show: (props: { readonly id: string }) => ComponentChild;
}

/** Every page, in the order of the navigation. */
export const pages: readonly Page[] = [
  { name: 'overview', path: '/', letter: 'o', permission: 'read', show: overviewPage },
  {
    name: 'runs',
    path: '/runs',
    letter: 'r',
    permission: 'read',
    show: later(async () => (await import('../runs/runsPage.ts')).runsPage),
  },
  {
    name: 'failures',
    path: '/failures',
    letter: 'f',
    permission: 'read',
    show: later(async () => (await import('../pages/failuresPage.ts')).failuresPage),
  },
  {
    name: 'doubts',
    path: '/doubts',
    letter: 'u',
    permission: 'read',
    show: later(async () => (await import('../pages/doubtsPage.ts')).doubtsPage),
  },
  {
    name: 'search',
    path: '/search',
    letter: 's',
    permission: 'read',
    show: later(async () => (await import('../pages/searchPage.ts')).searchPage),
  },
  {
    name: 'actions',
    path: '/actions',
    letter: 'a',
    permission: 'read',
    show: later(async () => (await import('../pages/actionsPage.ts')).actionsPage),
  },
  {
    name: 'deadLetters',
    path: '/dead-letters',
    letter: 'l',
    permission: 'read',
    show: later(async () => (await import('../pages/deadLettersPage.ts')).deadLettersPage),
  },
  {
    name: 'providers',
    path: '/providers',
    letter: 'p',
    permission: 'read',
    show: later(async () => (await import('../pages/providersPage.ts')).providersPage),
  },
  {
    name: 'dispatchers',
    path: '/dispatchers',
    letter: 'd',
    permission: 'read',
    show: later(async () => (await import('../pages/dispatchersPage.ts')).dispatchersPage),
  },
  {
    name: 'suppressions',
    path: '/suppressions',
    letter: 'b',
    permission: 'readHistory',
    show: later(async () => (await import('../suppressions/suppressionsPage.ts')).suppressionsPage),
  },
  {
    name: 'audit',
    path: '/audit',
    letter: 't',
    permission: 'audit',
    show: later(async () => (await import('../pages/auditPage.ts')).auditPage),
  },
  {
    name: 'tokens',
    path: '/tokens',
    letter: 'k',
    permission: 'tokens',
    show: later(async () => (await import('../tokens/tokensPage.ts')).tokensPage),
  },
  {
    name: 'bill',
    path: '/bills/:id',
    letter: null,
    permission: 'readHistory',
    show: later(async () => (await import('../pages/billPage.ts')).billPage),
  },
  {
    name: 'run',
    path: '/runs/:id',
    letter: null,
    permission: 'read',
    show: later(async () => (await import('../runs/runPage.ts')).runPage),
  },
  {
    name: 'planRun',
    path: '/plan-run',
    letter: null,
    permission: 'control',
    show: later(async () => (await import('../runs/planRunPage.ts')).planRunPage),
  },
  {
    name: 'action',
    path: '/actions/:id',
    letter: null,
    permission: 'read',
    show: later(async () => (await import('../pages/actionPage.ts')).actionPage),
  },
];

export interface Found {
  readonly page: Page;
  readonly id: string;
}

/** Pure: the page of an address; undefined if there is none. */
export function findPage(path: string): Found | undefined {
  for (const page of pages) {
    if (page.path === path) return { page, id: '' };
    const [folder, id] = page.path.split('/:');
    if (id === undefined || folder === undefined || !path.startsWith(`${folder}/`)) continue;
    const rest = path.slice(folder.length + 1);
    if (rest !== '' && !rest.includes('/')) return { page, id: decodeURIComponent(rest) };
  }
  return undefined;
}
