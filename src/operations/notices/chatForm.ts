import type { NoticeMessage } from './noticeMessage.ts';

/**
 * `text`: `{"text": ...}`, which incoming webhooks of Slack, Mattermost, Rocket.Chat and Google Chat take.
 * `teams`: an Adaptive Card, the only thing that a workflow of Microsoft Teams takes.
 */
export type ChatForm = 'text' | 'teams';

/** Pure: the body for a chat's webhook. */
export function chatBody(form: ChatForm, { title, text }: NoticeMessage): object {
  switch (form) {
    case 'text':
      return { text: harmless(`${title}\n${text}`) };
    case 'teams':
      return {
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            content: {
              $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
              type: 'AdaptiveCard',
              version: '1.4',
              body: [
                { type: 'TextBlock', text: harmless(title), weight: 'bolder', wrap: true },
                ...text
                  .split('\n')
                  .map((line) => ({ type: 'TextBlock', text: harmless(line), wrap: true, spacing: 'small' })),
              ],
            },
          },
        ],
      };
    default:
      return form satisfies never;
  }
}

/** Makes a provider's words harmless: they must not call people (`<!channel>`, `@here`) or hide a link. */
function harmless(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('@', '@\u200b');
}
