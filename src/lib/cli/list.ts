/** What `index` and `details` share: a list from filters and flags, with a question between pages where somebody reads. */
import type {ImageApi} from '../api/image-api.js'
import {parseFilters} from '../model/filters.js'
import type {Filters, Image, ImageSummary, ListQuery, Page, SortDirection} from '../model/image.js'
import {imageRecord, jsonLine} from '../work/output/json.js'
import {pagesOf} from '../work/paging.js'
import {printable} from '../work/text.js'
import type {Session} from './glance-command.js'

export interface ListFlags {
  readonly force: boolean
  readonly limit?: number | undefined
  readonly marker?: string | undefined
  readonly 'sort-key'?: string | undefined
  readonly 'sort-dir'?: SortDirection | undefined
  readonly 'max-items'?: number | undefined
}

/** As documented for people; and as large as servers allow for scripts, which never see the pages. */
const PAGE_ON_TERMINAL = 10
const PAGE_ELSEWHERE = 1000

/** Prints a list page by page as it arrives. */
export async function printList<T extends ImageSummary & Partial<Image>>(
  session: Session,
  words: readonly string[],
  flags: ListFlags,
  fetch: (api: ImageApi) => (query: ListQuery) => Promise<Page<T>>,
  print: (images: readonly T[], isFirst: boolean) => string,
): Promise<void> {
  const {filters, notices, assumed} = parseFilters(words)
  const {stdin, stdout, stderr} = session.io
  for (const notice of notices) await stderr.write(`${notice}\n`)
  const asks = stdin.kind === 'terminal' && stdout.isTerminal && !flags.force && !session.json
  const query = {
    filters,
    limit: flags.limit ?? (asks ? PAGE_ON_TERMINAL : PAGE_ELSEWHERE),
    marker: flags.marker,
    sortKey: flags['sort-key'],
    sortDir: flags['sort-dir'],
  }
  const askForNext = asks ? () => session.io.ask({text: 'Fetch next page?', default: true}) : undefined
  const api = await session.open()
  const note = whatIsMissing(api, filters)
  if (note.always !== undefined) await stderr.write(`${note.always}\n`)
  let isFirst = true
  for await (const images of pagesOf({fetch: fetch(api), query, maxItems: flags['max-items'], askForNext})) {
    await stdout.write(
      session.json
        ? images.map(image => `${jsonLine(imageRecord(image))}\n`).join('')
        : print(images, isFirst),
    )
    isFirst = false
  }
  if (isFirst) for (const name of assumed) await stderr.write(`${printable(noneHas(name))}\n`)
  if (isFirst && stderr.isTerminal && note.whenEmpty !== undefined) await stderr.write(`${note.whenEmpty}\n`)
}

function noneHas(name: string): string {
  return `note: no image matches; '${name}' is not a field and filters by a custom property`
}

/** What a list does not hold although one might think so. */
function whatIsMissing(
  {listsDeleted, listsPublicOnly}: ImageApi,
  {fields}: Filters,
): {always?: string; whenEmpty?: string} {
  if (!listsDeleted && 'changes-since' in fields) {
    return {always: 'note: version 2 of the Image API never lists deleted images'}
  }
  if (listsPublicOnly && !('is_public' in fields)) {
    return {whenEmpty: 'note: no public image matches; is_public=none lists private ones too'}
  }
  return {}
}
