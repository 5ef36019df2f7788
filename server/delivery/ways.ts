import { byChannel, type Deliver } from './message.ts'
import { smtpDelivery } from './smtp.ts'
import { webhookDelivery } from './webhook.ts'

/** `from` is an address; the name beside it is the site's. */
export type SmtpWay = { url: string; from: string }
export type WebhookWay = { url: string; secret: string }

/** What was configured; a channel without a way is shown to the caretaker, not left out in silence. */
export function openWays(config: { smtp?: SmtpWay | null; smsWebhook?: WebhookWay | null }) {
  const mail = config.smtp ? smtpDelivery(config.smtp.url, config.smtp.from) : undefined
  const webhook: Deliver | undefined = config.smsWebhook
    ? webhookDelivery(config.smsWebhook.url, config.smsWebhook.secret)
    : undefined
  const deliver = byChannel({
    ...(mail ? { email: mail.deliver } : {}),
    ...(webhook ? { sms: webhook, voice: webhook } : {}),
  })
  return { deliver, close: () => mail?.close() }
}

type Text = (name: string) => string | null

/** SMTP_URL, SMTP_FROM, SMS_WEBHOOK_URL and SMS_WEBHOOK_SECRET; undefined stands for what could not be read. */
export function readWays(text: Text, problems: string[]) {
  const problem = (words: string) => void problems.push(words)
  return { smtp: readSmtp(text, problem), smsWebhook: readWebhook(text, problem) }
}

function readSmtp(text: Text, problem: (words: string) => void): SmtpWay | null | undefined {
  const [url, given] = [text('SMTP_URL'), text('SMTP_FROM')]
  if (given !== null && !isAddress(given)) problem(`SMTP_FROM must be an e-mail address without a name, not "${given}"`)
  if (url === null) {
    if (given !== null && isAddress(given)) problem('SMTP_FROM is for SMTP_URL, which is missing')
    return null
  }
  if (!isUrl(url, ['smtp:', 'smtps:']) || !['', '/'].includes(new URL(url).pathname)) {
    problem('SMTP_URL must be like smtps://user:password@host:465 or smtp://host:587, an @ in a password written %40')
    return undefined
  }
  const user = decodeURIComponent(new URL(url).username)
  const from = given ?? (isAddress(user) ? user : null)
  if (from === null) problem('SMTP_FROM is missing: the address that mails of SMTP_URL come from')
  return from === null ? undefined : { url, from }
}

function readWebhook(text: Text, problem: (words: string) => void): WebhookWay | null | undefined {
  const [url, secret] = [text('SMS_WEBHOOK_URL'), text('SMS_WEBHOOK_SECRET')]
  const isLong = secret !== null && secret.length >= 32
  if (secret !== null && !isLong)
    problem('SMS_WEBHOOK_SECRET must be at least 32 characters long (openssl rand -hex 32)')
  if (url === null) {
    if (isLong) problem('SMS_WEBHOOK_SECRET is for SMS_WEBHOOK_URL, which is missing')
    return null
  }
  // phone numbers and codes go there
  const local = URL.canParse(url) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
  const fits = isUrl(url, local ? ['https:', 'http:'] : ['https:'])
  if (!fits || new URL(url).username !== '')
    problem('SMS_WEBHOOK_URL must be like https://host/path, without user and password; http only on this machine')
  else if (secret === null) problem('SMS_WEBHOOK_SECRET is missing: calls of SMS_WEBHOOK_URL are signed with it')
  return fits && isLong ? { url, secret } : undefined
}

const isAddress = (given: string) => /^[^@\s<>,;:"]+@[^@\s<>,;:"]+$/.test(given) && given.length <= 254

function isUrl(given: string, protocols: string[]): boolean {
  if (!URL.canParse(given)) return false
  const { protocol, hostname, username, password } = new URL(given)
  if (!protocols.includes(protocol) || hostname === '') return false
  try {
    return decodeURIComponent(username + password) !== null
  } catch {
    return false
  }
}
