/**
 * Parses a JSON document while it arrives: the elements of its first list with the part that they arrive in. V8 takes several
 * times as long for one long text, and a page of a list is long.
 */
import {isAscii} from 'node:buffer'
import {CODES, findStringEnd, isJsonObject} from '../../model/json-object.js'
import {MAX_DEPTH, parseJson} from './parse-json.js'

/** Characters that are searched again with each part. After a longer element, the rest is parsed in the end. */
const MAX_ELEMENT = 1024 * 1024

/** Depth within the list: it is a member of the document. */
const LIST_DEPTH = 2

/** Takes the parts of one document. */
export class DocumentReader {
  readonly #decode = createDecoder()
  /** The document without the elements that are parsed, up to the part that is not searched to its end. */
  #frame = ''
  #rest = ''
  /** Where the search in the rest goes on, and the depth there. */
  #at = 0
  #depth = 0
  /** Where the elements begin in the rest. */
  #start = 0
  #isObject = false
  /** JSON of the last text in the document itself: when the list begins, its name. */
  #name = ''
  #place: 'before the list' | 'in the list' | 'after the list' = 'before the list'
  readonly #elements: unknown[] = []
  readonly #unsearched: string[] = []

  /** Takes the next bytes. @throws SyntaxError */
  take(bytes: Buffer): void {
    const text = this.#decode(bytes)
    if (this.#rest.length > MAX_ELEMENT) {
      this.#unsearched.push(text)
      return
    }
    this.#rest += text
    const end = this.#search()
    if (end >= 0) this.#parseElements(end)
  }

  /** The value of the document, when it has been taken whole. @throws SyntaxError */
  finish(): unknown {
    const value = parseJson(this.#frame + this.#rest + this.#unsearched.join('') + this.#decode())
    if (this.#elements.length === 0) return value
    const name = JSON.parse(this.#name) as string
    const list = isJsonObject(value) ? value[name] : undefined
    // A comma came after the elements, so that there is one more.
    if (!Array.isArray(list) || list.length === 0) throw new SyntaxError('the list does not end')
    return Object.assign(value as object, {[name]: this.#elements.concat(list)})
  }

  /** The beginning of a document that could not be parsed. */
  get beginning(): string {
    return this.#frame + this.#rest
  }

  /** Searches to the end of the text, or of what is complete in it. @returns where the last comma of the list is; -1: none */
  #search(): number {
    const text = this.#rest
    let comma = -1
    let at = this.#at
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === CODES.quote) {
        const end = findStringEnd(text, at)
        if (end < 0) break
        if (this.#depth === 1 && this.#place === 'before the list') this.#name = text.slice(at, end + 1)
        at = end
      } else if (code === CODES.openArray || code === CODES.openObject) this.#open(code, at)
      else if (code === CODES.closeArray || code === CODES.closeObject) this.#close()
      else if (code === CODES.comma && this.#depth === LIST_DEPTH && this.#place === 'in the list') comma = at
    }
    this.#at = at
    return comma
  }

  #open(code: number, at: number): void {
    this.#depth++
    if (this.#depth === 1) this.#isObject = code === CODES.openObject
    if (this.#depth > MAX_DEPTH) throw new SyntaxError('nested too deeply')
    const isList = code === CODES.openArray && this.#depth === LIST_DEPTH && this.#isObject
    if (!isList || this.#place !== 'before the list') return
    this.#place = 'in the list'
    this.#start = at + 1
  }

  #close(): void {
    if (this.#depth === LIST_DEPTH && this.#place === 'in the list') this.#place = 'after the list'
    this.#depth--
  }

  #parseElements(end: number): void {
    const elements = JSON.parse(`[${this.#rest.slice(this.#start, end)}]`) as unknown[]
    if (elements.length === 0) throw new SyntaxError('an element is missing')
    for (const element of elements) this.#elements.push(element)
    this.#frame += this.#rest.slice(0, this.#start)
    this.#rest = this.#rest.slice(end + 1)
    this.#at -= end + 1
    this.#start = 0
  }
}

/** Decodes parts of a text in UTF-8. ASCII is the same text in Latin-1, which takes a fraction of the time. */
function createDecoder(): (bytes?: Buffer) => string {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  return bytes => {
    if (decoder === undefined && (bytes === undefined || isAscii(bytes)))
      return bytes?.toString('latin1') ?? ''
    decoder ??= new TextDecoder('utf-8', {ignoreBOM: true})
    return decoder.decode(bytes, {stream: bytes !== undefined})
  }
}
