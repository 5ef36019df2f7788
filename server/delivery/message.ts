import type { NoticeRow } from '../store/notices.ts'

/** One message to one person, ready to go. Holds an address and perhaps a code: never logged. */
export type Message = {
  channel: NoticeRow['channel']
  /** whom it comes from, as people call it */
  site: string
  to: string
  language: string
  subject: string
  text: string
  /** the same for every try, so that a provider can tell a repeat */
  key: string
}

/** `problem` holds no address. `final`: the provider will never take this one, trying again is of no use. */
export type Delivered = { ok: true } | { ok: false; problem: string; final: boolean }

/** Answers within 30 s and never rejects. */
export type Deliver = (message: Message) => Promise<Delivered>

/** Each channel by its own way; one without a way is the operator's to set up, and waits among the dead. */
export const byChannel =
  (ways: Partial<Record<Message['channel'], Deliver>>): Deliver =>
  async message =>
    (await ways[message.channel]?.(message)) ?? { ok: false, problem: 'not configured', final: true }
