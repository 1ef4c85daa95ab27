import { parser } from '@prometheus-io/lezer-promql';

/** A selector of an expression: a metric, and the labels that it is asked by. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

export interface ReadExpression {
  readonly selectors: readonly Selector[];
  /** Labels that results are grouped by. */
  readonly groupedBy: readonly string[];
}

/**
 * What an expression of Prometheus asks for.
 * @throws SyntaxError if it is none
 */
export function readExpression(expr: string): ReadExpression {
  const text = expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
  const selectors: { metric: string; labels: string[] }[] = [];
  const groupedBy: string[] = [];
  parser.parse(text).iterate({
    enter({ type, from, to, node }) {
      const word = text.slice(from, to);
      if (type.isError) throw new SyntaxError(`at ${from} of ${expr}`);
      if (type.name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      const last = selectors.at(-1);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector' && last) last.metric = word;
      if (type.name !== 'LabelName') return;
      if (node.parent?.name === 'GroupingLabels') groupedBy.push(word);
      else last?.labels.push(word);
    },
  });
  return { selectors, groupedBy };
}
