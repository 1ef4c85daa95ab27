import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { toldCodes } from '../../../src/api/contract/toldContract.ts';
import { toldOf } from '../../../src/api/told/toldOf.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { nothingToPlanText } from '../../../src/runs/nothingToPlan.ts';

/** The file that writes a sentence, an example with its values in `<>`, and the codes that are read in it. */
const written: readonly (readonly [file: string, example: string, codes: string])[] = [
  ['policy/brake/evidence.ts', '<9> of <12> bills turn to the next channel: <HTTP 503>', 'TURN_SHARE HTTP'],
  ['policy/brake/evidence.ts', '<9> of <12> refused: <SMTP 550 5.1.1: no such user>', 'REFUSED_SHARE SMTP'],
  [
    'policy/brake/evidence.ts',
    '<9> of <the last 12> bills turn to the next channel: <HTTP 503>',
    'TURN_SHARE_OF_LAST HTTP',
  ],
  ['policy/brake/evidence.ts', '<20> of <the last 20> refused: <HTTP 402>', 'REFUSED_SHARE_OF_LAST HTTP'],
  ['policy/brake/evidence.ts', 'see the log of the other dispatchers', 'SEEN_ELSEWHERE'],
  [
    'sweeper/admitTurns.ts',
    '<9> of <12> accepted messages came back, and their bills would go on',
    'RETURN_SHARE',
  ],
  ['db/reads/brakeStates.ts', '<HTTP 429: slow down>; <8.5> bills a second', 'HTTP PACE'],
  ['providers/http/causes.ts', 'no connection to <gw.example:443>', 'NO_CONNECTION'],
  ['providers/http/causes.ts', 'no connection in time to< gw.example>', 'CONNECT_TIME_OUT'],
  ['providers/http/causes.ts', 'the other side closed the connection:< gw.example>', 'CLOSED'],
  ['providers/http/causes.ts', 'stopped, no more sends to< gw.example>', 'STOPPED'],
  ['providers/http/causes.ts', '<ECONNREFUSED 10.0.0.7:443>', 'SYSTEM'],
  ['providers/http/causes.ts', '<ENOTFOUND typo.invalid>', 'SYSTEM'],
  ['providers/http/classify.ts', 'no answer in time from <gw.example:443>', 'NO_ANSWER'],
  ['providers/smtp/classifyEnd.ts', 'no answer in time from <[::1]:25>', 'NO_ANSWER'],
  ['providers/http/classify.ts', '<gw.example> refused it unread, by HTTP/2', 'REFUSED_UNREAD'],
  ['providers/http/classify.ts', 'HTTP <200> with the key of another message', 'OTHER_KEY'],
  [
    'providers/http/classify.ts',
    "HTTP 412: the gateway's clock is <7> s ahead of this machine's, set both by NTP",
    'CLOCK',
  ],
  ['providers/mapped/batchJudge.ts', 'the answer to the batch does not name this message', 'NOT_IN_BATCH'],
  ['providers/smtp/smtpProvider.ts', 'the relay offers no SMTPUTF8', 'NO_SMTPUTF8'],
  ['providers/smtp/smtpProvider.ts', 'the relay takes <1048576> bytes at most', 'MAIL_TOO_LARGE'],
  ['consumer/pipeline/send.ts', 'provider threw', 'PROVIDER_THREW'],
  ['policy/brake/evidence.ts', '<PROVIDER_TIME_OUT>', 'REASON'],
  [
    'runs/gates.ts',
    '<failed>: <1,412> of <2,000> bills< (70.6 %)>, limit <1 %>, mostly <TEMPLATE_FAILED> (<1,400>)',
    'GATE',
  ],
  [
    'runs/gates.ts',
    '<turned>: <0> of <0> bills<>, limit <20 %><; failed: 0 of 0 bills, limit 1 %>',
    'GATE GATE',
  ],
  ['runs/gates.ts', 'in the last minute <failed: 30 of 40 bills (75 %), limit 1 %>', 'LAST_MINUTE GATE'],
  [
    'sweeper/runs/watchCanary.ts',
    'the canary has <1 bill>, too few to judge: <failed: 0 of 1 bills (0 %), limit 1 %>',
    'CANARY_FEW GATE',
  ],
  [
    'sweeper/runs/watchCanary.ts',
    'the canary is good, and the plan says that a person lets the rest go: <failed: 0 of 100 bills (0 %), limit 1 %>',
    'CANARY_GOOD GATE',
  ],
  [
    'sweeper/runs/watchCanary.ts',
    '<3> of <100> bills of the canary have not ended, and none has for <5> minutes<, mostly HTTP_503 (2)>: \\`billcast doctor\\`',
    'CANARY_STUCK',
  ],
  [
    'sweeper/runs/mayRelease.ts',
    'dispatchers print with version <abc>, approved was <def>: put the approved files back and resume, or',
    'TEMPLATE',
  ],
  [
    'sweeper/runs/mayRelease.ts',
    'a brake is on: <e-mail by ses: settings: HTTP 402: no credit; SMS: no cause is known>',
    'BRAKES BRAKE HTTP BRAKE BRAKE_UNKNOWN',
  ],
  [
    'sweeper/runs/runSurroundings.ts',
    '<a brake is on: SMS: >no cause is known',
    'BRAKES BRAKE BRAKE_UNKNOWN',
  ],
  [
    'runs/proposal.ts',
    '<its bills are not those that were approved: 4> bills were approved, and <5> are held now<.>',
    'BILLS_MORE',
  ],
  [
    'runs/proposal.ts',
    '<its bills are not those that were approved: >their sum was <5 KRW> when they were approved, and is <6 KRW> now<. Put>',
    'BILLS_SUM',
  ],
  [
    'runs/proposal.ts',
    '<its bills are not those that were approved: >they are as many, with the same sum, but',
    'BILLS_EXCHANGED',
  ],
  [
    'runs/proposal.ts',
    '<its bills are not those that were approved: 3> of them are gone, and beside that',
    'BILLS_GONE',
  ],
  [
    'sweeper/runs/heldByBills.ts',
    'its bills are not those that were approved: <4 bills were approved, and 5 are held now>. Put them back',
    'BILLS_MORE',
  ],
  [
    'operations/testSends/sendRunSeeds.ts',
    'no message to a seed address was accepted: <HTTP_503>',
    'SEEDS REASON',
  ],
  [
    'operations/testSends/sendRunSeeds.ts',
    '<no message to a seed address was accepted: >there was no bill to show',
    'SEEDS NO_SEED_BILL',
  ],
  ['operations/testSends/rehearse.ts', 'it was interrupted; `run rehearse` goes on with it', 'INTERRUPTED'],
  [
    'operations/testSends/rehearse.ts',
    'the provider took none of the last messages: <HTTP 401>',
    'REHEARSAL_REFUSED HTTP',
  ],
  ['operations/testSends/rehearse.ts', 'the run is <PAUSED>', 'RUN_STATE'],
  ['runs/runDeadline.ts', 'the run is paused: `billcast run resume` lets it go on', 'HELP_RUN'],
  ['runs/runDeadline.ts', 'the cluster is paused: `billcast resume` lets it go on', 'HELP_CLUSTER'],
  [
    'runs/runDeadline.ts',
    'a brake is on (<e-mail: HTTP 402>): repair the cause, or \\`billcast resume --channel\\`',
    'HELP_BRAKE BRAKE HTTP',
  ],
  [
    'runs/runDeadline.ts',
    '<7> bills wait for the end of quiet hours or a back-off, or for their next cycle',
    'HELP_WAITING',
  ],
  [
    'runs/runDeadline.ts',
    'nothing goes through: `billcast status` and `billcast doctor` say why',
    'HELP_NOTHING_MOVES',
  ],
  ['runs/runDeadline.ts', "the run's own pace is the limit, <5 bills per second>: raise it", 'HELP_PACE'],
  [
    'runs/runDeadline.ts',
    'PROVIDER_RATES is the limit, <5 bills per second>: ask the provider for more',
    'HELP_RATES',
  ],
  [
    'runs/runDeadline.ts',
    'the provider slows us down (<HTTP 429, 5.0 bills per second>): ask it for more',
    'HELP_SLOWED HTTP PACE',
  ],
  ['sweeper/runs/runSurroundings.ts', '<HTTP 429>, <5.0> bills per second', 'HTTP PACE'],
  [
    'runs/runDeadline.ts',
    "no limit is reached with <2> dispatcher(s): start more, or look at the provider's answers",
    'HELP_NO_LIMIT',
  ],
  [
    'runs/runDeadline.ts',
    'the send windows are closed for <62.5 %> of the time that is left: widen them',
    'HELP_WINDOWS',
  ],
  ['runs/runDeadline.ts', 'no send window opens before the deadline', 'HELP_NO_WINDOW'],
  [
    'runs/runDeadline.ts',
    '<1,000> bills in time need <20 bills per second>, and it makes <9.5 bills per second>',
    'HELP_NEED',
  ],
  [
    'operations/actions/collectAction.ts',
    'its bills could not be looked at; the log of the api has the cause',
    'COLLECT_FAILED',
  ],
  [
    'operations/actions/collectAction.ts',
    'it would move more than <10000> bills: narrow the selection',
    'TOO_MANY_BILLS',
  ],
  [
    'db/forgottenActions.ts',
    'the process that looked at its bills has ended: make the action again',
    'COLLECTOR_GONE',
  ],
  ['operations/forecast/forecastJobs.ts', 'it failed: the log of the api says why', 'FORECAST_FAILED'],
  ['api/live/lagReader.ts', 'Kafka has not been asked yet.', 'KAFKA_UNASKED'],
  [
    'kafka/groupOffsets.ts',
    'The lag could not be read from Kafka.< Check KAFKA_BROKERS and that the topics exist.>',
    'KAFKA_UNREACHABLE',
  ],
  ['kafka/kafkaAdmin.ts', '<The lag could not be read from Kafka.> Check KAFKA_BROKERS', 'KAFKA_UNREACHABLE'],
  ['kafka/answeredInTime.ts', 'Kafka has not answered within <8> s', 'KAFKA_SILENT'],
  [
    'kafka/findRecord.ts',
    'The topic could not be read from Kafka<: Kafka has not answered within 15 s>',
    'TOPIC_UNREAD KAFKA_SILENT',
  ],
  ['kafka/groupOffsets.ts', 'There is no topic <a, b>: check TOPIC_', 'NO_TOPIC'],
  ['api/live/liveNumbers.ts', 'The numbers cannot be read.', 'NUMBERS_UNREADABLE'],
  ['db/clearError.ts', 'PostgreSQL is unreachable: check', 'DATABASE_UNREACHABLE'],
  ['db/clearError.ts', 'PostgreSQL has no connection left: raise', 'DATABASE_CROWDED'],
  ['db/clearError.ts', 'PostgreSQL does not let this user in: check', 'DATABASE_LOGIN'],
  ['db/clearError.ts', 'PostgreSQL wants a password, and', 'DATABASE_LOGIN'],
  ['db/clearError.ts', 'there is no such database: check', 'DATABASE_MISSING'],
  ['db/clearError.ts', 'there is no schema to put tables into: check', 'DATABASE_SCHEMA'],
  ['db/clearError.ts', 'this role lacks a right: ', 'DATABASE_RIGHT'],
  ['db/clearError.ts', 'a table is missing: run', 'DATABASE_TABLE'],
  ['db/clearError.ts', 'PostgreSQL is read-only here, a standby: point', 'DATABASE_READ_ONLY'],
  ['db/clearError.ts', 'PostgreSQL does not speak TLS: switch', 'DATABASE_TLS'],
  ['db/clearError.ts', "PostgreSQL's certificate has expired: renew", 'DATABASE_TLS'],
  [
    'api/identity/guard.ts',
    'This needs the permission <control>: the role <operator or admin>. A token may have several roles',
    'NEEDS_ROLE',
  ],
  [
    'api/routes/actionRoutes.ts',
    'This role may retry or resend one bill at a time, by its id.',
    'ONE_BILL_ROLE',
  ],
  ['api/routes/sessionRoutes.ts', 'There is no such token, or it has expired.', 'TOKEN_UNKNOWN'],
  ['operations/apiTokens.ts', 'the token would expire in the past: choose a later time', 'TOKEN_PAST'],
  [
    'operations/apiTokens.ts',
    'without API_TOKENS everybody on this machine is administrator, and a token would close nothing',
    'TOKENS_LAST',
  ],
  ['api/routes/actionRoutes.ts', 'It is <RUNNING>.', 'ACTION_STATE'],
  ['api/routes/deadLetterRoutes.ts', 'Its bytes are no longer there.', 'LETTER_GONE'],
  [
    'operations/deadLetters.ts',
    'Nothing was sent again<: Kafka has not answered within 8 s>',
    'LETTER_NOT_SENT KAFKA_SILENT',
  ],
  [
    'operations/deadLetters.ts',
    'It may have been sent, and to send it once more does no harm<: Kafka has not answered within 8 s>',
    'LETTER_PERHAPS_SENT KAFKA_SILENT',
  ],
  ['operations/contacts.ts', 'this is neither an e-mail address nor a phone number', 'CONTACT_FORM'],
  ['operations/contacts.ts', 'contacts are found by keyed hashes: set CIPHER_KEYS', 'KEYS_UNSET'],
  ['operations/suppressionList.ts', 'addresses are kept as keyed hashes: set CIPHER_KEYS', 'KEYS_UNSET'],
  ['api/routes/previewRoutes.ts', '<TEMPLATE_FAILED>: <total of bill 7 is missing>', 'RENDER_FAILED'],
  [
    'runs/runState.ts',
    '<run 2026-11: >it is <DONE>, so it cannot be <approved>: <now it can be closed>',
    'RUN_CANNOT',
  ],
  [
    'operations/runs/report/signReport.ts',
    'run <2026-11> is <RUNNING>: only a run that is DONE can be signed off',
    'RUN_NOT_DONE',
  ],
  [
    'operations/proof/makeManifest.ts',
    'run <2026-11> is <RUNNING>: its manifest is made when it is DONE',
    'RUN_NOT_DONE',
  ],
  [
    'operations/runs/report/signReport.ts',
    'run <2026-11> has changed meanwhile: look at it again',
    'RUN_SEEN_OLD',
  ],
  [
    'operations/runs/readRuns.ts',
    'run <2026-11> has another plan than the one you saw: look at it again',
    'RUN_SEEN_OLD',
  ],
  [
    'operations/testSends/openRehearsal.ts',
    'run <2026-11> was changed just now: look at it and try again',
    'RUN_SEEN_OLD',
  ],
  ['operations/runs/readRuns.ts', 'run <2026-11> was released at once by publish: ', 'RUN_AT_ONCE'],
  ['operations/runs/planRun.ts', 'there is a run <2026-11> already: give another id', 'RUN_NAME_TAKEN'],
  [
    'operations/runs/planRun.ts',
    'the id of a run has small letters, digits and hyphens, at most 63',
    'RUN_NAME_FORM',
  ],
  [
    'operations/runs/fourEyes.ts',
    '<person ann> asked for <run 2026-11>: it is <approved> by another person',
    'RUN_ASKED_BY',
  ],
  [
    'operations/runs/decideRun.ts',
    'the bills of run <2026-11> are not those that were approved: <20 of them are gone>. ',
    'RUN_OTHER_BILLS',
  ],
  [
    'operations/runs/decideRun.ts',
    'run <2026-11> was approved with template <bill> <f00>, and these are others: <bill of this host>. ',
    'RUN_OTHER_TEMPLATES',
  ],
  [
    'operations/runs/decideRun.ts',
    'the plan of run <2026-11> in the database is not the one that was approved: somebody',
    'RUN_EDITED',
  ],
  [
    'operations/runs/report/signReport.ts',
    'bills still wait, are on their way or are sent again by themselves: sign when it is over',
    'BILLS_ON_THEIR_WAY',
  ],
  [
    'operations/runs/report/signReport.ts',
    'the report does not add up (<bills: 7 of 8>). To sign it all the same, say why',
    'REPORT_OFF',
  ],
  [
    'operations/runs/steerRun.ts',
    '<GATE_REFUSED> holds run <2026-11>: say with a reason why the rest may go out',
    'OVERRULE_WHY',
  ],
  [
    'runs/nothingToPlan.ts',
    'the selection names no bill: plan the run when the billing batch has written',
    'NOTHING_SELECTED',
  ],
  ['runs/nothingToPlan.ts', 'no bill of this selection can be planned: <1 is unknown>', 'NONE_PLANNABLE'],
  [
    'runs/plan.ts',
    'the deadline <2026-11-01T00:00:00.000Z> is past: it is <2026-11-29T00:00:00.000Z>',
    'DEADLINE_PAST',
  ],
  [
    'runs/plan.ts',
    'nothing goes out before <2026-11-29T00:00:00.000Z>, which is not before the deadline <2026-11-28>',
    'DEADLINE_FIRST',
  ],
  [
    'operations/runs/readStatement.ts',
    '<november.csv> cannot be read as CSV: <Quote Not Closed>',
    'STATEMENT_UNREADABLE',
  ],
  [
    'operations/runs/readStatement.ts',
    '<november.csv> has the columns <a, b>: say which one is the id or our key',
    'STATEMENT_COLUMNS',
  ],
  [
    'operations/runs/readStatement.ts',
    '<november.csv> has no column <cost>: it has <a, b>',
    'STATEMENT_NO_COLUMN',
  ],
  [
    'operations/runs/readStatement.ts',
    'line <7> of the statement: the cost <seven> is no number',
    'STATEMENT_COST',
  ],
  [
    'operations/runs/readStatement.ts',
    '<november.csv> has more than <1,000> messages, the most that are compared here: ',
    'STATEMENT_LONG',
  ],
  [
    'api/routes/runs/runStatementRoutes.ts',
    'The database took too long to compare the statement, and nothing of it is kept. ',
    'STATEMENT_SLOW',
  ],
  [
    'operations/runs/compareStatement.ts',
    '<ses> accepted nothing of this run, and no channel uses it: <mailgun, local> are used',
    'STATEMENT_PROVIDER',
  ],
  [
    'operations/testSends/sendRunSeeds.ts',
    'there are no seed addresses: set SEED_EMAIL or SEED_PHONE',
    'SEEDS_UNSET',
  ],
  ['operations/testSends/sendRunSeeds.ts', 'run <2026-11> has no bills to show', 'SEEDS_NO_BILLS'],
  [
    'operations/testSends/refuseInSafeMode.ts',
    '<Starting a run> is refused while <DELIVER_ONLY_TO> is set, since members would get the bills: ',
    'SAFE_MODE',
  ],
  [
    'operations/testSends/rehearse.ts',
    'a rehearsal needs DELIVER_ONLY_TO=@company.kr or REDIRECT_ALL_TO=qa@company.kr',
    'REHEARSAL_UNSET',
  ],
  [
    'operations/testSends/rehearsalJobs.ts',
    'another process rehearses run <2026-11> now: ',
    'REHEARSED_ELSEWHERE',
  ],
  ['providers/provider.ts', '<Konto gesperrt>', 'WORDS'],
];

