/** Registers a resource with all methods in one route: those without a handler are refused with `Allow`. */
import type {FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod} from 'fastify'
import {methodNotAllowed} from '../http/http-error.js'

/** Handlers by method. */
export type Handlers = Readonly<Record<string, RouteHandlerMethod>>

/**
 * Registers one route for all methods, because the framework spends milliseconds on each route when the service starts.
 * OPTIONS is answered with an empty body (wire/v1.md#k4).
 * @param allow the value of `Allow` in the refusal of this method
 */
export function addResource(
  app: FastifyInstance,
  path: string,
  handlers: Handlers,
  allow: (method: string) => string,
): void {
  const byMethod: Handlers = {OPTIONS: answerOptions, ...handlers}
  app.route({
    method: [...app.supportedMethods],
    url: path,
    config: {needsCaller: method => Object.hasOwn(handlers, method)},
    handler(request, reply) {
      const {method} = request
      const handler = byMethod[method]
      if (handler === undefined) throw methodNotAllowed(method, allow(method))
      return handler.call(this, request, reply)
    },
  })
}

const answerOptions = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => reply.send('')
