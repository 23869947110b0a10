/** The schema of an image in API v2: what clients are told, and what requests are held to. */

/** The part of JSON Schema that the API uses. */
export interface JsonSchema {
  readonly type: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly (string | null)[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly readOnly?: true
  readonly writeOnly?: true
  /** False for properties that are described but belong to no image by nature; clients leave them out of plain listings. */
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

const STATUSES = 'queued saving active killed deleted uploading importing pending_delete deactivated'.split(
  ' ',
)
const CONTAINER_FORMATS = 'ami ari aki bare ovf ova docker compressed'.split(' ')
const DISK_FORMATS = 'ami ari aki vhd vhdx vmdk raw qcow2 vdi iso ploop'.split(' ')

const VALIDATION: JsonSchema = {
  type: 'object',
  description: 'Digests of the data; they fill a queued image, and must be those of any other',
  writeOnly: true,
  additionalProperties: false,
  properties: {
    checksum: {type: 'string', minLength: 32, maxLength: 32},
    os_hash_algo: {type: 'string', maxLength: 64},
    os_hash_value: {type: 'string', maxLength: 128},
  },
  required: ['os_hash_algo', 'os_hash_value'],
}

/**
 * What belongs to every image (wire/glance-25.md#image-schema). `stores` is left out: `glance` of Debian 12 makes an
 * option of each attribute, and with that one, which it knows already, stops working from its second command on.
 */
export const BASE_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  id: text('Id of the image', {pattern: UUID_PATTERN}),
  name: nullableText('Name of the image', {maxLength: 255}),
  status: text('Where the image is in its life', {...READ_ONLY, enum: STATUSES}),
  visibility: text('Who may use the image', {enum: ['community', 'public', 'private', 'shared']}),
  protected: {type: 'boolean', description: 'Whether the image cannot be deleted'},
  os_hidden: {type: 'boolean', description: 'Whether lists leave the image out unless asked for it'},
  checksum: nullableText('MD5 of the data', {...READ_ONLY, maxLength: 32}),
  os_hash_algo: nullableText('Algorithm of os_hash_value', {...READ_ONLY, maxLength: 64}),
  os_hash_value: nullableText('Digest of the data in hexadecimal', {...READ_ONLY, maxLength: 128}),
  owner: nullableText('Project that the image belongs to', {maxLength: 255}),
  size: {type: ['null', 'integer'], description: 'Bytes of the data', ...READ_ONLY},
  virtual_size: {type: ['null', 'integer'], description: 'Bytes of the disk in the data', ...READ_ONLY},
  container_format: nullableText('Format of what is around the disk', {enum: [null, ...CONTAINER_FORMATS]}),
  disk_format: nullableText('Format of the disk', {enum: [null, ...DISK_FORMATS]}),
  created_at: text('When the image was made', READ_ONLY),
  updated_at: text('When the image was changed last', READ_ONLY),
  tags: {type: 'array', description: 'Words on the image', items: {type: 'string', maxLength: 255}},
  direct_url: text('Where the data lies', READ_ONLY),
  min_ram: {type: 'integer', description: 'MiB of memory that the image needs'},
  min_disk: {type: 'integer', description: 'GiB of disk that the image needs'},
  self: text('Path of the image', READ_ONLY),
  file: text('Path of the data', READ_ONLY),
  schema: text('Path of this schema', READ_ONLY),
  locations: {
    type: 'array',
    description: 'All places where the data lies',
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

/** Properties that many images have; any other one is text. */
const KNOWN_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  kernel_id: nullableText('Image that holds the kernel to boot this one with', {
    pattern: UUID_PATTERN,
    ...NOT_BASE,
  }),
  ramdisk_id: nullableText('Image that holds the ramdisk to boot this one with', {
    pattern: UUID_PATTERN,
    ...NOT_BASE,
  }),
  instance_uuid: text('Server that the image was made of', NOT_BASE),
  architecture: text('Architecture of the processor', NOT_BASE),
  os_distro: text('Common name of the distribution', NOT_BASE),
  os_version: text('Version of the operating system', NOT_BASE),
  description: text('What a person should know', NOT_BASE),
  cinder_encryption_key_id: text('Key that the volume of the image is encrypted with', NOT_BASE),
  cinder_encryption_key_deletion_policy: text('What becomes of that key', {
    enum: ['on_image_deletion', 'do_not_delete'],
    ...NOT_BASE,
  }),
}

export const IMAGE_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  ...BASE_PROPERTIES,
  ...KNOWN_PROPERTIES,
}

const ANY_TEXT: JsonSchema = {type: 'string'}

/** What that attribute or property must be. */
export function attributeSchema(name: string): JsonSchema {
  return Object.hasOwn(IMAGE_PROPERTIES, name) ? IMAGE_PROPERTIES[name]! : ANY_TEXT
}
