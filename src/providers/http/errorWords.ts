/**
 * Keeps the words that errors are made of, and replaces all others by `…`. A provider may repeat what it was
 * sent, and nothing else tells a member's name from a word. Numbers stay, so remove them before.
 */
export function errorWordsOf(text: string): string {
  return text.replaceAll(word, (found) => (isKnown(found) ? found : gap)).replaceAll(gaps, gap);
}

const gap = '…';
const word = /[\p{L}\p{M}][\p{L}\p{M}\p{N}_]*/gu;
/** Several `…`, with whatever is between them that is neither letter nor digit. */
const gaps = /…(?:[^\p{L}\p{N}]*…)+/gu;

/** Whether a word is known. `TooManyRequests` and `rate_limit` consist of known words too. */
function isKnown(found: string): boolean {
  if (korean.test(found)) return true;
  return found
    .split(/_|(?<=\p{Ll})(?=\p{Lu})/u)
    .every((part) => part === '' || english.has(part.toLowerCase()));
}

/** Words that are also usual names are left out, such as `will`, `mark` or `bill`. */
const english: ReadonlySet<string> = new Set(
  `
  a an the this that these there no not none never nothing any all some one another other same only also too many
  much more most least less few first last next new old own both each every very just again still now later soon
  already yet or and but nor if then else than because due as at by for from in into of off on onto out over per
  since so through to under until up upon via when where whether while which who whom whose why how with within
  without above below before after between during against about it its we our you your they them their i he she
  is are was were be been being am do does did done has have had having can could cannot should would must shall
  might need needs needed got get gets give given gave make made take taken took takes put set sets let keep kept
  http https smtp esmtp tls ssl ip ipv4 ipv6 dns mx spf dkim dmarc rbl dnsbl ptr rdns helo ehlo mail rcpt data rset
  starttls auth smtputf8 api json xml html url uri id ids key keys token tokens iam aws sns ses
  accept accepted access account accounts action active activity address addresses administrator alias allowed
  allow already app application argument arguments array attachment attempt attempts authenticate authenticated
  authentication authorization authorized authorised available away
  backend bad balance banned barred base because blacklist blacklisted blank block blocked blocklist blocklisted
  body bounce bounced boundary broken buffer busy byte bytes
  call caller campaign cancelled carrier category certificate channel character characters charset check checked
  client clock close closed closing code codes command commands complete concurrent condition config configuration
  configured confirm conflict connect connected connection connections contact contain contained containing contains
  content contract corrupt country create created credential credentials credit credits currently customer
  daily database date day days deactivated deadline declined default deferred delay delayed delete deleted deliver
  delivered delivery denied deny denylist deprecated destination detail details detected device disabled disallowed
  disk does domain domains down duplicate duplicated
  email emails e empty enabled encoding end endpoint enhanced enough entity envelope error errors exceed exceeded
  exceeds exhausted exist existing exists expected expire expired external
  fail failed failure failures fast fault feature field fields file files filter filtered final find forbidden
  format formatted formed found frequency frozen full function
  gateway general generic gone got graylisted greylist greylisted greylisting group
  handle handset hard has header headers held hold host hosts hour hours
  ignored illegal implemented inactive inbound inbox incoming incomplete incorrect indefinitely infected info
  information insufficient integer internal invalid issue item items
  kakao kakaotalk known
  large left length level limit limited limits line lines link list listed lists load local locked login long longer
  lookup loop low
  mailbox mailboxes maintenance malformed malware match matches matching max maximum message messages method min
  minimum minute minutes mismatch missing misconfigured mobile mode moment month monthly moved multiple
  name network night null number numbers
  object offline ok operation operator option optional order our outbound overloaded owner
  package page paid parameter parameters params parse partner password path pattern payload payment pending period
  permanent permanently permission permissions permitted phishing phone place plan platform please policies policy
  pool port possible post postmaster prefix present problem process processed processing profile prohibited property
  protocol provide provided provider proxy
  quarantined queue queued quota
  range rate rates reach reached read reason receive received receiver receiving recipient recipients record records
  redirect refer refuse refused region registered registration reject rejected relay relaying remote remove removed
  repeated replace reply report reputation request requested requester requests require required requires reserved
  reset resource response restricted result resume retries retry return returned reverse review root route routing
  rule rules
  scheduled scope second seconds secret see segment send sender senders sending sends sent server servers service
  services session setting settings short shut sign signature signed similar site size slow smarthost soft source
  spam spamhaus spool start state status step stop stopped storage stored string subject submission submit subscriber
  subscription success successful support supported suppressed suppression suspended syntax system
  table tag target temporarily temporary template templates terminal terminated test text throttle throttled
  throttling time timed timeout timeouts times timestamp title together token total traffic transaction transient
  transmission try trying turned type types
  unable unallocated unauthenticated unauthorized unavailable unconfigured undeliverable unexpected unique unknown
  unlisted unprocessable unreachable unrecognized unregistered unroutable unsent unsolicited unsubscribed unsupported
  update updated usage use used user users using
  valid validate validation value values variable verification verified verify version virus volume
  wait waiting want warning wrong write yes yours zero zone temporarily order oops words here
  `
    .trim()
    .split(/\s+/),
);

const koreanStems =
  '잔액|부족|발신|수신|수신자|발신자|번호|발신번호|수신번호|전화번호|등록|미등록|인증|실패|오류|에러|초과|요청|서버|내부|시그니처|서명|' +
  '일치|불일치|템플릿|만료|스팸|형식|필수|값|토큰|계정|서비스|발송|메시지|메세지|문자|본문|내용|제목|점검|일시적|네트워크|' +
  '통신사|알림톡|카카오톡|채널|거부|수신거부|변수|파라미터|잘못|올바르|유효|존재|확인|처리|필요|가능|불가능|중복|대기|응답|헤더|길이|바이트';
const koreanEndings =
  '이|가|을|를|은|는|의|에|로|으로|과|와|입니다|합니다|됩니다|하지|되지|된|한|할|하는|되는|되었습니다|했습니다|하였습니다|하세요|해|하여|' +
  '지|않은|습니다|되어|하거나|에서|부터|까지|만|도';
/** Words that errors are made of, with an ending or without. */
const korean = new RegExp(
  `^(?:(?:${koreanStems})(?:${koreanEndings})?|(?:없|있|않)(?:습니다|는|은|음)|및|또는|다시|후|시도)$`,
  'u',
);
