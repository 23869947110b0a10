/** Lists of version 1 of the API, page by page: it has no link to the next page, only a marker. */
import type {Send} from '../../http/message.js'
import {type Image, type ImageSummary, type Page, toBriefPage} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'
import {fetchMatches, keepByTime, PAGE_SIZE} from '../keep-images.js'
import {explainListError, LIST_HINTS} from '../list-hints.js'
import {imagesFromBody, summariesFromBody} from './documents.js'
import {expectSuccess} from './failures.js'
import {IMAGES, listPath} from './paths.js'

/** The lists of a service. */
export class V1Lists {
  readonly #url: string
  readonly #send: Send

  constructor(url: string, send: Send) {
    this.#url = url
    this.#send = send
  }

  /** One page of the brief list. Times can only be compared in the detailed one. */
  async index(query: ListQuery): Promise<Page<ImageSummary>> {
    if (predicatesFrom(query).length === 0)
      return toPage(summariesFromBody(await this.#fetch(IMAGES, query), this.#url))
    return toBriefPage(await this.details(query))
  }

  /** One page of the detailed list. */
  details(query: ListQuery): Promise<Page<Image>> {
    return fetchMatches({predicates: predicatesFrom(query)}, query.limit, async limit => {
      const body = await this.#fetch(`${IMAGES}/detail`, {...query, limit})
      return toPage(imagesFromBody(body, this.#url))
    })
  }

  async #fetch(base: string, query: ListQuery): Promise<unknown> {
    const path = listPath(base, {...query, limit: query.limit ?? PAGE_SIZE})
    const reply = await this.#send({method: 'GET', url: this.#url + path, headers: {}})
    await expectSuccess(reply, LIST_HINTS.what, LIST_HINTS).catch(error => {
      throw explainListError(error)
    })
    return reply.json()
  }
}

/** Limits of times, which the server would ignore. */
function predicatesFrom({createdAt, updatedAt}: ListQuery) {
  return [...keepByTime('createdAt', createdAt), ...keepByTime('updatedAt', updatedAt)]
}

/**
 * The page, with the marker of the next one. Servers cut `limit` to a cap that they do not report, so only an empty page
 * proves the end.
 */
function toPage<T extends {readonly id: string}>(images: readonly T[]): Page<T> {
  const last = images.at(-1)?.id
  return last === undefined ? {images} : {images, next: last}
}
