import type { Command } from 'commander';
import { defineRunApprove } from './runApprove.ts';
import { defineRunChange } from './runChange.ts';
import { defineRunClose } from './runClose.ts';
import { defineRunCreate } from './runCreate.ts';
import { defineRunList } from './runList.ts';
import { defineRunManifest } from './runManifest.ts';
import { defineRunPause } from './runPause.ts';
import { defineRunPrinter } from './runPrinter.ts';
import { defineRunRehearse } from './runRehearse.ts';
import { defineRunReport } from './runReportVerb.ts';
import { defineRunResume } from './runResume.ts';
import { defineRunSeeds } from './runSeeds.ts';
import { defineRunShow } from './runShow.ts';
import { defineRunSign } from './runSign.ts';
import { defineRunStart } from './runStart.ts';
import { defineRunStatement } from './runStatement.ts';

/** A line per verb, in the order in which a month needs them. */
export function defineRun(run: Command): void {
  run.description('Sends a month as a run: planned, approved, started small, finished (docs/runs.md).');
  defineRunCreate(run.command('create'));
  defineRunChange(run.command('change'));
  defineRunRehearse(run.command('rehearse'));
  defineRunSeeds(run.command('seeds'));
  defineRunApprove(run.command('approve'));
  defineRunStart(run.command('start'));
  defineRunPause(run.command('pause'));
  defineRunResume(run.command('resume'));
  defineRunClose(run.command('close'));
  defineRunManifest(run.command('manifest'));
  defineRunReport(run.command('report'));
  defineRunStatement(run.command('statement'));
  defineRunPrinter(run.command('printer'));
  defineRunSign(run.command('sign'));
  defineRunList(run.command('list'));
  defineRunShow(run.command('show'));
}
