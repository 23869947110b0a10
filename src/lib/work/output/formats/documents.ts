/** Whole records: a JSON array, JSON objects one per line, and a YAML sequence. */
import type {OutputTraits} from '../../../io/output-traits.js'
import type {JsonObject} from '../../../model/json-object.js'
import {jsonLine} from '../json.js'
import {charactersToEscape} from '../text.js'
import type {RecordFormatter} from './record-formatter.js'

/** The formatter of `json`, `ndjson` or `yaml`. Loads the library for YAML only if it is wanted. */
export async function createDocumentFormatter(
  format: string,
  {isUnicode}: OutputTraits,
): Promise<RecordFormatter> {
  const characters = charactersToEscape(isUnicode)
  if (format === 'json') return new JsonArray(characters)
  const toText =
    format === 'yaml'
      ? (await import('./yaml.js')).createYamlWriter(characters)
      : (record: JsonObject) => `${jsonLine(record, characters)}\n`
  let isEmpty = true
  return {
    format(records) {
      isEmpty &&= records.length === 0
      return records.map(toText).join('')
    },
    end: () => (isEmpty && format === 'yaml' ? '[]\n' : ''),
  }
}

/** One array, with a record in each line. It is closed at the end only, so that a part of it is not valid JSON. */
class JsonArray implements RecordFormatter {
  readonly #characters: RegExp
  #isOpen = false

  constructor(characters: RegExp) {
    this.#characters = characters
  }

  format(records: readonly JsonObject[]): string {
    return records
      .map(record => {
        const start = this.#isOpen ? ',\n' : '[\n'
        this.#isOpen = true
        return start + jsonLine(record, this.#characters)
      })
      .join('')
  }

  end(): string {
    return this.#isOpen ? '\n]\n' : '[]\n'
  }
}
