/** Consent of the user: given in advance with --force, or asked for at a terminal. */
import type {Question} from '../io/io.js'

/** Asks the user. */
export interface Asker {
  /** Standard input is a terminal. */
  readonly canAsk: boolean
  /** Only where `canAsk` is true. */
  ask(question: Question): Promise<boolean>
}

/** The one place that decides whether a question is asked. */
export class Consent {
  readonly #asker: Asker
  /** The user gave --force: every answer is yes. */
  readonly isGiven: boolean

  constructor(asker: Asker, isForced: boolean) {
    this.#asker = asker
    this.isGiven = isForced
  }

  /** A question is possible, and needed. */
  get canAsk(): boolean {
    return !this.isGiven && this.#asker.canAsk
  }

  /** @returns true when the user consents; false also without a terminal */
  async ask(text: string): Promise<boolean> {
    return this.isGiven || (this.canAsk && (await this.#asker.ask({text, default: false})))
  }
}
