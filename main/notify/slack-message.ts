import type { NoticeBody } from './notice.ts'

/** What Slack, and those who take the same, show. Names are escaped, so that nobody's name becomes a link or calls a channel. */
export function slackMessage({ text, link }: NoticeBody): string {
  return JSON.stringify({ text: `${escaped(text)} <${link}|Open in Sallyport>`, unfurl_links: false, unfurl_media: false })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
