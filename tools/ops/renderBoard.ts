import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { BoardPanel } from './boardPanel.ts';
import { boardRows } from './boardPanels.ts';

/** The variable of the board, as Grafana writes it. */
const datasource = { type: 'prometheus', uid: '$datasource' };

/** Grafana's board as JSON. */
export function renderBoard(): string {
  const board = new DashboardBuilder('billcast')
    .uid('billcast-run')
    .description('The month live. Written by `npm run docs` from tools/ops')
    .tags(['billcast'])
    .timezone('browser')
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('instance')
        .label('Dispatcher')
        .datasource(datasource)
        .query('label_values(billcast_in_flight_bills, instance)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true)
        .allValue('.*'),
    );
  for (const { title, panels } of boardRows) {
    board.withRow(new RowBuilder(title));
    for (const panel of panels) board.withPanel(builderOf(panel));
  }
  return `${JSON.stringify(board.build(), undefined, 2)}\n`;
}

function builderOf(panel: BoardPanel): Builder<Panel> {
  return panel.kind === 'stat'
    ? described(new StatBuilder(), panel).height(4).span(4)
    : described(new TimeseriesBuilder(), panel)
        .fillOpacity(panel.kind === 'stacked' ? 40 : 0)
        .height(8)
        .span(12);
}

function described<B extends StatBuilder | TimeseriesBuilder>(builder: B, panel: BoardPanel): B {
  builder.title(panel.title).description(panel.description).unit(panel.unit).datasource(datasource).min(0);
  for (const [index, { expr, legend }] of panel.queries.entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + index);
    builder.withTarget(
      new DataqueryBuilder().expr(expr).legendFormat(legend).refId(refId).datasource(datasource),
    );
  }
  return builder;
}
