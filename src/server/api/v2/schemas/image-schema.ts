/** The JSON schema of an image in API v2, which clients can read and requests are validated against. */
import {COLUMN_LIST, COLUMNS, type Column} from '../../../registry/columns.js'

/** The part of JSON Schema that the API uses. */
export interface JsonSchema {
  /** Absent: any. */
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly (string | null)[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly uniqueItems?: boolean
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly readOnly?: true
  readonly writeOnly?: true
  /** False for custom properties that the schema describes; clients leave them out of brief output. */
  readonly is_base?: false
}

export const UUID_PATTERN =
  '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'

const NULLABLE_STRING = ['null', 'string']

const text = (description: string, more: Partial<JsonSchema> = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
})
const nullableText = (description: string, more: Partial<JsonSchema> = {}): JsonSchema => ({
  type: NULLABLE_STRING,
  description,
  ...more,
})
const READ_ONLY = {readOnly: true} as const
const NOT_BASE = {is_base: false} as const

const TYPES = {text: 'string', count: 'integer', boolean: 'boolean', time: 'string'} as const

function columnSchema({kind, initial, v2, schema}: Column): JsonSchema {
  const type = initial === null ? ['null', TYPES[kind]] : TYPES[kind]
  return {type, ...schema, ...(v2 === 'read-only' ? READ_ONLY : {})}
}

const STORED_PROPERTIES = Object.fromEntries(
  COLUMN_LIST.filter(({v2}) => v2 !== undefined).map(column => [column.name, columnSchema(column)]),
)

const VALIDATION: JsonSchema = {
  type: 'object',
  description: 'Digests of the data; stored for a queued image, compared for any other',
  writeOnly: true,
  additionalProperties: false,
  properties: {
    checksum: {type: 'string', minLength: 32, maxLength: 32},
    os_hash_algo: {type: 'string', maxLength: 64},
    os_hash_value: {type: 'string', maxLength: 128},
  },
  required: ['os_hash_algo', 'os_hash_value'],
}

/** The attributes of every image (wire/glance-25.md#image-schema). */
export const BASE_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  ...STORED_PROPERTIES,
  id: {...columnSchema(COLUMNS.id), pattern: UUID_PATTERN},
  // The size is null while there is no data.
  size: {...columnSchema(COLUMNS.size), type: ['null', 'integer']},
  tags: {type: 'array', description: 'Tags of the image', items: {type: 'string', maxLength: 255}},
  direct_url: text('URL of the data in its store', READ_ONLY),
  self: text('Path of the image', READ_ONLY),
  file: text('Path of the data', READ_ONLY),
  stores: text('Stores that hold the data, separated by commas', READ_ONLY),
  schema: text('Path of this schema', READ_ONLY),
  locations: {
    type: 'array',
    description: 'All URLs of the data',
    items: {
      type: 'object',
      properties: {
        url: {type: 'string', maxLength: 255},
        metadata: {type: 'object'},
        validation_data: VALIDATION,
      },
      required: ['url', 'metadata'],
    },
  },
}

/** Common custom properties; all others are text. */
const KNOWN_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  kernel_id: nullableText('ID of the image that has the kernel to boot this image with', {
    pattern: UUID_PATTERN,
    ...NOT_BASE,
  }),
  ramdisk_id: nullableText('ID of the image that has the ramdisk to boot this image with', {
    pattern: UUID_PATTERN,
    ...NOT_BASE,
  }),
  instance_uuid: text('ID of the server that the image was created from', NOT_BASE),
  architecture: text('Architecture of the processor', NOT_BASE),
  os_distro: text('Common name of the distribution', NOT_BASE),
  os_version: text('Version of the operating system', NOT_BASE),
  description: text('Description of the image', NOT_BASE),
  cinder_encryption_key_id: text('ID of the key that the volume of the image is encrypted with', NOT_BASE),
  cinder_encryption_key_deletion_policy: text('Condition for deleting that key', {
    enum: ['on_image_deletion', 'do_not_delete'],
    ...NOT_BASE,
  }),
}

/** All attributes and properties that the schema describes. */
export const IMAGE_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  ...BASE_PROPERTIES,
  ...KNOWN_PROPERTIES,
}

const ANY_TEXT: JsonSchema = {type: 'string'}

/** The schema of an attribute or property. */
export function attributeSchema(name: string): JsonSchema {
  return Object.hasOwn(IMAGE_PROPERTIES, name) ? IMAGE_PROPERTIES[name]! : ANY_TEXT
}
