import { h, type JSX } from 'preact';
import { may } from '../app/session.ts';

/** A bill by its id; the first link of a row is where `j` and `k` stop. */
export function billLink(billId: string, isRow = true): JSX.Element {
  return may('readHistory')
    ? h(
        'a',
        {
          href: `/bills/${encodeURIComponent(billId)}`,
          class: 'bill-id',
          'data-row': isRow ? '' : undefined,
        },
        billId,
      )
    : h('span', { class: 'bill-id' }, billId);
}
