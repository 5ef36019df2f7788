import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Child = {
  process: ChildProcess
  ask<T>(what: string, about?: object): Promise<T>
  stop(): Promise<void>
}
type Question = { n: number; what: string; about: object }
type Answer = { n: number; result?: unknown; problem?: string }

/** A file of this folder in a process of its own, which answers what it is asked; it ends when we do. */
export function startChild(file: string, nodeFlags: string[] = []): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--import', 'tsx', ...nodeFlags],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  let words = ''
  let asked = 0
  child.stderr!.on('data', text => {
    words = (words + text).slice(-4_000)
  })
  child.on('message', message => {
    const answer = message as Answer
    waiting.get(answer.n)?.(answer)
    waiting.delete(answer.n)
  })
  const gone = once(child, 'exit').then(([code]) => {
    for (const [n, hear] of waiting) hear({ n, problem: `${file} ended with ${code}: ${words}` })
    waiting.clear()
  })
  return {
    process: child,
    ask: <T>(what: string, about: object = {}) =>
      new Promise<T>((resolve, reject) => {
        const n = ++asked
        waiting.set(n, ({ result, problem }) => (problem ? reject(new Error(problem)) : resolve(result as T)))
        if (child.connected) child.send({ n, what, about } satisfies Question)
        else waiting.get(n)!({ n, problem: `${file} has ended: ${words}` })
      }),
    async stop() {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}

/** The child's side: a table of what may be asked. */
// biome-ignore lint/suspicious/noExplicitAny: each knows what it is asked about
export function answerParent(answers: Record<string, (about: any) => unknown>): void {
  process.on('disconnect', () => process.exit(0))
  process.on('message', async message => {
    const { n, what, about } = message as Question
    const answer = await Promise.resolve()
      .then(() => answers[what]!(about))
      .then(
        result => ({ n, result }),
        (error: Error) => ({ n, problem: error.stack ?? String(error) }),
      )
    if (process.connected) process.send!(answer)
  })
}
