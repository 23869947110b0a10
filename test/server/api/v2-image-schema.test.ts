/** The JSON schemas that API v2 offers: that of an image by what it demands of each attribute, and those of metadata definitions. */
import assert from 'node:assert/strict'
import {startService} from '../../support/test-service.js'

interface Attribute {
  readonly type: string | readonly string[]
  readonly readOnly?: boolean
  readonly maxLength?: number
}

/** Name, type, maximum length and `!` for read-only attributes, as in wire/glance-25.md#image-schema. */
const EXPECTED = `
checksum null|string 32 !
container_format null|string
created_at string !
direct_url string !
disk_format null|string
file string !
id string
locations array
min_disk integer
min_ram integer
name null|string 255
os_hash_algo null|string 64 !
os_hash_value null|string 128 !
os_hidden boolean
owner null|string 255
protected boolean
schema string !
self string !
size null|integer !
status string !
stores string !
tags array
updated_at string !
virtual_size null|integer !
visibility string`

function describeAttribute([name, {type, maxLength, readOnly}]: readonly [string, Attribute]): string {
  const limit = maxLength === undefined ? '' : ` ${maxLength}`
  return `${name} ${[type].flat().join('|')}${limit}${readOnly ? ' !' : ''}`
}

describe('schema of an image', () => {
  it('states type, length and who sets each attribute', async () => {
    const service = await startService({})
    try {
      const response = await fetch(`http://127.0.0.1:${service.port}/v2/schemas/image`)
      const {properties} = (await response.json()) as {
        properties: Readonly<Record<string, Attribute & {readonly is_base?: false}>>
      }
      const attributes = Object.entries(properties).filter(([, {is_base}]) => is_base !== false)
      assert.deepEqual(attributes.map(describeAttribute).sort(), EXPECTED.trim().split('\n'))
    } finally {
      await service.close()
    }
  })
})

describe('the client that makes options of the schema', () => {
  it('gets the schema of an image without the option that it has already', async () => {
    const service = await startService({})
    try {
      const url = `http://127.0.0.1:${service.port}/v2/schemas/image`
      const read = async (agent: string) => {
        const response = await fetch(url, {headers: {'user-agent': agent}})
        const {properties} = (await response.json()) as {properties: object}
        return Object.keys(properties)
      }
      const all = await read('openstacksdk/0.101.0')
      assert(all.includes('stores'))
      assert.deepEqual(
        await read('python-glanceclient'),
        all.filter(name => name !== 'stores'),
      )
    } finally {
      await service.close()
    }
  })
})

/** Of the real service, without descriptions. */
const COUNTS = {
  positiveInteger: {type: 'integer', minimum: 0},
  positiveIntegerDefault0: {allOf: [{$ref: '#/definitions/positiveInteger'}, {default: 0}]},
}
const PARTS = {
  name: {type: 'string', maxLength: 80},
  title: {type: 'string'},
  description: {type: 'string'},
  operators: {type: 'array', items: {type: 'string'}},
  type: {type: 'string', enum: ['array', 'boolean', 'integer', 'number', 'object', 'string', null]},
  required: {$ref: '#/definitions/stringArray'},
  minimum: {type: 'number'},
  maximum: {type: 'number'},
  maxLength: {$ref: '#/definitions/positiveInteger'},
  minLength: {$ref: '#/definitions/positiveIntegerDefault0'},
  pattern: {type: 'string', format: 'regex'},
  enum: {type: 'array'},
  readonly: {type: 'boolean'},
  default: {},
  items: {
    type: 'object',
    properties: {
      type: {type: 'string', enum: ['array', 'boolean', 'integer', 'number', 'object', 'string', null]},
      enum: {type: 'array'},
    },
  },
  maxItems: {$ref: '#/definitions/positiveInteger'},
  minItems: {$ref: '#/definitions/positiveIntegerDefault0'},
  uniqueItems: {type: 'boolean', default: false},
  additionalItems: {type: 'boolean'},
}
const LINKS = [
  {rel: 'first', href: '{first}'},
  {rel: 'next', href: '{next}'},
  {rel: 'describedby', href: '{schema}'},
]
const OBJECT = {
  name: 'object',
  properties: {
    name: {type: 'string', maxLength: 80},
    description: {type: 'string'},
    required: {$ref: '#/definitions/stringArray'},
    properties: {$ref: '#/definitions/property'},
    schema: {readOnly: true, type: 'string'},
    self: {readOnly: true, type: 'string'},
    created_at: {type: 'string', readOnly: true, format: 'date-time'},
    updated_at: {type: 'string', readOnly: true, format: 'date-time'},
  },
  additionalProperties: false,
  required: ['name'],
}
const TAG = {
  name: 'tag',
  properties: {
    name: {type: 'string', maxLength: 80},
    created_at: {type: 'string', readOnly: true, format: 'date-time'},
    updated_at: {type: 'string', readOnly: true, format: 'date-time'},
  },
  additionalProperties: false,
  required: ['name'],
}
const NAMES = {type: 'array', items: {type: 'string'}, uniqueItems: true}
const OBJECT_DEFINITIONS = {
  ...COUNTS,
  stringArray: NAMES,
  property: {
    type: 'object',
    additionalProperties: {type: 'object', required: ['title', 'type'], properties: PARTS},
  },
}
const PROPERTY = {name: 'property', properties: PARTS, additionalProperties: false}
const PROPERTY_DEFINITIONS = {...COUNTS, stringArray: {...NAMES, minItems: 1}}
const PAGE = {first: {type: 'string'}, next: {type: 'string'}, schema: {type: 'string'}}

const METADEFS: Readonly<Record<string, object>> = {
  object: {...OBJECT, definitions: OBJECT_DEFINITIONS},
  objects: {
    name: 'objects',
    properties: {objects: {type: 'array', items: OBJECT}, ...PAGE},
    links: LINKS,
    definitions: OBJECT_DEFINITIONS,
  },
  property: {...PROPERTY, definitions: PROPERTY_DEFINITIONS, required: ['type', 'title', 'name']},
  properties: {
    name: 'properties',
    properties: {
      properties: {type: 'object', additionalProperties: {...PROPERTY, required: ['type', 'title']}},
      ...PAGE,
    },
    links: LINKS,
    definitions: PROPERTY_DEFINITIONS,
  },
  tag: TAG,
  tags: {name: 'tags', properties: {tags: {type: 'array', items: TAG}, ...PAGE}, links: LINKS},
}

/** Removes the descriptions, which are in our own words; a property of that name is not a text. */
const withoutDescriptions = (name: string, value: unknown) =>
  name === 'description' && typeof value === 'string' ? undefined : value

describe('schemas of metadata definitions', () => {
  it('are those of the real service', async () => {
    const service = await startService({})
    try {
      for (const [name, expected] of Object.entries(METADEFS)) {
        const response = await fetch(`http://127.0.0.1:${service.port}/v2/schemas/metadefs/${name}`)
        const schema = JSON.parse(await response.text(), withoutDescriptions)
        assert.deepEqual(schema, expected, name)
      }
    } finally {
      await service.close()
    }
  })
})
