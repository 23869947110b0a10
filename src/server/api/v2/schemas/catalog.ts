/** The JSON schemas that clients of API v2 can read. */
import {IMAGE_PROPERTIES, UUID_PATTERN} from './image-schema.js'
import {DESCRIBED_BY, listSchema, PATH_SCHEMA, text} from './parts.js'

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

/** The schema of an image without an attribute. */
export function imageSchemaWithout(name: string): object {
  const {[name]: _, ...properties} = IMAGE_PROPERTIES
  return {...IMAGE, properties}
}
