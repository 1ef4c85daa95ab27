import { h, type JSX } from 'preact';
import { may } from '../app/session.ts';

/** A link to a bill. `j` and `k` stop at the first link of each row. */
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
