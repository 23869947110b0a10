/** Formats the metadata that a dry run prints, as a record and as lines. */
import {redactText} from '../../http/redact.js'
import {type Draft, draftEntries} from '../../model/draft.js'
import type {JsonObject} from '../../model/json-object.js'
import {keyValueLines} from './image-view.js'

/** The fields of a draft by name, with `properties`; passwords and signatures in its URLs are masked. */
export function draftRecord(draft: Draft): JsonObject {
  const entries = draftEntries(draft).map(
    ([{name, kind}, value]) => [name, kind === 'url' ? redactText(String(value)) : value] as const,
  )
  return {...Object.fromEntries(entries), properties: draft.properties}
}

/** The same as `key => value` lines. */
export function draftLines(draft: Draft): string[] {
  return keyValueLines(Object.entries(draftRecord(draft)))
}
