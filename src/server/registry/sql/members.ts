/** The members of images in an SQL database; callers check first that the image exists. */

import {type RawBuilder, type SqlBool, sql} from 'kysely'
import type {MemberRecord, MemberStatus, Membership, SharesQuery} from '../registry.js'
import {toFlag, toMemberRecord} from './rows.js'
import type {Database, MemberRow, Trx} from './tables.js'

/** Members of an image by member id. */
export async function listMembers(trx: Trx, imageId: string): Promise<MemberRecord[]> {
  const select = trx.selectFrom('image_members').selectAll().where('image_id', '=', imageId)
  return (await select.orderBy('member_id').execute()).map(toMemberRecord)
}

/** Shares with a member by image id. */
export async function listShares(
  db: Database,
  memberId: string,
  {ownedBy, after = '', limit}: SharesQuery,
): Promise<MemberRecord[]> {
  const pending = sql<SqlBool>`select 1 from images where id = image_id and status = 'pending_delete'`
  const all = db
    .selectFrom('image_members')
    .selectAll()
    .where('member_id', '=', memberId)
    .where(sql<SqlBool>`not exists (${pending})`)
  const owned = (owner: string) => db.selectFrom('images').select('id').where('owner', '=', owner)
  const select = ownedBy === undefined ? all : all.where('image_id', 'in', owned(ownedBy))
  const part = select.where('image_id', '>', after).orderBy('image_id').limit(limit)
  return (await part.execute()).map(toMemberRecord)
}

/** True for an image that is not deleted. */
export async function hasImage(trx: Trx, id: string): Promise<boolean> {
  const image = await trx.selectFrom('images').select('deleted').where('id', '=', id).executeTakeFirst()
  return image?.deleted === 0
}

/** Adds a member or changes it; `canShare` undefined leaves an existing member as it is. */
export async function upsertMember(
  trx: Trx,
  imageId: string,
  {memberId, canShare}: Membership,
  now: string,
): Promise<true> {
  await trx
    .insertInto('image_members')
    .values(toMemberRow(imageId, {memberId, canShare}, now))
    .onConflict(conflict => {
      const known = conflict.columns(['image_id', 'member_id'])
      if (canShare === undefined) return known.doNothing()
      return known.doUpdateSet({can_share: toFlag(canShare), updated_at: laterTime(now)})
    })
    .execute()
  return true
}

/** Makes these the only members of an image. */
export async function replaceMembers(
  trx: Trx,
  imageId: string,
  members: readonly Membership[],
  now: string,
): Promise<true> {
  const wanted = new Set(members.map(({memberId}) => memberId))
  for (const {memberId} of await listMembers(trx, imageId)) {
    if (!wanted.has(memberId)) await deleteMember(trx, imageId, memberId)
  }
  for (const member of members) await upsertMember(trx, imageId, member, now)
  return true
}

export async function deleteMember(trx: Trx, imageId: string, memberId: string): Promise<boolean> {
  const {numDeletedRows} = await trx
    .deleteFrom('image_members')
    .where('image_id', '=', imageId)
    .where('member_id', '=', memberId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** Adds a member; false if it exists already. */
export async function insertMember(
  trx: Trx,
  imageId: string,
  memberId: string,
  now: string,
): Promise<boolean> {
  const {numInsertedOrUpdatedRows} = await trx
    .insertInto('image_members')
    .values(toMemberRow(imageId, {memberId, canShare: false}, now))
    .onConflict(conflict => conflict.columns(['image_id', 'member_id']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Stores the answer of a member. @param now time of the answer */
export async function setMemberStatus(
  trx: Trx,
  imageId: string,
  {memberId, status}: {readonly memberId: string; readonly status: MemberStatus},
  now: string,
): Promise<void> {
  await trx
    .updateTable('image_members')
    .set({status, updated_at: laterTime(now)})
    .where('image_id', '=', imageId)
    .where('member_id', '=', memberId)
    .execute()
}

/** The time of a change of a member: never before the last one, even if the clock was set back. */
function laterTime(now: string): RawBuilder<string> {
  const last = sql.ref<string>('image_members.updated_at')
  return sql<string>`case when ${last} > ${now} then ${last} else ${now} end`
}

export async function findMember(
  trx: Trx,
  imageId: string,
  memberId: string,
): Promise<MemberRecord | undefined> {
  const select = trx.selectFrom('image_members').selectAll().where('image_id', '=', imageId)
  const row = await select.where('member_id', '=', memberId).executeTakeFirst()
  return row && toMemberRecord(row)
}

function toMemberRow(imageId: string, {memberId, canShare}: Membership, now: string): MemberRow {
  return {
    image_id: imageId,
    member_id: memberId,
    can_share: toFlag(canShare ?? false),
    status: 'pending',
    created_at: now,
    updated_at: now,
  }
}
