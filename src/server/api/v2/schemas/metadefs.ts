/** The JSON schemas of metadata definitions, as the real service has them. */
import {DESCRIBED_BY, listSchema, PATH_SCHEMA, text} from './parts.js'

const name = {type: 'string', maxLength: 80} as const
const time = (description: string) => text(description, {readOnly: true, format: 'date-time'})

const POSITIVE = {$ref: '#/definitions/positiveInteger'}
const POSITIVE_OR_0 = {$ref: '#/definitions/positiveIntegerDefault0'}
const NAMES = {$ref: '#/definitions/stringArray'}
const MAP_OF_PROPERTIES = {$ref: '#/definitions/property'}
const ANY_TEXT = {type: 'string'}

/** A member of a namespace: a list of objects with these attributes. */
const toArraySchema = (properties: object) => ({type: 'array', items: {type: 'object', properties}})

const NAMESPACE = {
  name: 'namespace',
  properties: {
    namespace: text('Name of the namespace', {maxLength: 80}),
    display_name: text('Display name of the namespace', {maxLength: 80}),
    description: text('Description of the namespace', {maxLength: 500}),
    visibility: text('Who may use the namespace', {enum: ['public', 'private']}),
    protected: {type: 'boolean', description: 'Protected from deletion'},
    owner: text('Project that owns the namespace', {maxLength: 255}),
    created_at: time('Time at which the namespace was created'),
    updated_at: time('Time of the last change of the namespace'),
    self: PATH_SCHEMA,
    schema: PATH_SCHEMA,
    resource_type_associations: toArraySchema({
      name: ANY_TEXT,
      prefix: ANY_TEXT,
      properties_target: ANY_TEXT,
    }),
    properties: MAP_OF_PROPERTIES,
    objects: toArraySchema({
      name: ANY_TEXT,
      description: ANY_TEXT,
      required: NAMES,
      properties: MAP_OF_PROPERTIES,
    }),
    tags: toArraySchema({name: ANY_TEXT}),
  },
  additionalProperties: false,
  required: ['namespace'],
}

const RESOURCE_TYPE = {
  name: 'resource_type_association',
  properties: {
    name: text('Type of the resources that have the properties', {maxLength: 80}),
    prefix: text('Prefix of the names of the properties', {maxLength: 80}),
    properties_target: text('Part of the resource that has the properties', {maxLength: 80}),
    created_at: time('Time at which the association was created'),
    updated_at: time('Time of the last change of the association'),
  },
  additionalProperties: false,
  required: ['name'],
}

const VALUE_TYPE = {type: 'string', enum: ['array', 'boolean', 'integer', 'number', 'object', 'string', null]}
const LIST = {type: 'array'}

/** A schema as a part of a definition: what the values of a property may be. */
const PROPERTY_PARTS = {
  name,
  title: {type: 'string'},
  description: {type: 'string'},
  operators: {type: 'array', items: {type: 'string'}},
  type: VALUE_TYPE,
  required: NAMES,
  minimum: {type: 'number'},
  maximum: {type: 'number'},
  maxLength: POSITIVE,
  minLength: POSITIVE_OR_0,
  pattern: {type: 'string', format: 'regex'},
  enum: LIST,
  readonly: {type: 'boolean'},
  default: {},
  items: {type: 'object', properties: {type: VALUE_TYPE, enum: LIST}},
  maxItems: POSITIVE,
  minItems: POSITIVE_OR_0,
  uniqueItems: {type: 'boolean', default: false},
  additionalItems: {type: 'boolean'},
}

const COUNTS = {
  positiveInteger: {type: 'integer', minimum: 0},
  positiveIntegerDefault0: {allOf: [POSITIVE, {default: 0}]},
}
const NAME_LIST = {type: 'array', items: {type: 'string'}, uniqueItems: true}

const PROPERTY_DEFINITIONS = {...COUNTS, stringArray: {...NAME_LIST, minItems: 1}}
const PROPERTY = {name: 'property', properties: PROPERTY_PARTS, additionalProperties: false}

/** A property of an object, or of a new namespace, which may also be confidential. */
export const NESTED_PROPERTY = {
  ...PROPERTY,
  properties: {...PROPERTY_PARTS, confidential: {type: 'boolean'}},
  definitions: PROPERTY_DEFINITIONS,
  required: ['title', 'type'],
}

/** The members of the definition of a property. */
export const PROPERTY_MEMBERS: ReadonlySet<string> = new Set(Object.keys(NESTED_PROPERTY.properties))

/** Not a list: the properties by their names. */
const PROPERTIES = {
  name: 'properties',
  properties: {
    properties: {type: 'object', additionalProperties: {...PROPERTY, required: ['type', 'title']}},
    first: {type: 'string'},
    next: {type: 'string'},
    schema: {type: 'string'},
  },
  links: [{rel: 'first', href: '{first}'}, {rel: 'next', href: '{next}'}, ...DESCRIBED_BY],
  definitions: PROPERTY_DEFINITIONS,
}

const OBJECT = {
  name: 'object',
  properties: {
    name,
    description: {type: 'string'},
    required: NAMES,
    properties: {$ref: '#/definitions/property'},
    schema: PATH_SCHEMA,
    self: PATH_SCHEMA,
    created_at: time('Time at which the object was created'),
    updated_at: time('Time of the last change of the object'),
  },
  additionalProperties: false,
  required: ['name'],
}

const OBJECT_DEFINITIONS = {
  ...COUNTS,
  stringArray: NAME_LIST,
  property: {
    type: 'object',
    additionalProperties: {type: 'object', required: ['title', 'type'], properties: PROPERTY_PARTS},
  },
}

const TAG = {
  name: 'tag',
  properties: {
    name,
    created_at: time('Time at which the tag was created'),
    updated_at: time('Time of the last change of the tag'),
  },
  additionalProperties: false,
  required: ['name'],
}

/** The tags in a request. */
export const TAG_LIST = {
  name: 'tags',
  properties: {
    tags: {
      type: 'array',
      items: {type: 'object', properties: {name: ANY_TEXT}, required: ['name'], additionalProperties: false},
    },
  },
  additionalProperties: false,
  required: ['tags'],
}

/** Schemas by the last part of their path; the `glance` client needs them even to list no definitions. */
export const METADEF_SCHEMAS: Readonly<Record<string, object>> = {
  namespace: {...NAMESPACE, definitions: OBJECT_DEFINITIONS},
  namespaces: {...listSchema('namespaces', NAMESPACE), definitions: OBJECT_DEFINITIONS},
  object: {...OBJECT, definitions: OBJECT_DEFINITIONS},
  objects: {...listSchema('objects', OBJECT), definitions: OBJECT_DEFINITIONS},
  property: {...PROPERTY, definitions: PROPERTY_DEFINITIONS, required: ['type', 'title', 'name']},
  properties: PROPERTIES,
  resource_type: RESOURCE_TYPE,
  resource_types: listSchema('resource_type_associations', RESOURCE_TYPE),
  tag: TAG,
  tags: listSchema('tags', TAG),
}
