import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { toldCodes } from '../../../src/api/contract/toldContract.ts';
import { toldOf } from '../../../src/api/told/toldOf.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';

/** Where a sentence is written, an example of it with its values in `<>`, and what is read in it. */
const written: readonly (readonly [file: string, example: string, codes: string])[] = [
  ['policy/brake/evidence.ts', '<9> of <12> bills turn to SMS: <HTTP 503>', 'TURN_SHARE HTTP'],
  ['policy/brake/evidence.ts', '<9> of <12> refused: <SMTP 550 5.1.1: no such user>', 'REFUSED_SHARE SMTP'],
  [
    'policy/brake/evidence.ts',
    '<9> of <the last 12> bills turn to SMS: <HTTP 503>',
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
    'db/actionProgress.ts',
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
  ['kafka/groupOffsets.ts', 'There is no topic <a, b>: check TOPIC_EMAIL', 'NO_TOPIC'],
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

  it('gives its facts', () => {
    assert.deepEqual(toldOf('9 of 12 refused: HTTP 402: no credit left'), [
      { code: 'REFUSED_SHARE', facts: { bills: '9', of: '12' } },
      { code: 'HTTP', facts: { status: '402', words: 'no credit left' } },
    ]);
    assert.deepEqual(toldOf(null), []);
  });
});

/** As the program has it: without the breaks between parts of a sentence. */
function sourceOf(file: string): string {
  return readFileSync(join(projectDir, 'src', file), 'utf8').replaceAll(/['"`] \+\s*['"`]/g, '');
}
