/** One panel: what it asks, and how it is drawn. */
export interface BoardPanel {
  readonly title: string;
  readonly description: string;
  readonly kind: 'stat' | 'lines' | 'stacked';
  /** Grafana's name of the unit. */
  readonly unit: string;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

export interface BoardRow {
  readonly title: string;
  readonly panels: readonly BoardPanel[];
}

type Head = readonly [title: string, description: string, unit: string];

export function stat([title, description, unit]: Head, expr: string): BoardPanel {
  return { title, description, kind: 'stat', unit, queries: [{ expr, legend: title }] };
}

export function lines(
  [title, description, unit]: Head,
  queries: readonly (readonly [expr: string, legend: string])[],
): BoardPanel {
  return {
    title,
    description,
    kind: 'lines',
    unit,
    queries: queries.map(([expr, legend]) => ({ expr, legend })),
  };
}