describe('a sentence of the server', () => {
  for (const [file, example, codes] of written) {
    it(`is read as ${codes}: ${example}`, () => {
      const sentence = example.replaceAll(/[<>\\]/g, '');
      assert.deepEqual(
        toldOf(sentence)
          .map(({ code }) => code)
          .join(' '),
        codes,
      );
      const source = sourceOf(file);
      for (const part of example.split(/<[^>]*>/)) {
        assert.ok(source.includes(part), `src/${file} writes another sentence: ${part}`);
      }
    });
  }

  it('of each code is tested', () => {
    const tested = new Set(written.flatMap(([, , codes]) => codes.split(' ')));
    assert.deepEqual(new Set(toldCodes), tested);
  });

  it('of bills that cannot be planned is read with any of its parts', () => {
    const asOf = '2026-11-28 00:00:00+00';
    const counts = { asOf, notHeld: 1_200, heldLater: 1, unknown: 2 };
    const text = nothingToPlanText(counts, { month: '2026-11', unregistered: 3 });
    assert.deepEqual(toldOf(text), [
      {
        code: 'NONE_PLANNABLE',
        facts: { gone: '1,200', later: '1', unregistered: '3', month: '2026-11', unknown: '2' },
      },
    ]);
    const later = nothingToPlanText(
      { ...counts, notHeld: 0, unknown: 0 },
      { month: undefined, unregistered: 0 },
    );
    assert.deepEqual(toldOf(later), [{ code: 'NONE_PLANNABLE', facts: { later: '1' } }]);
  });

  it('gives its facts', () => {
    assert.deepEqual(toldOf('9 of 12 refused: HTTP 402: no credit left'), [
      { code: 'REFUSED_SHARE', facts: { bills: '9', of: '12' } },
      { code: 'HTTP', facts: { status: '402', words: 'no credit left' } },
    ]);
    assert.deepEqual(toldOf(null), []);
  });
});

/** The text of a source file, with the parts of each broken string joined. */
function sourceOf(file: string): string {
  return readFileSync(join(projectDir, 'src', file), 'utf8').replaceAll(/['"`] \+\s*['"`]/g, '');
}
