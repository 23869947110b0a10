/** The schemas that API v2 tells its clients. */
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
    image_id: text('Id of the image', {pattern: UUID_PATTERN}),
    created_at: text('When the image was offered'),
    updated_at: text('When the answer was given'),
    status: text('What the member says', {enum: ['pending', 'accepted', 'rejected']}),
    schema: PATH_SCHEMA,
  },
}

const NULLABLE_OBJECT = ['null', 'object']

const LISTED_TASK_PROPERTIES = {
  id: text('Id of the task', {pattern: UUID_PATTERN}),
  type: text('What is done', {enum: ['import', 'api_image_import']}),
  status: text('How far it is', {enum: ['pending', 'processing', 'success', 'failure']}),
  owner: text('Project that asked for it'),
  image_id: text('Image that it is done for'),
  request_id: text('Request that asked for it'),
  user_id: text('User who asked for it'),
  expires_at: {type: ['null', 'string'], description: 'When the task is forgotten'},
  created_at: text('When it was asked for'),
  updated_at: text('When it was changed last'),
  self: PATH_SCHEMA,
  schema: PATH_SCHEMA,
}

const TASK = {
  name: 'task',
  properties: {
    ...LISTED_TASK_PROPERTIES,
    input: {type: NULLABLE_OBJECT, description: 'What was asked for'},
    result: {type: NULLABLE_OBJECT, description: 'What came of it'},
    message: text('What a person should know'),
  },
}

const NAMESPACE = {
  name: 'namespace',
  properties: {
    namespace: text('Name of the namespace', {maxLength: 80}),
    display_name: text('Name for people', {maxLength: 80}),
    description: text('What the definitions in it are for', {maxLength: 500}),
    visibility: text('Who may use the namespace', {enum: ['public', 'private']}),
    protected: {type: 'boolean', description: 'Whether the namespace cannot be deleted'},
    owner: text('Project that the namespace belongs to', {maxLength: 255}),
    created_at: text('When the namespace was made', {readOnly: true}),
    updated_at: text('When the namespace was changed last', {readOnly: true}),
    self: PATH_SCHEMA,
    schema: PATH_SCHEMA,
  },
  additionalProperties: false,
  required: ['namespace'],
}

const RESOURCE_TYPE = {
  name: 'resource_type_association',
  properties: {
    name: text('Kind of resource that has such properties', {maxLength: 80}),
    prefix: text('What stands before the names of the properties', {maxLength: 80}),
    properties_target: text('Where a resource with several places has them', {maxLength: 80}),
    created_at: text('When the kind was named', {readOnly: true}),
    updated_at: text('When that was changed last', {readOnly: true}),
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

/** By the last part of their path. */
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

/** Those of metadata definitions, without which `glance` lists none. */
export const METADEF_SCHEMAS: Readonly<Record<string, object>> = {
  namespace: NAMESPACE,
  namespaces: listSchema('namespaces', NAMESPACE),
  resource_type: RESOURCE_TYPE,
  resource_types: listSchema('resource_type_associations', RESOURCE_TYPE),
}
