/** The schema of an image in API v2: what clients are told, and what requests are held to. */

/** The part of JSON Schema that the API uses. */
export interface Schema {
  readonly type: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly (string | null)[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly readOnly?: true
  readonly writeOnly?: true
  /** False for properties that are described but belong to no image by nature; clients leave them out of plain listings. */
  readonly is_base?: false
}

export const UUID_PATTERN =
  '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'

const OR_NULL = ['null', 'string']

const text = (description: string, more: Partial<Schema> = {}): Schema => ({
  type: 'string',
  description,
  ...more,
})
const orNull = (description: string, more: Partial<Schema> = {}): Schema => ({
  type: OR_NULL,
  description,
  ...more,
})
const OWN = {readOnly: true} as const
const EXTRA = {is_base: false} as const

const STATUS = 'queued saving active killed deleted uploading importing pending_delete deactivated'.split(' ')
const CONTAINERS = 'ami ari aki bare ovf ova docker compressed'.split(' ')
const DISKS = 'ami ari aki vhd vhdx vmdk raw qcow2 vdi iso ploop'.split(' ')

const VALIDATION: Schema = {
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
 * What belongs to every image (cloud record, "schema of an image"). `stores` is left out: `glance` of Debian 12 makes an option
 * of each attribute, and with that one, which it knows already, stops working from its second command on.
 */
export const BASE_PROPERTIES: Readonly<Record<string, Schema>> = {
  id: text('Id of the image', {pattern: UUID_PATTERN}),
  name: orNull('Name of the image', {maxLength: 255}),
  status: text('Where the image is in its life', {...OWN, enum: STATUS}),
  visibility: text('Who may use the image', {enum: ['community', 'public', 'private', 'shared']}),
  protected: {type: 'boolean', description: 'Whether the image cannot be deleted'},
  os_hidden: {type: 'boolean', description: 'Whether lists leave the image out unless asked for it'},
  checksum: orNull('MD5 of the data', {...OWN, maxLength: 32}),
  os_hash_algo: orNull('Algorithm of os_hash_value', {...OWN, maxLength: 64}),
  os_hash_value: orNull('Digest of the data in hexadecimal', {...OWN, maxLength: 128}),
  owner: orNull('Project that the image belongs to', {maxLength: 255}),
  size: {type: ['null', 'integer'], description: 'Bytes of the data', ...OWN},
  virtual_size: {type: ['null', 'integer'], description: 'Bytes of the disk in the data', ...OWN},
  container_format: orNull('Format of what is around the disk', {enum: [null, ...CONTAINERS]}),
  disk_format: orNull('Format of the disk', {enum: [null, ...DISKS]}),
  created_at: text('When the image was made', OWN),
  updated_at: text('When the image was changed last', OWN),
  tags: {type: 'array', description: 'Words on the image', items: {type: 'string', maxLength: 255}},
  direct_url: text('Where the data lies', OWN),
  min_ram: {type: 'integer', description: 'MiB of memory that the image needs'},
  min_disk: {type: 'integer', description: 'GiB of disk that the image needs'},
  self: text('Path of the image', OWN),
  file: text('Path of the data', OWN),
  schema: text('Path of this schema', OWN),
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
const KNOWN_PROPERTIES: Readonly<Record<string, Schema>> = {
  kernel_id: orNull('Image that holds the kernel to boot this one with', {pattern: UUID_PATTERN, ...EXTRA}),
  ramdisk_id: orNull('Image that holds the ramdisk to boot this one with', {pattern: UUID_PATTERN, ...EXTRA}),
  instance_uuid: text('Server that the image was made of', EXTRA),
  architecture: text('Architecture of the processor', EXTRA),
  os_distro: text('Common name of the distribution', EXTRA),
  os_version: text('Version of the operating system', EXTRA),
  description: text('What a person should know', EXTRA),
  cinder_encryption_key_id: text('Key that the volume of the image is encrypted with', EXTRA),
  cinder_encryption_key_deletion_policy: text('What becomes of that key', {
    enum: ['on_image_deletion', 'do_not_delete'],
    ...EXTRA,
  }),
}

export const IMAGE_PROPERTIES: Readonly<Record<string, Schema>> = {...BASE_PROPERTIES, ...KNOWN_PROPERTIES}

const ANY_TEXT: Schema = {type: 'string'}

/** What that attribute or property must be. */
export function schemaOf(name: string): Schema {
  return Object.hasOwn(IMAGE_PROPERTIES, name) ? IMAGE_PROPERTIES[name]! : ANY_TEXT
}
