import { renderBoard } from './renderBoard.ts';
import { renderRules } from './renderRules.ts';

/** The files in `ops` that come from code, by their paths in the project. */
export function renderOpsFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['ops/prometheus/rules.yml', renderRules()],
    ['ops/grafana/billcast.json', renderBoard()],
  ]);
}
