/** "The rules say no": a short reason that every screen can put into words. */
export class Refusal extends Error {
  readonly reason: string
  readonly field?: string
  readonly details?: object

  constructor(reason: string, more: { field?: string; details?: object } = {}) {
    super(reason)
    this.name = 'Refusal'
    this.reason = reason
    if (more.field !== undefined) this.field = more.field
    if (more.details !== undefined) this.details = more.details
  }
}
