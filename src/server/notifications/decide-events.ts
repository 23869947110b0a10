/** Which events a change of an image or of its members causes: the only place where that is decided. */
import type {Download} from '../images/data.js'
import {FAILED_STORES, PENDING_STORES, readNames} from '../jobs/progress.js'
import {isFilled} from '../registry/image-data.js'
import type {
  EventPayload,
  EventPriority,
  ImageChanges,
  ImageRecord,
  MemberRecord,
  Membership,
} from '../registry/registry.js'

/** An event that is not recorded yet. */
export interface EventDraft {
  readonly type: EventType
  readonly priority?: EventPriority
  readonly member?: string
  readonly payload?: EventPayload
}

export type EventType =
  | `image.${'create' | 'prepare' | 'upload' | 'activate' | 'update' | 'delete' | 'send'}`
  | `image.member.${'create' | 'update' | 'delete'}`

/** Attributes by which the service tells itself what it is doing. */
const INTERNAL = new Set(['arriving', 'holder', 'onFailure', 'attempts', 'location', 'events', 'failure'])

/** The events of a change of an image. */
export function decideEvents(before: ImageRecord, changes: ImageChanges): readonly EventDraft[] {
  const after: ImageRecord = {...before, ...changes}
  const {failure} = changes
  if (failure !== undefined) {
    const payload = `cannot store the data of image ${before.id}: ${failure}`
    return [{type: 'image.upload', priority: 'ERROR', payload}]
  }
  if (after.arriving !== null && before.arriving === null && after.status !== 'uploading')
    return [{type: 'image.prepare', payload: toProgress(after)}]
  const isActivated = isFilled(after) && !isFilled(before)
  const activation: readonly EventDraft[] = isActivated ? [{type: 'image.activate'}] : []
  if (hasArrived(before, changes)) return [{type: 'image.upload', payload: toProgress(after)}, ...activation]
  const isVisible = Object.keys(changes).some(name => !INTERNAL.has(name) && isChanged(before, after, name))
  return isVisible ? [{type: 'image.update'}, ...activation] : []
}

/** True if the data that was being received is data of the image now; that which waits for its import is not yet. */
function hasArrived({arriving}: ImageRecord, {status, location, locations = []}: ImageChanges): boolean {
  if (arriving === null || status === 'uploading') return false
  return location === arriving || locations.some(({url}) => url === arriving)
}

function isChanged(before: ImageRecord, after: ImageRecord, name: string): boolean {
  const [one, other] = [before, after].map(image => JSON.stringify(image[name as keyof ImageRecord]))
  return one !== other
}

/** The stores that an import is yet to fill, and those that it could not fill. */
function toProgress({properties}: ImageRecord): EventPayload {
  const names = (property: string) => readNames(properties[property])
  return {[PENDING_STORES]: names(PENDING_STORES), [FAILED_STORES]: names(FAILED_STORES)}
}

/** The events when these become the members of an image; other ones leave it if `isAll`. */
export function decideMemberEvents(
  before: readonly MemberRecord[],
  wanted: readonly Membership[],
  isAll: boolean,
): readonly EventDraft[] {
  const names = new Set(wanted.map(({memberId}) => memberId))
  const deleted = isAll ? before.filter(({memberId}) => !names.has(memberId)) : []
  const put = [...names].flatMap((member): readonly EventDraft[] => {
    const known = before.find(({memberId}) => memberId === member)
    const canShare = wanted.findLast(({memberId}) => memberId === member)?.canShare
    if (known === undefined) return [{type: 'image.member.create', member}]
    return canShare === undefined || canShare === known.canShare
      ? []
      : [{type: 'image.member.update', member}]
  })
  return [...deleted.map(({memberId: member}) => ({type: 'image.member.delete', member}) as const), ...put]
}

/** The event of a download that has ended. */
export function decideSendEvent({image, bytes, size, project, user, destination}: Download): EventDraft {
  const payload = {
    bytes_sent: bytes,
    image_id: image.id,
    owner_id: image.owner,
    receiver_tenant_id: project,
    receiver_user_id: user,
    destination_ip: destination ?? null,
  }
  return {type: 'image.send', priority: bytes === (size ?? bytes) ? 'INFO' : 'ERROR', payload}
}
