/** Lists of `index` and `details`, page by page; on a terminal, asks before each further page. */
import type {ImageApi} from '../api/image-api.js'
import {type FiltersWithNotices, parseFilters} from '../model/filters.js'
import type {Image, ImageSummary, Page} from '../model/image.js'
import type {ListQuery} from '../model/list-query.js'
import {imageRecord} from '../work/output/image-record.js'
import {fetchPages} from '../work/paging.js'
import type {ListFlagOptions} from './flags/list.js'
import type {CommandSession} from './glance-command.js'

/** The images to list, and their layout. */
export interface Listing<T> {
  /** Arguments of the form `field=value`. */
  readonly filters: readonly string[]
  readonly options: ListFlagOptions
  fetch(api: ImageApi, query: ListQuery): Promise<Page<T>>
  /** The lines of one page; without them, people get a table. */
  lines?(images: readonly T[], isFirst: boolean): readonly string[]
}

/** The documented page size on a terminal; for scripts, which do not see pages, the default maximum of servers. */
const TERMINAL_PAGE_SIZE = 10
const SCRIPT_PAGE_SIZE = 1000

/** Prints a list page by page as it arrives. */
export async function printList<T extends ImageSummary & Partial<Image>>(
  session: CommandSession,
  {filters, options, fetch, lines}: Listing<T>,
): Promise<void> {
  const parsed = parseFilters(filters)
  const {marker, sort} = options
  const {display, consent} = session
  for (const notice of parsed.notices) display.note(notice)
  const isPaged = display.isPaged && consent.canAsk
  const {pageSize, maxItems} = toExtent(options, {isPaged, isForced: consent.isGiven})
  const api = await session.open()
  const {always, ifEmpty} = api.explainList(parsed.filters)
  if (always !== undefined) display.note(always)
  let isFirst = true
  const pages = fetchPages({
    fetch: query => fetch(api, query),
    query: {...parsed.filters, marker, sort, limit: pageSize},
    maxItems,
    askForNext: isPaged ? () => display.ask({text: 'Fetch next page?', default: true}) : undefined,
  })
  for await (const images of pages) {
    await display.result(() => images.map(imageRecord), lines && (() => lines(images, isFirst)))
    isFirst = false
  }
  if (isFirst) explainEmptyList(session, parsed, ifEmpty)
}

/**
 * The size of a page and of the list. `--limit` is the size of a page where the user is asked for the next one, and with
 * `--force`, which asks for all of them, as in the first `glance`. Elsewhere it is the size of the list.
 */
function toExtent(
  {limit, pageSize, maxItems}: ListFlagOptions,
  {isPaged, isForced}: {isPaged: boolean; isForced: boolean},
): {pageSize: number; maxItems: number | undefined} {
  const fallback = isPaged ? TERMINAL_PAGE_SIZE : SCRIPT_PAGE_SIZE
  const endsList = maxItems === undefined && (pageSize !== undefined || (!isPaged && !isForced))
  return endsList
    ? {pageSize: pageSize ?? fallback, maxItems: limit}
    : {pageSize: pageSize ?? limit ?? fallback, maxItems}
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
