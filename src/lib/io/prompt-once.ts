/** Asks each question once, for transports that need the same key. */

export type AskSecret = (question: string) => Promise<string | undefined>

/** Gives the first answer to a question whenever it is asked again, also while the first is still being typed. */
export function promptOnce(ask: AskSecret): AskSecret {
  const answers = new Map<string, Promise<string | undefined>>()
  return question => {
    const answer = answers.get(question) ?? ask(question)
    answers.set(question, answer)
    return answer
  }
}
