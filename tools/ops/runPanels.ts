import { type BoardRow, lines } from './boardPanel.ts';

/** The board's row about runs that are not over. */
export const runsRow: BoardRow = {
  title: 'Runs',
  panels: [
    lines(
      ['Bills left', 'Of open runs, to be released', 'short'],
      [['max by (run) (billcast_run_bills{part="left"})', '{{run}}']],
    ),
    lines(
      ['Released', 'Of open runs', 'short'],
      [['max by (run) (billcast_run_bills{part="released"})', '{{run}}']],
    ),
    lines(
      ['Time to the deadline, at the expected end', 'Below 0: the run is late', 's'],
      [
        [
          'max by (run) (billcast_run_deadline_timestamp_seconds) - max by (run) (billcast_run_expected_end_timestamp_seconds)',
          '{{run}}',
        ],
      ],
    ),
    lines(
      ['State', '1: the run is in it', 'short'],
      [['max by (run, state) (billcast_run_state)', '{{run}} {{state}}']],
    ),
    lines(
      ['Canary', '1: only the canary is out', 'short'],
      [['max by (run) (billcast_run_canary)', '{{run}}']],
    ),
  ],
};
