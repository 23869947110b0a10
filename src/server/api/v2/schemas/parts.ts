/** Parts that the schemas of API v2 share. */
import type {JsonSchema} from './image-schema.js'

/** The schema of a text. @param more further members of the schema */
export const text = (description: string, more: object = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
})

/** The schema of a path that the service sets. */
export const PATH_SCHEMA = {type: 'string', readOnly: true} as const

export const DESCRIBED_BY = [{rel: 'describedby', href: '{schema}'}]

/** The schema of a page of a list, which is a member of that name. */
export function listSchema(name: string, itemSchema: object): object {
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
