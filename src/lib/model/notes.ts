/** The interface for notes and warnings to the user during work. */

/** Takes bare text; prefixes, cleaning and layout are left to the implementation. */
export interface Notes {
  /** Reports a fact worth knowing: an assumption, or a step done differently than asked for. */
  note(text: string): void
  /** Reports a probable mistake. */
  warning(text: string): void
}
