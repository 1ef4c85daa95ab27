import { h, type JSX } from 'preact';
import { samples } from '../app/liveFeed.ts';
import { rate } from '../words/format.ts';
import { type Pair, say } from '../words/language.ts';
import { overview } from '../words/overviewWords.ts';
import { LineChart, type LineChartOptions } from './lineChart.ts';

/** Bills that end per second. */
export function Throughput(): JSX.Element {
  const points = samples.value;
  const last = points.at(-1);
  const now = `${rate(last?.deliveredPerSecond)} / ${rate(last?.failedPerSecond)} ${say(overview.perSecond)}`;
  return chartPanel({
    id: 'throughput',
    title: overview.throughput,
    help: overview.throughputHelp,
    chart: {
      label: `${say(overview.throughput)}: ${now}`,
      times: points.map(({ at }) => at),
      lines: [
        {
          label: say(overview.delivered),
          colour: '--delivered',
          values: points.map((point) => point.deliveredPerSecond),
          isFilled: true,
        },
        {
          label: say(overview.failed),
          colour: '--failed',
          isDashed: true,
          values: points.map((point) => point.failedPerSecond),
        },
      ],
      show: rate,
    },
  });
}

/** How long providers take to answer. */
export function AnswerTimes(): JSX.Element {
  const points = samples.value;
  return chartPanel({
    id: 'answers',
    title: overview.answers,
    help: overview.answersHelp,
    chart: {
      label: `${say(overview.answers)}: ${seconds(points.at(-1)?.answerSeconds ?? null)}`,
      times: points.map(({ at }) => at),
      lines: [
        {
          label: say(overview.answers),
          colour: '--sent',
          values: points.map((point) => point.answerSeconds),
          isFilled: true,
        },
      ],
      show: seconds,
    },
  });
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} ${say(['s', '초'])}`;
}

function chartPanel(panel: {
  readonly id: string;
  readonly title: Pair;
  readonly help: Pair;
  readonly chart: LineChartOptions;
}): JSX.Element {
  const { id, title, help, chart } = panel;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': `${id}-title` },
    h('header', null, h('h2', { id: `${id}-title` }, say(title)), h('p', { class: 'quiet' }, say(help))),
    chart.times.length < 2
      ? h('p', { class: 'empty chart-empty' }, say(overview.noHistory))
      : [legend(chart), h(LineChart, { key: 'chart', ...chart })],
  );
}

function legend({ lines }: LineChartOptions): JSX.Element | false {
  return (
    lines.length > 1 &&
    h(
      'ul',
      { class: 'legend', key: 'legend' },
      lines.map(({ label, colour, isDashed }) =>
        h('li', { key: label, class: `key${colour} ${isDashed ? 'dashed' : ''}` }, label),
      ),
    )
  );
}
