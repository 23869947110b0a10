/** Flags that select images: those of `index` and `details`, and `--newest`. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'
import type {GivenOrder} from '../../model/filters.js'
import {NEWEST_FIRST, SORT_KEYS, type SortTerm} from '../../model/list-query.js'
import {flagGroup, numberFlag, wholeNumber} from './group.js'

/** The part of a list to fetch, and its order. */
export interface ListFlagOptions {
  /** Images per page on a terminal; elsewhere the number of images in the list, unless another flag limits it. */
  readonly limit: number | undefined
  /** Images per page. */
  readonly pageSize: number | undefined
  readonly marker: string | undefined
  readonly sort: readonly SortTerm[] | undefined
  readonly maxItems: number | undefined
}

/** Flags that contradict `--newest`, which lists one image, in its own order. */
const ORDER_FLAGS = ['sort', 'sort-key', 'sort-dir', 'marker', 'limit', 'page-size', 'max-items']

/** The flag for the newest of the images that match. */
export const newestGroup = flagGroup({
  flags: {
    newest: Flags.boolean({description: 'Take only the newest image (by created_at) that matches'}),
  },
  /** @throws Failure of kind `usage` for another order or extent */
  read(parsed): boolean {
    const given = new Map<string, unknown>(Object.entries(parsed))
    const other = parsed.newest && ORDER_FLAGS.find(name => given.get(name) !== undefined)
    if (other) {
      throw usageError(`--newest and --${other} cannot be combined`, {
        why: '--newest selects one image, the one that was created last',
        advice: 'For another order, list the images: glance index --sort KEY --max-items 1',
      })
    }
    return parsed.newest
  },
})

export const listGroup = flagGroup({
  flags: {
    limit: numberFlag({
      helpValue: 'N',
      description: 'Images per page on a terminal; elsewhere, in the whole list',
      defaultHelp: async () => '10 on a terminal',
      ...wholeNumber('limit', 1),
    }),
    'page-size': numberFlag({
      helpValue: 'N',
      description: 'Images per page; --limit then ends the list everywhere',
      ...wholeNumber('page-size', 1),
    }),
    marker: Flags.string({helpValue: 'ID', description: 'Start after the image with this ID'}),
    ...newestGroup.flags,
    sort: Flags.string({
      helpValue: 'KEY,...',
      description: 'Sort by the keys of --sort-key, as name:asc,size:desc (several: v2)',
    }),
    'sort-key': Flags.string({
      helpValue: 'KEY',
      description: 'Sort by this attribute',
      defaultHelp: async () => 'created_at',
      options: SORT_KEYS,
    }),
    'sort-dir': Flags.option({
      description: 'Sort direction',
      options: ['asc', 'desc'] as const,
      defaultHelp: async () => 'desc for sizes and times, otherwise asc',
    })(),
    'max-items': numberFlag({
      helpValue: 'N',
      description: 'List at most N images',
      ...wholeNumber('max-items', 1),
    }),
  },
  async read(parsed, context): Promise<ListFlagOptions> {
    const order = {sort: parsed.sort, sortKey: parsed['sort-key'], sortDir: parsed['sort-dir']}
    const isNewest = newestGroup.read(parsed, context)
    return {
      limit: parsed.limit,
      marker: parsed.marker,
      pageSize: parsed['page-size'],
      sort: isNewest ? NEWEST_FIRST : await parseOrder(order),
      maxItems: isNewest ? 1 : parsed['max-items'],
    }
  },
})

/** Loads the parser only for an order that is given. */
async function parseOrder(order: GivenOrder): Promise<readonly SortTerm[] | undefined> {
  if (Object.values(order).every(value => value === undefined)) return undefined
  const {toSort} = await import('../../model/filters.js')
  return toSort(order, name => FLAG_NAMES[name])
}

const FLAG_NAMES = {sort: '--sort', sortKey: '--sort-key', sortDir: '--sort-dir'} as const
