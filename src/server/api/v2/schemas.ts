/** The schemas that API v2 tells its clients. */
import {IMAGE_PROPERTIES, type Schema, UUID_PATTERN} from './image-schema.js'

const text = (description: string, more: object = {}): Schema => ({type: 'string', description, ...more})
const PATH = {type: 'string', readOnly: true} as const
const DESCRIBED = [{rel: 'describedby', href: '{schema}'}]

const IMAGE = {
  name: 'image',
  properties: IMAGE_PROPERTIES,
  additionalProperties: {type: 'string'},
  links: [{rel: 'self', href: '{self}'}, {rel: 'enclosure', href: '{file}'}, ...DESCRIBED],
}

const MEMBER = {
  name: 'member',
  properties: {
    member_id: text('Project that the image is shared with'),
    image_id: text('Id of the image', {pattern: UUID_PATTERN}),
    created_at: text('When the image was offered'),
    updated_at: text('When the answer was given'),
    status: text('What the member says', {enum: ['pending', 'accepted', 'rejected']}),
    schema: PATH,
  },
}

const BLOB = ['null', 'object']

const TASK_OF_LIST = {
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
  self: PATH,
  schema: PATH,
}

const TASK = {
  name: 'task',
  properties: {
    ...TASK_OF_LIST,
    input: {type: BLOB, description: 'What was asked for'},
    result: {type: BLOB, description: 'What came of it'},
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
    self: PATH,
    schema: PATH,
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

function listOf(name: string, one: object): object {
  const list = {type: 'array', items: one}
  return {
    name,
    properties: {
      [name]: list,
      first: {type: 'string'},
      next: {type: 'string'},
      schema: {type: 'string'},
    },
    links: [{rel: 'first', href: '{first}'}, {rel: 'next', href: '{next}'}, ...DESCRIBED],
  }
}

/** By the last part of their path. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  image: IMAGE,
  images: listOf('images', IMAGE),
  member: MEMBER,
  members: {
    name: 'members',
    properties: {members: {type: 'array', items: MEMBER}, schema: {type: 'string'}},
    links: DESCRIBED,
  },
  task: TASK,
  tasks: listOf('tasks', {name: 'task', properties: TASK_OF_LIST}),
}

/** Those of metadata definitions, without which `glance` lists none. */
export const METADEF_SCHEMAS: Readonly<Record<string, object>> = {
  namespace: NAMESPACE,
  namespaces: listOf('namespaces', NAMESPACE),
  resource_type: RESOURCE_TYPE,
  resource_types: listOf('resource_type_associations', RESOURCE_TYPE),
}
