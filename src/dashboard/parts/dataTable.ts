import { type ComponentChild, h, type JSX } from 'preact';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChild;
  readonly isNumber?: boolean;
  /** Whether this column names the row. */
  readonly isHead?: boolean;
}

/**
 * Rows of facts. On a narrow screen each row becomes a card. Then browsers forget that it is a table, so the
 * roles are stated.
 */
export function dataTable<Row>(
  label: string,
  columns: readonly Column<Row>[],
  rows: readonly { readonly key: string; readonly row: Row }[],
): JSX.Element {
  return h(
    'table',
    { class: 'data', role: 'table', 'aria-label': label },
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map(({ head, isNumber }) =>
          h('th', { key: head, role: 'columnheader', scope: 'col', class: isNumber ? 'number' : '' }, head),
        ),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map(({ key, row }) =>
        h(
          'tr',
          { key, role: 'row' },
          columns.map((column) => cell(column, row)),
        ),
      ),
    ),
  );
}

function cell<Row>({ head, cell: content, isNumber, isHead }: Column<Row>, row: Row): JSX.Element {
  const attributes = { key: head, 'data-label': head, class: isNumber ? 'number' : '' };
  return isHead
    ? h('th', { ...attributes, role: 'rowheader', scope: 'row' }, together(content(row)))
    : h('td', { ...attributes, role: 'cell' }, together(content(row)));
}

/** Keeps the parts of one value together: a card would spread them. */
function together(content: ComponentChild): ComponentChild {
  return Array.isArray(content) ? h('span', null, content) : content;
}
