/** Asks each question once, for transports that need the same passphrase. */

/** Asks for a secret; returns undefined if it cannot be asked for. */
export type AskSecret = (question: string) => Promise<string | undefined>

/** Repeats the first answer whenever a question is asked again, also while the first is still being typed. */
export function promptOnce(ask: AskSecret): AskSecret {
  const answers = new Map<string, Promise<string | undefined>>()
  return question => {
    const answer = answers.get(question) ?? ask(question)
    answers.set(question, answer)
    return answer
  }
}
