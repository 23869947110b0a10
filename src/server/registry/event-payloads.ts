/** The records of images and members as payloads of events: those of the original, without locations, which may have secrets. */
import {COLUMNS} from './columns.js'
import type {EventPayload} from './events.js'
import type {ImageRecord, MemberRecord} from './image-record.js'

type Payload = Exclude<EventPayload, string>

const ATTRIBUTES = [
  ...([
    'id',
    'name',
    'status',
    'min_disk',
    'min_ram',
    'protected',
    'checksum',
    'owner',
    'disk_format',
  ] as const),
  ...(['container_format', 'virtual_size', 'is_public', 'visibility', 'deleted'] as const),
]

/** `format_image_notification` of the original, to whose consumers the keys are known. */
export function toImagePayload(image: ImageRecord): Payload {
  const hasSize = image.size > 0 || (image.status !== 'queued' && image.status !== 'saving')
  return {
    ...Object.fromEntries(ATTRIBUTES.map(name => [name, image[COLUMNS[name].attribute]])),
    size: hasSize ? image.size : null,
    created_at: toSeconds(image.createdAt),
    updated_at: toSeconds(image.updatedAt),
    deleted_at: image.deletedAt === null ? null : toSeconds(image.deletedAt),
    properties: image.properties,
    tags: image.tags,
  }
}

/** `format_image_member_notification` of the original. @param deletedAt time of the deletion of a member that was deleted */
export function toMemberPayload(member: MemberRecord, deletedAt?: string): Payload {
  return {
    image_id: member.imageId,
    member_id: member.memberId,
    status: member.status,
    created_at: toSeconds(member.createdAt),
    updated_at: toSeconds(member.updatedAt),
    deleted: deletedAt !== undefined,
    deleted_at: deletedAt === undefined ? null : toSeconds(deletedAt),
  }
}

/** The time of a record in whole seconds, with the zone. */
function toSeconds(time: string): string {
  return `${time.slice(0, 19)}Z`
}
