import type { Pair } from './language.ts';

type Phrase = Pair<(text: string) => string>;

export const common = {
  skip: ['Skip to the content', '본문으로 건너뛰기'],
  pages: ['Pages', '페이지'],
  find: ['Find a bill', '청구서 찾기'],
  findHint: ['Bill id', '청구서 번호'],
  connecting: ['Connecting…', '연결 중…'],
  lost: ['Connection lost. Connecting again…', '연결이 끊어졌습니다. 다시 연결 중…'],
  held: ['Live numbers stopped', '실시간 갱신 멈춤'],
  live: ['Live', '실시간'],
  hold: ['Stop live numbers', '실시간 갱신 멈추기'],
  goOn: ['Go on', '계속'],
  paused: ['Sending is paused', '발송이 일시 정지됨'],
  running: ['Sending is on', '발송 중'],
  pause: ['Pause sending', '발송 일시 정지'],
  resume: ['Resume sending', '발송 재개'],
  theme: ['Colours', '색상'],
  themeAuto: ['As the system', '시스템 설정'],
  themeLight: ['Light', '밝게'],
  themeDark: ['Dark', '어둡게'],
  languageName: ['한국어', 'English'],
  signIn: ['Sign in', '로그인'],
  signOut: ['Sign out', '로그아웃'],
  token: ['Token', '토큰'],
  tokenHelp: [
    'Your token, as whoever runs billcast gave it to you. It stays with the server as a session of 12 hours.',
    '관리자에게 받은 토큰을 입력하세요. 세션은 12시간 동안 유지됩니다.',
  ],
  close: ['Close', '닫기'],
  cancel: ['Cancel', '취소'],
  reason: ['Reason', '사유'],
  reasonHelp: [
    'At least 3 characters. It is kept with the record, so no names or numbers of persons.',
    '3자 이상. 기록으로 남으므로 개인정보를 적지 마세요.',
  ],
  optional: ['(optional)', '(선택)'],
  retry: ['Try again', '다시 시도'],
  loading: ['Loading…', '불러오는 중…'],
  bill: ['Bill', '청구서'],
  bills: ['Bills', '청구서'],
  state: ['State', '상태'],
  channel: ['Channel', '채널'],
  month: ['Month', '청구월'],
  cycle: ['Cycle', '회차'],
  why: ['Why', '이유'],
  since: ['Since', '시작'],
  changed: ['Changed', '변경'],
  next: ['Next', '다음'],
  first: ['First page', '첫 페이지'],
  more: ['Next page', '다음 페이지'],
  all: ['All', '전체'],
  who: ['Who', '누가'],
  when: ['When', '언제'],
  notAllowed: ['Your role may not see this.', '이 내용을 볼 권한이 없습니다.'],
  missing: ['There is no such page.', '없는 페이지입니다.'],
  showNumbers: ['Show the values as a table', '값을 표로 보기'],
} as const satisfies Record<string, Pair>;

export const phrases = {
  readAt: [(age) => `Read ${age}`, (age) => `${age} 읽음`],
  counted: [(age) => `counted ${age}`, (age) => `${age} 집계`],
  by: [(who) => `by ${who}`, (who) => `${who}`],
  signedIn: [(who) => `Signed in as ${who}`, (who) => `${who}(으)로 로그인`],
} as const satisfies Record<string, Phrase>;

export const pageNames = {
  overview: ['Overview', '개요'],
  failures: ['Failures', '실패'],
  search: ['Search', '검색'],
  bill: ['Bill', '청구서'],
  doubts: ['Doubts', '결과 불명'],
  actions: ['Actions', '작업'],
  action: ['Action', '작업'],
  deadLetters: ['Dead letters', '처리 불가'],
  providers: ['Providers', '사업자'],
  dispatchers: ['Dispatchers', '디스패처'],
  audit: ['Audit', '감사 기록'],
} as const satisfies Record<string, Pair>;

export type PageName = keyof typeof pageNames;
