import { useAnswer } from '../use-answer.ts'

type Running = { id: string; controllerId: string }

/** The walks under way at a site: one that was left is gone on with, here or on another screen. */
export function useRunningAudits(siteId: string) {
  const { answer, again } = useAnswer<{ items: Running[] }>(`/api/audits?siteId=${siteId}`)
  return { audits: answer?.items ?? [], again }
}
