/** Lists as JSON, written in parts as the client takes them; pages of images are bounded in bytes. */
import {Readable} from 'node:stream'
import type {FastifyReply} from 'fastify'
import type {ImagePage, ImageQuery, ImageRecord} from '../registry/registry.js'

/** Characters of JSON in a page. A page of the default length has less, even if all images are as large as can be. */
const MAX_PAGE = 8 * 1024 * 1024
/** Bytes and number of images that are read at a time. */
const PART_BYTES = 128 * 1024
const PART_IMAGES = 250
/** Characters that are written at a time. */
const WRITE_CHARACTERS = 64 * 1024

/** A list to be sent. */
export interface ImageList {
  readonly query: ImageQuery
  /** Reads a page. @param isContinued the marker is not from the caller */
  readonly read: (query: ImageQuery, isContinued: boolean) => Promise<ImagePage>
  /** True for an image that the caller may see; the others are passed over. */
  readonly isVisible: (image: ImageRecord) => boolean
  /** An image as JSON text. */
  readonly toJson: (image: ImageRecord) => string
  /** What follows the images. @param last id of the last image, if more may follow */
  readonly rest: (last: string | undefined) => object
}

/**
 * Sends one page: up to the limit of the query or 8 MiB, whichever comes first, but at least one image. Only one part is in
 * memory, and the next one is read when the client has taken it.
 * @throws what `read` throws for the first part
 */
export async function sendList(reply: FastifyReply, list: ImageList): Promise<FastifyReply> {
  return sendPieces(reply, renderPage(list))
}

/** A list that the API does not divide into pages. */
export interface WholeList<Entry> {
  /** Member of the response. */
  readonly name: string
  /** Reads the next part. @param last the last entry of the part before @returns an empty list at the end */
  readonly read: (last: Entry | undefined) => Promise<readonly Entry[]>
  /** The JSON of an entry. */
  readonly view: (entry: Entry) => object
}

/** Sends all of a list. Only one part is in memory. @throws what `read` throws for the first parts */
export async function sendWholeList<Entry>(
  reply: FastifyReply,
  list: WholeList<Entry>,
): Promise<FastifyReply> {
  return sendPieces(reply, renderWhole(list))
}

async function* renderWhole<Entry>({name, read, view}: WholeList<Entry>): AsyncGenerator<string, undefined> {
  let text = `{"${name}":[`
  let part = await read(undefined)
  for (let separator = ''; part.length > 0; part = await read(part.at(-1))) {
    text += separator + part.map(entry => JSON.stringify(view(entry))).join(',')
    separator = ','
    if (text.length < WRITE_CHARACTERS) continue
    yield text
    text = ''
  }
  yield `${text}]}`
}

/** Sends a short list as a whole, a longer one in parts. */
async function sendPieces(
  reply: FastifyReply,
  pieces: AsyncGenerator<string, undefined>,
): Promise<FastifyReply> {
  const first = await pieces.next()
  const second = await pieces.next()
  reply.header('content-type', 'application/json')
  if (second.done) return reply.send(first.value)
  return reply.send(Readable.from(joinPieces([first.value, second.value], pieces), {objectMode: false}))
}

async function* joinPieces(
  begun: readonly (string | undefined)[],
  pieces: AsyncIterable<string>,
): AsyncGenerator<Buffer> {
  for (const piece of begun) yield Buffer.from(piece ?? '')
  for await (const piece of pieces) yield Buffer.from(piece)
}

async function* renderPage({
  query,
  toJson,
  rest,
  read,
  isVisible,
}: ImageList): AsyncGenerator<string, undefined> {
  let text = ''
  let [count, characters] = [0, 0]
  let last: string | undefined
  let part = PART_IMAGES
  for (let marker = query.marker, isContinued = false; ; isContinued = true) {
    const limit = Math.min(query.limit - count, part)
    const start = marker === undefined ? {} : {marker}
    const page = await read({...query, limit, maxBytes: PART_BYTES, ...start}, isContinued)
    for (const image of page.images.filter(isVisible)) {
      const json = toJson(image)
      characters += json.length
      if (count > 0 && characters > MAX_PAGE) return yield* renderEnd(text, rest(last))
      text += `${count === 0 ? '{"images":[' : ','}${json}`
      ;[count, last] = [count + 1, image.id]
      if (text.length < WRITE_CHARACTERS) continue
      yield text
      text = ''
    }
    // Images are about as large as those before, so that rows are not read in vain.
    part = Math.min(PART_IMAGES, 2 * page.images.length || PART_IMAGES)
    marker = page.images.at(-1)?.id ?? marker
    if (page.hasMore && count < query.limit) continue
    return yield* renderEnd(count === 0 ? '{"images":[' : text, rest(page.hasMore ? last : undefined))
  }
}

function* renderEnd(text: string, rest: object): Generator<string, undefined> {
  const members = JSON.stringify(rest).slice(1)
  yield `${text}]${members === '}' ? '' : ','}${members}`
}
