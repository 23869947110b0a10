/** Lists of `index` and `details`, page by page; on a terminal, asks before each further page. */
import type {ImageApi} from '../api/image-api.js'
import {type FiltersWithNotices, parseFilters} from '../model/filters.js'
import type {Filters, Image, ImageSummary, ListQuery, Page} from '../model/image.js'
import {imageRecord} from '../work/output/json.js'
import {fetchPages} from '../work/paging.js'
import type {ListOptions} from './flags/list.js'
import type {CommandSession} from './glance-command.js'

/** The images to list, and their layout. */
export interface Listing<T> {
  /** Arguments of the form `field=value`. */
  readonly filters: readonly string[]
  readonly options: ListOptions
  fetch(api: ImageApi, query: ListQuery): Promise<Page<T>>
  /** The lines of one page. */
  lines(images: readonly T[], isFirst: boolean): readonly string[]
}

/** The documented size for people; for scripts, which never see the pages, as large as servers allow. */
const TERMINAL_PAGE_SIZE = 10
const SCRIPT_PAGE_SIZE = 1000

/** Prints a list page by page as it arrives. */
export async function printList<T extends ImageSummary & Partial<Image>>(
  session: CommandSession,
  {filters, options: {maxItems, ...part}, fetch, lines}: Listing<T>,
): Promise<void> {
  const parsed = parseFilters(filters)
  const {display, consent} = session
  for (const notice of parsed.notices) display.note(notice)
  const isPaged = display.isPaged && consent.canAsk
  const api = await session.open()
  const omitted = findOmissions(api, parsed.filters)
  if (omitted.always !== undefined) display.note(omitted.always)
  let isFirst = true
  const pages = fetchPages({
    fetch: query => fetch(api, query),
    query: {
      ...part,
      filters: parsed.filters,
      limit: part.limit ?? (isPaged ? TERMINAL_PAGE_SIZE : SCRIPT_PAGE_SIZE),
    },
    maxItems,
    askForNext: isPaged ? () => display.ask({text: 'Fetch next page?', default: true}) : undefined,
  })
  for await (const images of pages) {
    await display.result(
      () => images.map(imageRecord),
      () => lines(images, isFirst),
    )
    isFirst = false
  }
  if (isFirst) explainEmptyList(session, parsed, omitted.whenEmpty)
}

/** @param omitted a note for people only */
function explainEmptyList(
  {display, io}: CommandSession,
  {assumed}: FiltersWithNotices,
  omitted: string | undefined,
): void {
  for (const name of assumed)
    display.note(`no image matches; '${name}' is not a field and filters by a custom property`)
  if (omitted !== undefined && io.stderr.isTerminal) display.note(omitted)
}

/** Notes on images that the list does not hold, although the user may expect them. */
function findOmissions(
  {listsDeleted, listsPublicOnly}: ImageApi,
  {fields}: Filters,
): {always?: string; whenEmpty?: string} {
  if (!listsDeleted && 'changes-since' in fields) {
    return {always: 'version 2 of the Image API never lists deleted images'}
  }
  if (listsPublicOnly && !('is_public' in fields)) {
    return {whenEmpty: 'no public image matches; is_public=none lists private ones too'}
  }
  return {}
}
