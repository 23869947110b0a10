/** The resources of metadata definitions in API v2, and their methods (wire/glance-25.md#metadata-definitions). */
import type {Authenticate} from '../../../auth/authenticate.js'
import type {Metadefs} from '../../../metadefs/metadefs.js'
import {DefinitionHandlers} from './definitions.js'
import {withMetadefErrors} from './errors.js'
import {NamespaceHandlers} from './namespaces.js'
import {ASSOCIATIONS, OBJECTS, PropertyHandlers, TagHandlers} from './resources.js'

type HandlersByMethod = Readonly<Record<string, unknown>>

/** A path with handlers by method. */
interface Route {
  readonly path: string
  readonly handlers: HandlersByMethod
}

const LIST = '/v2/metadefs/namespaces'
const NAMESPACE = `${LIST}/:namespace`

/** Two texts tell that a namespace does not exist, depending on the resource, as in the real service. */
export function metadefRoutes(metadefs: Metadefs, authenticate: Authenticate): readonly Route[] {
  const namespace = new NamespaceHandlers(metadefs, authenticate)
  const object = new DefinitionHandlers(metadefs, authenticate, OBJECTS)
  const property = new PropertyHandlers(metadefs, authenticate)
  const tag = new TagHandlers(metadefs, authenticate)
  const association = new DefinitionHandlers(metadefs, authenticate, ASSOCIATIONS)
  const toOne = ({get, put, delete: remove}: DefinitionHandlers) => ({GET: get, PUT: put, DELETE: remove})
  return [
    {path: LIST, handlers: withLongText({GET: namespace.index, POST: namespace.post})},
    {
      path: NAMESPACE,
      handlers: {
        ...withLongText({GET: namespace.get}),
        ...withShortText({PUT: namespace.put, DELETE: namespace.delete}),
      },
    },
    {
      path: `${NAMESPACE}/objects`,
      handlers: {
        ...withLongText({GET: object.index, POST: object.post}),
        ...withShortText({DELETE: object.deleteAll}),
      },
    },
    {path: `${NAMESPACE}/objects/:name`, handlers: withLongText(toOne(object))},
    {
      path: `${NAMESPACE}/properties`,
      handlers: withShortText({GET: property.index, POST: property.post, DELETE: property.deleteAll}),
    },
    {path: `${NAMESPACE}/properties/:name`, handlers: withShortText(toOne(property))},
    {
      path: `${NAMESPACE}/tags`,
      handlers: withShortText({GET: tag.index, POST: tag.post, DELETE: tag.deleteAll}),
    },
    {
      path: `${NAMESPACE}/tags/:name`,
      handlers: withShortText({GET: tag.get, POST: tag.postOne, PUT: tag.put, DELETE: tag.delete}),
    },
    {
      path: `${NAMESPACE}/resource_types`,
      handlers: withShortText({GET: association.index, POST: association.post}),
    },
    {path: `${NAMESPACE}/resource_types/:name`, handlers: withShortText({DELETE: association.delete})},
    {path: '/v2/metadefs/resource_types', handlers: withShortText({GET: namespace.resourceTypes})},
  ]
}

const withLongText = (handlers: HandlersByMethod) => wrapAll(handlers, true)
const withShortText = (handlers: HandlersByMethod) => wrapAll(handlers, false)

function wrapAll(handlers: HandlersByMethod, isLong: boolean): HandlersByMethod {
  const wrapped = Object.entries(handlers).map(([method, handler]) => [
    method,
    withMetadefErrors(handler, isLong),
  ])
  return Object.fromEntries(wrapped)
}
