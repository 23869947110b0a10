/** The members of images in an SQL database; whether the image is there was checked before. */
import type {Kysely, Transaction} from 'kysely'
import {flag, memberRecord} from './records.js'
import type {MemberRecord, MemberStatus, Membership} from './registry.js'
import type {MemberRow, Tables} from './schema.js'

type Sql = Transaction<Tables>

export async function membersOf(sql: Sql, imageId: string): Promise<MemberRecord[]> {
  const select = sql.selectFrom('image_members').selectAll().where('image_id', '=', imageId)
  return (await select.orderBy('member_id').execute()).map(memberRecord)
}

export async function sharesOf(
  sql: Kysely<Tables>,
  memberId: string,
  ownedBy?: string,
): Promise<MemberRecord[]> {
  const all = sql.selectFrom('image_members').selectAll().where('member_id', '=', memberId)
  const owned = (owner: string) => sql.selectFrom('images').select('id').where('owner', '=', owner)
  const select = ownedBy === undefined ? all : all.where('image_id', 'in', owned(ownedBy))
  return (await select.orderBy('image_id').execute()).map(memberRecord)
}

export async function putMember(
  sql: Sql,
  imageId: string,
  {memberId, canShare}: Membership,
  now: string,
): Promise<true> {
  await sql
    .insertInto('image_members')
    .values(newMember(imageId, {memberId, canShare}, now))
    .onConflict(conflict => {
      const known = conflict.columns(['image_id', 'member_id'])
      if (canShare === undefined) return known.doNothing()
      return known.doUpdateSet({can_share: flag(canShare), updated_at: now})
    })
    .execute()
  return true
}

export async function replaceMembers(
  sql: Sql,
  imageId: string,
  members: readonly Membership[],
  now: string,
): Promise<true> {
  const wanted = new Set(members.map(({memberId}) => memberId))
  for (const {memberId} of await membersOf(sql, imageId)) {
    if (!wanted.has(memberId)) await deleteMember(sql, imageId, memberId)
  }
  for (const member of members) await putMember(sql, imageId, member, now)
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

/** False for one that is a member already. */
export async function addMember(sql: Sql, imageId: string, memberId: string, now: string): Promise<boolean> {
  const {numInsertedOrUpdatedRows} = await sql
    .insertInto('image_members')
    .values(newMember(imageId, {memberId, canShare: false}, now))
    .onConflict(conflict => conflict.columns(['image_id', 'member_id']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function setMemberStatus(
  sql: Sql,
  imageId: string,
  memberId: string,
  status: MemberStatus,
  now: string,
): Promise<void> {
  await sql
    .updateTable('image_members')
    .set({status, updated_at: now})
    .where('image_id', '=', imageId)
    .where('member_id', '=', memberId)
    .execute()
}

export async function memberOf(
  sql: Sql,
  imageId: string,
  memberId: string,
): Promise<MemberRecord | undefined> {
  const select = sql.selectFrom('image_members').selectAll().where('image_id', '=', imageId)
  const row = await select.where('member_id', '=', memberId).executeTakeFirst()
  return row && memberRecord(row)
}

function newMember(imageId: string, {memberId, canShare}: Membership, now: string): MemberRow {
  return {
    image_id: imageId,
    member_id: memberId,
    can_share: flag(canShare ?? false),
    status: 'pending',
    created_at: now,
    updated_at: now,
  }
}
