/** JSON Schemas of the records that commands print, made from their declarations. */
import type {JsonObject} from '../../src/lib/model/json-object.js'
import type {RecordField, RecordKind} from '../../src/lib/work/output/record-kinds.js'
import * as kinds from '../../src/lib/work/output/record-kinds.js'

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

const TYPES: Readonly<Record<RecordField['type'], JsonObject>> = {
  text: {type: 'string'},
  url: {type: 'string'},
  time: {type: 'string', format: 'date-time'},
  boolean: {type: 'boolean'},
  count: {type: 'integer', minimum: 0},
  list: {type: 'array', items: {type: 'string'}},
  map: {type: 'object', additionalProperties: {type: ['string', 'null']}},
}

/** All schemas, by the name of the record. */
export const SCHEMAS: ReadonlyMap<string, JsonObject> = new Map([
  ...Object.values(kinds)
    .filter(kind => 'fields' in kind)
    .map((kind): [string, JsonObject] => [kind.name, toSchema(kind)]),
  ['dry-run-step', describeStep()],
  ['error', describeError()],
])

/** The files of `docs/schema/` with their texts. */
export function schemaFiles(): readonly (readonly [string, string])[] {
  return [...SCHEMAS].map(([name, schema]) => [`${name}.json`, `${JSON.stringify(schema, undefined, 2)}\n`])
}

function toSchema({title, fields}: RecordKind): JsonObject {
  return describeObject(
    title,
    Object.fromEntries(fields.map(field => [field.name, describeField(field)])),
    fields.filter(({isOptional}) => !isOptional).map(({name}) => name),
  )
}

function describeField({type, nullable, help}: RecordField): JsonObject {
  const schema = TYPES[type]
  return {description: help, ...schema, ...(nullable && {type: [schema['type'], 'null']})}
}

function describeObject(title: string, properties: JsonObject, required: readonly string[]): JsonObject {
  return {$schema: DRAFT, title, type: 'object', properties, required, additionalProperties: false}
}

function describeStep(): JsonObject {
  const text = {type: 'string'}
  const texts = {type: 'array', items: text}
  const properties = {
    dry_run: {description: 'Always true', const: true},
    action: {
      enum: [
        'add',
        'update',
        'delete',
        'replace',
        'download',
        'keep',
        'wait',
        'copy',
        'deactivate',
        'reactivate',
        'stage',
      ],
    },
    kind: {enum: ['image', 'member', 'store']},
    image: {description: 'The image as it was named', ...text},
    id: {description: 'ID of the image, where it was looked up', ...text},
    name: {type: ['string', 'null']},
    fields: {description: 'The fields to set, with `properties`', type: 'object'},
    unset: {description: 'Properties to remove', ...texts},
    tag: {description: 'Tags to add', ...texts},
    untag: {description: 'Tags to remove', ...texts},
    purge_properties: {description: 'Remove all other properties', const: true},
    protected: {description: 'The image is protected, and is kept', const: true},
    member_id: text,
    store: {description: 'The store as it was named', ...text},
    can_share: {type: ['boolean', 'null']},
    status: text,
    until: {description: 'The status to wait for', ...text},
    file: {description: 'Path of the file; null for standard output', type: ['string', 'null']},
    replaces: {description: 'The file exists', type: 'boolean'},
  }
  return describeObject('A step of a dry run', properties, ['dry_run', 'action', 'kind'])
}

function describeError(): JsonObject {
  const text = {type: 'string'}
  const maybe = {type: ['string', 'null']}
  const candidate = {
    type: 'object',
    properties: {
      id: text,
      name: maybe,
      status: text,
      owner: maybe,
      created_at: {...maybe, format: 'date-time'},
    },
    required: ['id', 'name', 'status', 'owner', 'created_at'],
    additionalProperties: false,
  }
  const properties = {
    error: {description: 'Message', ...text},
    kind: {description: 'Code for programs, for example `not-found`', ...text},
    exit_code: {type: 'integer'},
    why: {description: 'Reason', ...text},
    advice: {description: 'What to do', ...text},
    candidates: {description: 'The images that have an ambiguous name', type: 'array', items: candidate},
    request_id: {description: 'ID of the request at the service', ...text},
    stack: {description: 'Only with --debug', type: 'array', items: text},
  }
  return describeObject('A failure, on standard error', properties, ['error', 'kind', 'exit_code'])
}
