import type { ToldCode } from '../../api/contract/toldContract.ts';
import type { Phrase } from './toldFact.ts';

/** Why an action or a forecast failed. */
export const toldJobWords = {
  COLLECT_FAILED: [
    () => 'Its bills could not be looked at. The log of the api has the cause',
    () => '청구서를 확인하지 못함. 원인은 api 로그에 있음',
  ],
  TOO_MANY_BILLS: [
    (f) => `It would move more than ${f('bills')} bills: narrow the selection`,
    (f) => `대상이 ${f('bills')}건을 넘음: 조건을 좁히세요`,
  ],
  COLLECTOR_GONE: [
    () => 'The process that looked at its bills has ended: make the action again',
    () => '청구서를 확인하던 프로세스가 종료됨: 작업을 다시 만드세요',
  ],
  FORECAST_FAILED: [
    () => 'It failed: the log of the api says why',
    () => '예측 실패: 원인은 api 로그에 있음',
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

/** What is wrong with Kafka or PostgreSQL. */
export const toldServerWords = {
  KAFKA_UNASKED: [() => 'Kafka has not been asked yet', () => '아직 Kafka를 조회하지 않음'],
  KAFKA_UNREACHABLE: [
    () => 'The lag could not be read from Kafka: check KAFKA_BROKERS and that the topics exist',
    () => 'Kafka에서 지연을 읽지 못함: KAFKA_BROKERS와 토픽이 있는지 확인하세요',
  ],
  KAFKA_SILENT: [
    (f) => `Kafka has not answered within ${f('seconds')} s`,
    (f) => `Kafka가 ${f('seconds')}초 안에 응답하지 않음`,
  ],
  TOPIC_UNREAD: [
    () => 'The bytes are only in the topic, which could not be read from Kafka',
    () => '바이트가 토픽에만 있는데 Kafka에서 읽지 못함',
  ],
  NO_TOPIC: [
    (f) =>
      `There is no topic ${f('topics')}: check TOPIC_... and KAFKA_BROKERS. If they are right, start a ` +
      'dispatcher: it creates missing topics',
    (f) =>
      `토픽이 없음 (${f('topics')}): TOPIC_...과 KAFKA_BROKERS를 확인하세요. 맞다면 디스패처를 시작하면 ` +
      '토픽이 만들어집니다',
  ],
  NUMBERS_UNREADABLE: [() => 'The numbers cannot be read', () => '숫자를 읽을 수 없음'],
  DATABASE_UNREACHABLE: [
    () => 'PostgreSQL is unreachable: check DATABASE_URL and that it runs',
    () => 'PostgreSQL에 연결되지 않음: DATABASE_URL과 실행 여부를 확인하세요',
  ],
  DATABASE_CROWDED: [
    () =>
      'PostgreSQL has no connection left: raise max_connections, or lower DB_POOL_SIZE of the dispatchers',
    () => 'PostgreSQL에 남은 연결이 없음: max_connections를 올리거나 디스패처의 DB_POOL_SIZE를 낮추세요',
  ],
  DATABASE_LOGIN: [
    () =>
      'PostgreSQL does not let this user in: check the user and the password of DATABASE_URL, and pg_hba.conf',
    () => 'PostgreSQL이 로그인을 거부함: DATABASE_URL의 사용자와 비밀번호, pg_hba.conf를 확인하세요',
  ],
  DATABASE_MISSING: [
    () => 'There is no such database: check the name in DATABASE_URL, or create it',
    () => '데이터베이스가 없음: DATABASE_URL의 이름을 확인하거나 만드세요',
  ],
  DATABASE_SCHEMA: [
    () => 'There is no schema to put tables into: check search_path',
    () => '테이블을 둘 스키마가 없음: search_path를 확인하세요',
  ],
  DATABASE_RIGHT: [
    () => "This role lacks a right: billcast migrate --grant-run ROLE gives it, run by the tables' owner",
    () => '권한이 없음: 테이블 소유자로 billcast migrate --grant-run ROLE을 실행하세요',
  ],
  DATABASE_TABLE: [
    () => 'A table is missing: run billcast migrate, or check search_path',
    () => '테이블이 없음: billcast migrate를 실행하거나 search_path를 확인하세요',
  ],
  DATABASE_READ_ONLY: [
    () => 'PostgreSQL is read-only here, a standby: point DATABASE_URL at the primary, or name several hosts',
    () => '읽기 전용 대기 서버임: DATABASE_URL을 주 서버로 바꾸거나 여러 호스트를 적으세요',
  ],
  DATABASE_TLS: [
    () =>
      'The TLS connection to PostgreSQL fails: check its certificate, and sslmode and sslrootcert in DATABASE_URL',
    () => 'PostgreSQL과 TLS로 연결되지 않음: 인증서와 DATABASE_URL의 sslmode, sslrootcert를 확인하세요',
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;
