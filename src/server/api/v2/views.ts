/** Images, members and tasks as the JSON of API v2. */
import type {ImageLocation, ImageRecord, MemberRecord, TaskRecord} from '../../registry/registry.js'
import {storeNameOf} from './stores.js'

type Json = Readonly<Record<string, unknown>>

/** @param showLocations whether the places of the data are told (cloud record, 9392 and 9393) */
export function imageView(image: ImageRecord, showLocations: boolean): Json {
  const path = `/v2/images/${image.id}`
  const hasSize = image.status !== 'queued' && image.status !== 'saving'
  return {
    ...image.properties,
    name: image.name,
    disk_format: image.diskFormat,
    container_format: image.containerFormat,
    visibility: image.visibility,
    size: hasSize ? image.size : null,
    virtual_size: image.virtualSize,
    status: image.status,
    checksum: image.checksum,
    protected: image.protected,
    min_ram: image.minRam,
    min_disk: image.minDisk,
    owner: image.owner,
    os_hidden: image.hidden,
    os_hash_algo: image.hashAlgo,
    os_hash_value: image.hashValue,
    id: image.id,
    created_at: seconds(image.createdAt),
    updated_at: seconds(image.updatedAt),
    ...places(image, showLocations),
    tags: image.tags,
    self: path,
    file: `${path}/file`,
    schema: '/v2/schemas/image',
  }
}

function places(image: ImageRecord, showLocations: boolean): Json {
  const filled = image.status === 'active' || image.status === 'deactivated' ? image.locations : []
  const [first] = filled
  const stores = first ? {stores: filled.map(({url}) => storeNameOf(url)).join(',')} : {}
  if (!showLocations) return stores
  return {...stores, locations: filled.map(locationView), ...(first ? {direct_url: first.url} : {})}
}

function locationView({url, metadata}: ImageLocation): Json {
  return {url, metadata: {...metadata, store: storeNameOf(url)}}
}

/** Cloud record, "Members". */
export function memberView(member: MemberRecord): Json {
  return {
    member_id: member.memberId,
    image_id: member.imageId,
    status: member.status,
    created_at: seconds(member.createdAt),
    updated_at: seconds(member.updatedAt),
    schema: '/v2/schemas/member',
  }
}

/** Hours for which a task that ended is kept at least. */
const TASK_HOURS = 48

/** A task in the list of its image, with times as the registry has them (cloud record, "its tasks"). */
export function imageTaskView(task: TaskRecord): Json {
  return {
    id: task.id,
    type: task.type,
    status: task.status,
    owner: task.owner,
    expires_at: isOver(task) ? expiry(task) : null,
    created_at: task.createdAt,
    updated_at: task.updatedAt,
    deleted_at: null,
    deleted: false,
    image_id: task.imageId,
    request_id: task.requestId,
    user_id: task.userId,
    input: JSON.parse(task.input) as unknown,
    message: task.message,
    result: null,
  }
}

/** A task of the task API; `whole` tells more than a list does. */
export function taskView(task: TaskRecord, whole: boolean): Json {
  const more = {
    input: JSON.parse(task.input) as unknown,
    message: task.message,
    result: null,
    image_id: task.imageId,
    request_id: task.requestId,
    user_id: task.userId,
  }
  return {
    id: task.id,
    type: task.type,
    status: task.status,
    owner: task.owner,
    created_at: seconds(task.createdAt),
    updated_at: seconds(task.updatedAt),
    self: `/v2/tasks/${task.id}`,
    schema: '/v2/schemas/task',
    ...(isOver(task) ? {expires_at: seconds(expiry(task))} : {}),
    ...(whole ? more : {}),
  }
}

function isOver({status}: TaskRecord): boolean {
  return status === 'success' || status === 'failure'
}

function expiry({updatedAt}: TaskRecord): string {
  const time = Date.parse(`${updatedAt.slice(0, 23)}Z`) + TASK_HOURS * 3_600_000
  return new Date(time).toISOString().slice(0, 23) + updatedAt.slice(23)
}

/** Times of the wire have no fractions. */
function seconds(time: string): string {
  return `${time.slice(0, 19)}Z`
}
