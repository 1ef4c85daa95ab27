import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createIdKeeper } from '../../../src/providers/http/idKeeper.ts';
import { compileAnswers } from '../../../src/providers/mapped/answerRules.ts';
import { compileBatchJudge } from '../../../src/providers/mapped/batchJudge.ts';
import { findMapping, mappingNames } from '../../../src/providers/mapped/mappingFiles.ts';
import { namedAnswers, sendsOf } from '../../../src/providers/mapped/resolveMapping.ts';
import { answerOf, partsOf } from '../../../src/providers/mapped/sender.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { claimOf } from '../../support/claims.ts';
import { echoedAnswers } from '../../support/standIns/echoedAnswers.ts';
import { echoesOf, spellingsOf } from '../../support/standIns/personalSpellings.ts';

const person = ['홍길동', 'Maria Hernandez Cruz', '서울특별시 강남구 테헤란로 152', '0012-3456-7890-1234'];
const contacts = { EMAIL: 'hong.gildong77@example.com', SMS: '010-1234-5678', ALIMTALK: '010-1234-5678' };
const secrets = [...person, ...Object.values(contacts)].flatMap(spellingsOf);
const echoes = echoesOf([...person, ...Object.values(contacts)]);
const ids = createIdKeeper('SMS', silentLog);

for (const name of mappingNames(undefined)) {
  const found = findMapping(name, undefined);
  if (found.kind !== 'found') continue;
  const { mapping } = found;
  describe(`what is kept of the answers of ${name}`, () => {
    for (const { form, send } of sendsOf(mapping)) {
      it(`holds nothing of the member that they repeat, whatever they mean: ${form}`, () => {
        const to = form === 'email' ? contacts.EMAIL : contacts.SMS;
        const claim = claimOf();
        const attempt = {
          claim,
          idempotencyKey: '5:EMAIL:1',
          startDeadline: { unixMs: 0, passed: () => false },
        };
        const outgoing = { to, body: Buffer.from(''), attempt };
        const answersOf = (value: typeof send.answers) => namedAnswers(mapping, value);
        const judgeOne = compileAnswers(answersOf(send.answers));
        const items = send.batch?.items;
        const judgeBatch = items && compileBatchJudge({ send, answersOf }, items);
        const kinds = new Set<string>();
        for (const answer of echoedAnswers(mapping, send)) {
          for (const words of echoes) {
            const echo = { key: '5:EMAIL:1', words, id: `msg-${to}` };
            const { status, body, headers = {} } = answer.reply(echo);
            const parts = partsOf({
              kind: 'answered',
              status,
              body: JSON.stringify(body) ?? words,
              headers,
              retryAfter: '',
              date: '',
            });
            const judged = judgeBatch?.(parts, [outgoing]) ?? [
              judgeOne(parts, (field) => (field === 'key' ? echo.key : to)),
            ];
            const [judgement = assert.fail('nothing is judged')] = judged === 'divide' ? [] : judged;
            const kept = answerOf(judgement, outgoing, ids);
            kinds.add(kept.kind);
            const text = JSON.stringify(kept);
            assert.deepEqual(
              secrets.filter((secret) => text.includes(secret)),
              [],
              text,
            );
          }
        }
        assert.ok(
          kinds.has('accepted') && kinds.has('misconfigured') && kinds.has('notSent'),
          [...kinds].join(),
        );
      });
    }
  });
}
