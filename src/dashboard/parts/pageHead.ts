import { type ComponentChild, h, type JSX } from 'preact';

/** The title of a page, what it shows, and how old that is. */
export function pageHead(title: ComponentChild, intro: ComponentChild, aside?: ComponentChild): JSX.Element {
  return h(
    'header',
    { class: 'page-head' },
    h('div', null, h('h1', { tabIndex: -1 }, title), h('p', { class: 'quiet' }, intro)),
    aside,
  );
}
