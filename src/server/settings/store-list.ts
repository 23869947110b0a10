/** Splits the list of stores in `enabled_backends`. */

/** An item of the list. */
export interface ListedStore {
  readonly item: string
  /** Empty for an item that is not NAME:KIND. */
  readonly name: string
  readonly kind: string
}

/** The items of `NAME:KIND, NAME:KIND`; a colon and a kind may be in several places, and one that is wrong has no name. */
export function parseStoreList(text: string): ListedStore[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
    .map(item => {
      const [, name = '', kind = ''] = /^([^:\s]+)\s*:\s*(\S+)$/.exec(item) ?? []
      return {item, name, kind}
    })
}
