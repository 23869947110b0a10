/** A secret that the programs of an operator share, as authentication of one to another. */
import {createHash, timingSafeEqual} from 'node:crypto'
import type {FastifyRequest} from 'fastify'
import {unauthorized} from './unauthorized.js'

/**
 * A check of `Authorization: Bearer SECRET`, which takes equally long for all secrets.
 * @returns a function that throws HttpError 401 for any other secret
 */
export function createSecretCheck(secret: string): (request: FastifyRequest) => void {
  const expected = digest(secret)
  return ({headers}) => {
    const [, given = ''] = /^Bearer +(.*)$/i.exec(headers.authorization ?? '') ?? []
    if (!timingSafeEqual(digest(given), expected)) throw unauthorized('Bearer')
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
