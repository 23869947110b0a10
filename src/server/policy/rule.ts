/** Rules of a policy: what a caller must be for an operation, as functions that a parser makes of text. */

/** The caller, as rules see it. */
export interface Subject {
  readonly user: string | null
  /** The project, or the user where images belong to users. */
  readonly project: string | null
  /** In lower case. */
  readonly roles: readonly string[]
  readonly isAdmin: boolean
  /** The token is for the whole cloud. */
  readonly isSystemScoped?: boolean | undefined
}

/** A value that a rule compares. */
export type TargetValue = string | number | boolean | null | undefined

/** The object of an operation: returns its attribute of that name, or undefined. */
export type Target = (name: string) => TargetValue

/** What a check is evaluated with. */
export interface CheckContext {
  readonly subject: Subject
  readonly target: Target
  /** Evaluates another rule. */
  readonly allows: (rule: string) => boolean
}

/** True if the caller passes. */
export type Check = (context: CheckContext) => boolean

/** Attributes of the caller that rules compare, by the names of the original. */
export const ATTRIBUTES: Readonly<Record<string, (subject: Subject) => TargetValue>> = {
  user_id: ({user}) => user,
  user: ({user}) => user,
  project_id: ({project}) => project,
  tenant_id: ({project}) => project,
  tenant: ({project}) => project,
  is_admin: ({isAdmin}) => isAdmin,
  system_scope: ({isSystemScoped}) => (isSystemScoped ? 'all' : null),
}

/** A value as the original writes it into a rule. */
export function formatValue(value: Exclude<TargetValue, undefined>): string {
  if (value === null) return 'None'
  if (typeof value !== 'boolean') return String(value)
  return value ? 'True' : 'False'
}
