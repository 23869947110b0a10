/** The members of images in an SQL database; whether the image is there was checked before. */
import type {Kysely, Transaction} from 'kysely'
import {flag, memberRecord} from './records.js'
import type {MemberRecord} from './registry.js'
import type {Tables} from './schema.js'

type Sql = Transaction<Tables>

/** A member to be; `canShare` undefined keeps what an old member may, and denies it to a new one. */
export interface Membership {
  readonly memberId: string
  readonly canShare: boolean | undefined
}

export async function membersOf(sql: Sql, imageId: string): Promise<MemberRecord[]> {
  const select = sql.selectFrom('image_members').selectAll().where('image_id', '=', imageId)
  return (await select.orderBy('member_id').execute()).map(memberRecord)
}

export async function sharesOf(sql: Kysely<Tables>, memberId: string): Promise<MemberRecord[]> {
  const select = sql.selectFrom('image_members').selectAll().where('member_id', '=', memberId)
  return (await select.orderBy('image_id').execute()).map(memberRecord)
}

export async function putMember(
  sql: Sql,
  imageId: string,
  memberId: string,
  canShare: boolean | undefined,
): Promise<true> {
  await sql
    .insertInto('image_members')
    .values({image_id: imageId, member_id: memberId, can_share: flag(canShare ?? false)})
    .onConflict(conflict => {
      const known = conflict.columns(['image_id', 'member_id'])
      return canShare === undefined ? known.doNothing() : known.doUpdateSet({can_share: flag(canShare)})
    })
    .execute()
  return true
}

export async function replaceMembers(
  sql: Sql,
  imageId: string,
  members: readonly Membership[],
): Promise<true> {
  const wanted = new Set(members.map(({memberId}) => memberId))
  for (const {memberId} of await membersOf(sql, imageId)) {
    if (!wanted.has(memberId)) await deleteMember(sql, imageId, memberId)
  }
  for (const {memberId, canShare} of members) await putMember(sql, imageId, memberId, canShare)
  return true
}

export async function deleteMember(sql: Sql, imageId: string, memberId: string): Promise<boolean> {
  const {numDeletedRows} = await sql
    .deleteFrom('image_members')
    .where('image_id', '=', imageId)
    .where('member_id', '=', memberId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}
