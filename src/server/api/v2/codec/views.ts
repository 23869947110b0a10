/** Images, members and tasks as the JSON of API v2. */
import type {JsonObject} from '../../../http/json-body.js'
import {isOwnName, isOwnProperty} from '../../../images/rules.js'
import {COLUMN_LIST, type Column} from '../../../registry/columns.js'
import {isFilled} from '../../../registry/image-data.js'
import type {ImageLocation, ImageRecord, MemberRecord, TaskRecord} from '../../../registry/registry.js'
import {isFinished} from '../../../registry/task-record.js'
import type {StoreSet} from '../../../stores/set/store-set.js'

const FIELDS = COLUMN_LIST.filter(({v2}) => v2 !== undefined)
/** The JSON before the value of each field. */
const FIELD_KEYS = FIELDS.map(({name}, i) => `${i === 0 ? '' : ','}"${name}":`)
const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS.map(({name}) => name))

/** Finds the store of a location. */
type StoreNames = Pick<StoreSet, 'findName'>

/**
 * An image as JSON text, because lists consist of it: objects whose keys differ are slow to copy and to render.
 * @param showLocations include the locations of the data (wire/glance-25.md#hidden-locations)
 */
export function imageJson(image: ImageRecord, stores: StoreNames, showLocations: boolean): string {
  const path = `/v2/images/${image.id}`
  const places = locationFields(image, stores, showLocations)
  let text = '{'
  for (let i = 0; i < FIELDS.length; i++) text += FIELD_KEYS[i]! + toJson(fieldValue(image, FIELDS[i]!))
  text += ','
  for (const name of Object.keys(image.properties))
    if (isShown(name) && !Object.hasOwn(places, name))
      text += `${toJson(name)}:${toJson(image.properties[name])},`
  for (const name of Object.keys(places)) text += `"${name}":${toJson(places[name])},`
  text += `"tags":${toJson(image.tags)},"self":${toJson(path)},"file":${toJson(`${path}/file`)}`
  return `${text},"schema":"/v2/schemas/image"}`
}

/** Text of these characters is the same in JSON. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/

/** Nearly all values are plain, and `JSON.stringify` takes several times as long. */
function toJson(value: unknown): string {
  if (typeof value === 'string') return PLAIN_TEXT.test(value) ? `"${value}"` : JSON.stringify(value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}

/**
 * False for a property that would be taken for an attribute of the service; older releases accepted them through v1. Clients
 * may set `stores` until the service does, as in the real service (wire/glance-25.md#stores).
 */
function isShown(name: string): boolean {
  if (FIELD_NAMES.has(name)) return false
  return !isOwnName(name) || isOwnProperty(name) || name === 'stores'
}

function fieldValue(image: ImageRecord, {attribute, kind}: Column): string | number | boolean | null {
  if (attribute === 'size' && (image.status === 'queued' || image.status === 'saving')) return null
  const value = image[attribute]
  return kind === 'time' && typeof value === 'string' ? toSeconds(value) : value
}

function locationFields(image: ImageRecord, stores: StoreNames, showLocations: boolean): JsonObject {
  const locations = isFilled(image) ? image.locations : []
  const [first] = locations
  const names = first ? {stores: locations.flatMap(({url}) => stores.findName(url) ?? []).join(',')} : {}
  if (!showLocations) return names
  const shown = locations.map(location => locationView(location, stores))
  return {...names, locations: shown, ...(first ? {direct_url: first.url} : {})}
}

/** A location, whose metadata names its store. */
export function locationView({url, metadata}: ImageLocation, stores: StoreNames): JsonObject {
  const store = stores.findName(url)
  return {url, metadata: store === undefined ? metadata : {...metadata, store}}
}

/** The JSON of a member (wire/glance-25.md#members). */
export function memberView(member: MemberRecord): JsonObject {
  return {
    member_id: member.memberId,
    image_id: member.imageId,
    status: member.status,
    created_at: toSeconds(member.createdAt),
    updated_at: toSeconds(member.updatedAt),
    schema: '/v2/schemas/member',
  }
}

/** Minimum hours for which a finished task is kept. */
const TASK_RETENTION_HOURS = 48

/** A task in the list of its image, with times as in the registry (wire/glance-25.md#image-tasks). */
export function imageTaskView(task: TaskRecord): JsonObject {
  return {
    id: task.id,
    type: task.type,
    status: task.status,
    owner: task.owner,
    expires_at: isFinished(task) ? expiryTime(task) : null,
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

/**
 * A task in the API of tasks.
 * @param detailed include the members that lists leave out
 */
export function taskView(task: TaskRecord, detailed: boolean): JsonObject {
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
    created_at: toSeconds(task.createdAt),
    updated_at: toSeconds(task.updatedAt),
    self: `/v2/tasks/${task.id}`,
    schema: '/v2/schemas/task',
    ...(isFinished(task) ? {expires_at: toSeconds(expiryTime(task))} : {}),
    ...(detailed ? more : {}),
  }
}

function expiryTime({updatedAt}: TaskRecord): string {
  const time = Date.parse(`${updatedAt.slice(0, 23)}Z`) + TASK_RETENTION_HOURS * 3_600_000
  return new Date(time).toISOString().slice(0, 23) + updatedAt.slice(23)
}

/** A time of the registry as API v2 writes it: without fractions of a second. */
function toSeconds(time: string): string {
  return `${time.slice(0, 19)}Z`
}
