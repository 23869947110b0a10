/** Whole records: a JSON array, JSON objects one per line, and a YAML sequence. */
import type {JsonObject} from '../../../model/json-object.js'
import {jsonLine} from '../json.js'
import {charactersToEscape} from '../text.js'
import type {FormatterSink, RecordFormatter} from './record-formatter.js'

/** The formatter of `json`, `ndjson` or `yaml`. Loads the library for YAML only if it is wanted. */
export async function createDocumentFormatter(format: string, sink: FormatterSink): Promise<RecordFormatter> {
  const characters = charactersToEscape(sink.traits.isUnicode)
  const toJson = (record: JsonObject) => maskedLine(record, characters, sink)
  if (format === 'json') return new JsonArray(toJson)
  const toText =
    format === 'yaml' ? await createYaml(characters, sink) : (record: JsonObject) => `${toJson(record)}\n`
  let isEmpty = true
  return {
    format(records) {
      isEmpty &&= records.length === 0
      return records.map(toText).join('')
    },
    end: () => (isEmpty && format === 'yaml' ? '[]\n' : ''),
  }
}

/** Nearly no record has a secret, and that is seen faster in its JSON than in the record. */
function maskedLine(record: JsonObject, characters: RegExp, {isClean, mask}: FormatterSink): string {
  const line = jsonLine(record, characters)
  return isClean(line) ? line : jsonLine(mask(record), characters)
}

async function createYaml(
  characters: RegExp,
  {mask}: FormatterSink,
): Promise<(record: JsonObject) => string> {
  const {createYamlWriter} = await import('./yaml.js')
  const toText = createYamlWriter(characters)
  return record => toText(mask(record))
}

/** One array, with a record in each line. It is closed at the end only, so that a part of it is not valid JSON. */
class JsonArray implements RecordFormatter {
  readonly #toJson: (record: JsonObject) => string
  #isOpen = false

  constructor(toJson: (record: JsonObject) => string) {
    this.#toJson = toJson
  }

  format(records: readonly JsonObject[]): string {
    return records
      .map(record => {
        const start = this.#isOpen ? ',\n' : '[\n'
        this.#isOpen = true
        return start + this.#toJson(record)
      })
      .join('')
  }

  end(): string {
    return this.#isOpen ? '\n]\n' : '[]\n'
  }
}
