/** The listing of `index` and `details`: filters and flags, and a question between pages at a terminal. */
import type {ImageApi} from '../api/image-api.js'
import {type FiltersWithNotices, parseFilters} from '../model/filters.js'
import type {Image, ImageSummary, Page} from '../model/image.js'
import type {Filters, ListQuery, SortDirection} from '../model/list-query.js'
import {imageRecord} from '../work/output/json.js'
import {fetchPages} from '../work/paging.js'
import type {CommandSession} from './glance-command.js'

export interface ListFlags {
  readonly limit?: number | undefined
  readonly marker?: string | undefined
  readonly 'sort-key'?: string | undefined
  readonly 'sort-dir'?: SortDirection | undefined
  readonly 'max-items'?: number | undefined
}

/** The images to list, and their layout. */
export interface Listing<T> {
  /** Arguments of the form `field=value`. */
  readonly words: readonly string[]
  readonly flags: ListFlags
  fetch(api: ImageApi, query: ListQuery): Promise<Page<T>>
  /** The lines of one page. */
  lines(images: readonly T[], isFirst: boolean): readonly string[]
}

/** As documented for people; and as large as servers allow for scripts, which never see the pages. */
const TERMINAL_PAGE_SIZE = 10
const SCRIPT_PAGE_SIZE = 1000

/** Prints a list page by page as it arrives. */
export async function printList<T extends ImageSummary & Partial<Image>>(
  session: CommandSession,
  {words: filterArgs, flags, fetch, lines}: Listing<T>,
): Promise<void> {
  const parsed = parseFilters(filterArgs)
  const {display, consent} = session
  for (const notice of parsed.notices) display.note(notice)
  const isPaged = display.isPaged && consent.canAsk
  const api = await session.open()
  const {always, ifEmpty} = api.explainList(parsed.filters)
  if (always !== undefined) display.note(always)
  let isFirst = true
  const pages = fetchPages({
    fetch: query => fetch(api, query),
    query: toQuery(parsed.filters, flags, isPaged ? TERMINAL_PAGE_SIZE : SCRIPT_PAGE_SIZE),
    maxItems: flags['max-items'],
    askForNext: isPaged ? () => display.ask({text: 'Fetch next page?', default: true}) : undefined,
  })
  for await (const images of pages) {
    await display.result(
      () => images.map(imageRecord),
      () => lines(images, isFirst),
    )
    isFirst = false
  }
  if (isFirst) explainEmptyList(session, parsed, ifEmpty)
}

function toQuery(filters: Filters, flags: ListFlags, pageSize: number): ListQuery & {limit: number} {
  return {
    ...filters,
    limit: flags.limit ?? pageSize,
    marker: flags.marker,
    sortKey: flags['sort-key'],
    sortDir: flags['sort-dir'],
  }
}

/** @param hint advice of the service, for a terminal only */
function explainEmptyList(
  {display, io}: CommandSession,
  {assumed}: FiltersWithNotices,
  hint: string | undefined,
): void {
  for (const name of assumed)
    display.note(`no image matches; '${name}' is not a field and filters by a custom property`)
  if (hint !== undefined && io.stderr.isTerminal) display.note(hint)
}
