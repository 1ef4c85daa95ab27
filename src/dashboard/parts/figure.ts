import { h, type JSX } from 'preact';

/** One important number, and what it is. */
export function figure(value: string, label: string, kind = ''): JSX.Element {
  return h('div', { class: `figure ${kind}` }, h('strong', null, value), h('span', null, label));
}
