/** The texts of a view link's pages, by language. */
const texts = {
  ko: {
    title: '청구서 보기',
    ask: '본인 확인을 위해 휴대폰 번호의 마지막 네 자리를 입력해 주세요.',
    label: '휴대폰 번호 마지막 네 자리',
    button: '청구서 보기',
    wrong: (left: number) => `번호가 일치하지 않습니다. ${left}번 더 입력할 수 있습니다.`,
    closed: '잘못된 번호를 여러 번 입력하여 이 링크를 사용할 수 없습니다. 고객센터에 문의해 주세요.',
    gone: '이 청구서는 더 이상 볼 수 없습니다. 고객센터에 문의해 주세요.',
    noPhone: '등록된 휴대폰 번호가 없어 본인 확인을 할 수 없습니다. 고객센터에 문의해 주세요.',
    expired: '링크의 유효 기간이 지났습니다. 고객센터에 문의해 주세요.',
    forged: '링크가 올바르지 않습니다. 메시지의 링크를 다시 눌러 주세요.',
    off: '링크가 올바르지 않습니다. 메시지의 링크를 다시 눌러 주세요.',
  },
  en: {
    title: 'View your bill',
    ask: 'To show that it is you, enter the last four digits of your phone number.',
    label: 'Last four digits of your phone number',
    button: 'View bill',
    wrong: (left: number) => `The number does not match. You can try ${left} more times.`,
    closed: 'The number was wrong too often, so this link no longer works. Please call customer service.',
    gone: 'This bill can no longer be shown. Please call customer service.',
    noPhone: 'There is no phone number to compare with. Please call customer service.',
    expired: 'This link has expired. Please call customer service.',
    forged: 'This link is not right. Please use the link in your message again.',
    off: 'This link is not right. Please use the link in your message again.',
  },
} as const;

export type PageLanguage = keyof typeof texts;

/** Why no bill is shown. */
export type LinkTrouble = 'closed' | 'gone' | 'noPhone' | 'expired' | 'forged' | 'off';

const pageLanguages = Object.keys(texts) as readonly PageLanguage[];

/** The browser's first language that the pages have; else that of the templates, else English. */
export function pageLanguageOf(acceptLanguage: string | undefined, fallback: string): PageLanguage {
  const wanted = [...(acceptLanguage ?? '').split(','), fallback].map((one) =>
    one.trim().slice(0, 2).toLowerCase(),
  );
  const found = wanted.find((one) => pageLanguages.some((language) => language === one));
  return found === 'ko' ? 'ko' : 'en';
}

/** Asks for the digits. It sends them to its own address. */
export function questionPage(language: PageLanguage, left?: number): string {
  const { title, ask, label, button, wrong } = texts[language];
  const again = left === undefined ? '' : `<p role="alert">${wrong(left)}</p>`;
  return page(
    language,
    title,
    `${again}<p id="ask">${ask}</p><form method="post"><label for="digits">${label}</label>` +
      '<input id="digits" name="digits" type="text" inputmode="numeric" pattern="[0-9]{4}" maxlength="4" required ' +
      `autocomplete="off" aria-describedby="ask"><button>${button}</button></form>`,
  );
}

export function troublePage(language: PageLanguage, trouble: LinkTrouble): string {
  return page(language, texts[language].title, `<p role="alert">${texts[language][trouble]}</p>`);
}

function page(language: PageLanguage, title: string, body: string): string {
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title}</title>` +
    '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">' +
    `<style>${styles}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`
  );
}

const styles = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }
body { margin: 0; padding: 2rem 1rem }
main { max-width: 26rem; margin: 0 auto; word-break: keep-all; overflow-wrap: anywhere }
label { display: block; font-weight: 600 }
input { font: inherit; font-size: 1.5rem; letter-spacing: .4em; width: 7em; padding: .4rem .6rem; margin: .5rem 0 1rem }
button { display: block; font: inherit; font-weight: 600; padding: .6rem 1.4rem }
[role=alert] { border-left: 4px solid #c62828; padding-left: .8rem }
`;
