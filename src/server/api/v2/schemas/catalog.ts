/** The JSON schemas that API v2 offers to clients. */
import {IMAGE_PROPERTIES, type JsonSchema, UUID_PATTERN} from './image-schema.js'

const text = (description: string, more: object = {}): JsonSchema => ({type: 'string', description, ...more})
const PATH_SCHEMA = {type: 'string', readOnly: true} as const
const DESCRIBED_BY = [{rel: 'describedby', href: '{schema}'}]

const IMAGE = {
  name: 'image',
  properties: IMAGE_PROPERTIES,
  additionalProperties: {type: 'string'},
  links: [{rel: 'self', href: '{self}'}, {rel: 'enclosure', href: '{file}'}, ...DESCRIBED_BY],
}

const MEMBER = {
  name: 'member',
  properties: {
    member_id: text('Project that the image is shared with'),
    image_id: text('ID of the image', {pattern: UUID_PATTERN}),
    created_at: text('Time at which the member was added'),
    updated_at: text('Time of the last change of the status'),
    status: text('Status of the membership', {enum: ['pending', 'accepted', 'rejected']}),
    schema: PATH_SCHEMA,
  },
}

const NULLABLE_OBJECT = ['null', 'object']

const LISTED_TASK_PROPERTIES = {
  id: text('ID of the task', {pattern: UUID_PATTERN}),
  type: text('Type of the task', {enum: ['import', 'api_image_import']}),
  status: text('Status of the task', {enum: ['pending', 'processing', 'success', 'failure']}),
  owner: text('Project that owns the task'),
  image_id: text('ID of the image'),
  request_id: text('ID of the request that started the task'),
  user_id: text('ID of the user who started the task'),
  expires_at: {type: ['null', 'string'], description: 'Time after which the task is deleted'},
  created_at: text('Time at which the task was created'),
  updated_at: text('Time of the last change of the task'),
  self: PATH_SCHEMA,
  schema: PATH_SCHEMA,
}

const TASK = {
  name: 'task',
  properties: {
    ...LISTED_TASK_PROPERTIES,
    input: {type: NULLABLE_OBJECT, description: 'Parameters of the task'},
    result: {type: NULLABLE_OBJECT, description: 'Result of the task'},
    message: text('Message about the result'),
  },
}

const NAMESPACE = {
  name: 'namespace',
  properties: {
    namespace: text('Name of the namespace', {maxLength: 80}),
    display_name: text('Display name of the namespace', {maxLength: 80}),
    description: text('Description of the namespace', {maxLength: 500}),
    visibility: text('Who may use the namespace', {enum: ['public', 'private']}),
    protected: {type: 'boolean', description: 'Protected from deletion'},
    owner: text('Project that owns the namespace', {maxLength: 255}),
    created_at: text('Time at which the namespace was created', {readOnly: true}),
    updated_at: text('Time of the last change of the namespace', {readOnly: true}),
    self: PATH_SCHEMA,
    schema: PATH_SCHEMA,
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
    created_at: text('Time at which the association was created', {readOnly: true}),
    updated_at: text('Time of the last change of the association', {readOnly: true}),
  },
  additionalProperties: false,
  required: ['name'],
}

function listSchema(name: string, itemSchema: object): object {
  const list = {type: 'array', items: itemSchema}
  return {
    name,
    properties: {
      [name]: list,
      first: {type: 'string'},
      next: {type: 'string'},
      schema: {type: 'string'},
    },
    links: [{rel: 'first', href: '{first}'}, {rel: 'next', href: '{next}'}, ...DESCRIBED_BY],
  }
}

/** Schemas by the last part of their path. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  image: IMAGE,
  images: listSchema('images', IMAGE),
  member: MEMBER,
  members: {
    name: 'members',
    properties: {members: {type: 'array', items: MEMBER}, schema: {type: 'string'}},
    links: DESCRIBED_BY,
  },
  task: TASK,
  tasks: listSchema('tasks', {name: 'task', properties: LISTED_TASK_PROPERTIES}),
}

/** Schemas of metadata definitions; the `glance` client needs them even to list no definitions. */
export const METADEF_SCHEMAS: Readonly<Record<string, object>> = {
  namespace: NAMESPACE,
  namespaces: listSchema('namespaces', NAMESPACE),
  resource_type: RESOURCE_TYPE,
  resource_types: listSchema('resource_type_associations', RESOURCE_TYPE),
}
