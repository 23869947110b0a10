/** The types of pgpass, which has none of its own. */
declare module 'pgpass' {
  /** Finds the password of a connection in the file of the user; undefined if it has none. */
  export default function find(
    connection: {
      readonly host: string
      readonly port: number
      readonly database: string | undefined
      readonly user: string | undefined
    },
    onFound: (password: string | undefined) => void,
  ): void
}
