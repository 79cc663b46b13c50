/**
 * What any schema library speaks (https://standardschema.dev, version 1): zod, valibot, arktype and the contracts' own
 * parser alike. `Input` is what is given, `Output` what comes out of the check.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export type StandardResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] }

/** One complaint. Beyond `message` and `path` a library says what it likes; zod and the contracts' parser name the rule. */
export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** A Standard Schema that can also be asked directly, as zod's and the contracts' own can. */
export interface Schema<Output> extends StandardSchema<unknown, Output> {
  safeParse(value: unknown): { success: true; data: Output } | { success: false; error: { issues: readonly StandardIssue[] } }
}
