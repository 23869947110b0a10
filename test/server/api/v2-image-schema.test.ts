/** The JSON schema of an image that API v2 offers, by what it demands of each attribute. */
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
