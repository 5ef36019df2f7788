import type { Sql, Tx } from '../postgres/connect.ts'

export type SecondFactor = { secretWrapped: Buffer; confirmedAt: Date | null; lastStep: number | null }

export async function secondFactorOf(sql: Sql | Tx, accountId: string): Promise<SecondFactor | undefined> {
  const [row] = await sql<SecondFactor[]>`
    select secret_wrapped, confirmed_at, last_step from second_factors where account_id = ${accountId}`
  return row
}

/** A new secret in place of one that was never confirmed; false when one is confirmed. */
export async function putSecondFactor(
  tx: Tx,
  { accountId, secretWrapped, madeAt }: { accountId: string; secretWrapped: Buffer; madeAt: Date },
): Promise<boolean> {
  const put = await tx`
    insert into second_factors as f (account_id, secret_wrapped, made_at) values (${accountId}, ${secretWrapped}, ${madeAt})
    on conflict (account_id) do update set secret_wrapped = excluded.secret_wrapped, made_at = excluded.made_at
    where f.confirmed_at is null returning 1`
  return put.length > 0
}

/** False when it is confirmed already, or was begun again meanwhile. */
export async function setConfirmed(
  tx: Tx,
  { accountId, secretWrapped, at, step }: { accountId: string; secretWrapped: Buffer; at: Date; step: number },
): Promise<boolean> {
  const set = await tx`
    update second_factors set confirmed_at = ${at}, last_step = ${step}
    where account_id = ${accountId} and secret_wrapped = ${secretWrapped} and confirmed_at is null returning 1`
  return set.length > 0
}

/** False when a code of this step or a later one was used before. */
export async function burnStep(sql: Sql | Tx, accountId: string, step: number): Promise<boolean> {
  const burnt = await sql`
    update second_factors set last_step = ${step}
    where account_id = ${accountId} and (last_step is null or last_step < ${step}) returning 1`
  return burnt.length > 0
}

/** False when there was none. */
export async function dropSecondFactor(tx: Tx, accountId: string): Promise<boolean> {
  await tx`delete from recovery_codes where account_id = ${accountId}`
  const dropped = await tx`delete from second_factors where account_id = ${accountId} returning confirmed_at`
  return dropped.some(({ confirmedAt }) => confirmedAt !== null)
}

export async function replaceRecoveryCodes(tx: Tx, accountId: string, hashes: Buffer[]): Promise<void> {
  await tx`delete from recovery_codes where account_id = ${accountId}`
  await tx`insert into recovery_codes ${tx(hashes.map(hash => ({ accountId, hash })))}`
}

/** False when there is no such code, or it was used before. */
export async function takeRecoveryCode(
  sql: Sql | Tx,
  { accountId, hash, at }: { accountId: string; hash: Buffer; at: Date },
): Promise<boolean> {
  const taken = await sql`
    update recovery_codes set used_at = ${at} where account_id = ${accountId} and hash = ${hash} and used_at is null returning 1`
  return taken.length > 0
}

export async function recoveryCodesLeft(sql: Sql, accountId: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from recovery_codes where account_id = ${accountId} and used_at is null`
  return row!.n
}
