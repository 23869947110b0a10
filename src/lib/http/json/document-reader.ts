/**
 * Parses a JSON document while it arrives: the elements of its first list with the part that they arrive in. V8 takes several
 * times as long for one long text, and a page of a list is long.
 */
import {isAscii} from 'node:buffer'
import {CODES, findStringEnd, isJsonObject} from '../../model/json-object.js'
import {MAX_DEPTH, parseElements, parseJson} from './parse-json.js'

/** Characters that are kept until an element is complete. After a longer one, the rest is parsed in the end. */
const MAX_ELEMENT = 1024 * 1024

/** Depth within the list: it is a member of the document. */
const LIST_DEPTH = 2

/** Takes the parts of one document. */
export class DocumentReader {
  readonly #decode = createDecoder()
  /** The document without the elements that are parsed, up to the part that is not parsed. */
  #frame = ''
  #rest = ''
  /** Length of the rest at which it is worth to search it. */
  #enough = 0
  /** JSON of the name of the list, once it has begun: the rest is what follows its bracket, or an element. */
  #name: string | undefined
  /** No guess where an element ends was wrong. */
  #mayGuess = true
  readonly #elements: unknown[] = []
  readonly #later: string[] = []

  /**
   * Takes the next bytes. If a search finds nothing, the rest must be twice as long before the next one, so that all searches
   * together read only a few times the text.
   * @throws SyntaxError
   */
  take(bytes: Buffer): void {
    const text = this.#decode(bytes)
    if (this.#rest.length > MAX_ELEMENT) {
      this.#later.push(text)
      return
    }
    this.#rest += text
    if (this.#rest.length < this.#enough) return
    this.#name ??= this.#takeFrame()
    const isFound = this.#name !== undefined && this.#takeElements()
    this.#enough = isFound ? 0 : 2 * this.#rest.length
  }

  /** The value of the document, when it has been taken whole. @throws SyntaxError */
  finish(): unknown {
    const value = parseJson(this.#frame + this.#rest + this.#later.join('') + this.#decode())
    if (this.#name === undefined || this.#elements.length === 0) return value
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

  /** Takes what is before the elements. @returns JSON of the name of the list; undefined if none has begun */
  #takeFrame(): string | undefined {
    const found = findList(this.#rest)
    if (found === undefined) return undefined
    this.#frame = this.#rest.slice(0, found.start)
    this.#rest = this.#rest.slice(found.start)
    return found.name
  }

  /** Parses the elements that are complete in the rest. @returns true if there are any @throws SyntaxError */
  #takeElements(): boolean {
    const text = this.#rest
    let end = this.#mayGuess ? guessEnd(text) : -1
    if (end >= 0) this.#mayGuess = this.#parse(text.slice(0, end))
    if (end < 0 || !this.#mayGuess) {
      end = findEnd(text)
      if (end >= 0 && !this.#parse(text.slice(0, end))) throw new SyntaxError('not a list')
    }
    if (end >= 0) this.#rest = text.slice(end + 1)
    return end >= 0
  }

  /** Parses elements. @returns false if the text is something else @throws SyntaxError if they are nested too deeply */
  #parse(text: string): boolean {
    const elements = parseElements(text, MAX_DEPTH - LIST_DEPTH) ?? []
    for (const element of elements) this.#elements.push(element)
    return elements.length > 0
  }
}

/**
 * Where the elements of the first list begin that is a member of the document, and JSON of its name; undefined if it has not begun.
 * @throws SyntaxError for a document that is nested too deeply before it
 */
function findList(text: string): {start: number; name: string} | undefined {
  let [depth, isObject, name] = [0, false, '']
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === CODES.quote) {
      const end = findStringEnd(text, at)
      if (end < 0) return undefined
      if (depth === 1) name = text.slice(at, end + 1)
      at = end
    } else if (code === CODES.openArray || code === CODES.openObject) {
      depth++
      if (depth === 1) isObject = code === CODES.openObject
      if (depth > MAX_DEPTH) throw new SyntaxError('nested too deeply')
      if (code === CODES.openArray && depth === LIST_DEPTH && isObject) return {start: at + 1, name}
    } else if (code === CODES.closeArray || code === CODES.closeObject) depth--
  }
  return undefined
}

/**
 * Where the last comma between two objects is; -1 if there is none. It follows an element if the text before it is a list of
 * elements. In most lists it does, and this is found faster than by a search for the ends of all of them.
 */
function guessEnd(text: string): number {
  for (let at = text.lastIndexOf('{'); at > 0; at = text.lastIndexOf('{', at - 1)) {
    const comma = skipSpaceBefore(text, at)
    if (text[comma] === ',' && text[skipSpaceBefore(text, comma)] === '}') return comma
  }
  return -1
}

/** Where the last comma is that follows an element; -1 if there is none. */
function findEnd(text: string): number {
  let comma = -1
  let depth = 0
  for (let at = 0; at < text.length && depth >= 0; at++) {
    const code = text.charCodeAt(at)
    if (code === CODES.quote) {
      at = findStringEnd(text, at)
      if (at < 0) break
    } else if (code === CODES.openArray || code === CODES.openObject) depth++
    else if (code === CODES.closeArray || code === CODES.closeObject) depth--
    else if (code === CODES.comma && depth === 0) comma = at
  }
  return comma
}

/** The last index before another one whose character is not a space. */
function skipSpaceBefore(text: string, index: number): number {
  let at = index - 1
  while (at >= 0 && ' \n\r\t'.includes(text[at] ?? '')) at--
  return at
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
