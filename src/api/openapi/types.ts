// The part of OpenAPI 3.1 and JSON Schema 2020-12 that our document uses. Narrower than the standards on
// purpose: what is not here, the page at /docs would not show. Optional fields may be undefined, since that
// is how TypeScript reads a JSON file.

export type Schema = {
  readonly $ref?: string | undefined
  readonly type?: string | readonly string[] | undefined
  readonly description?: string | undefined
  readonly format?: string | undefined
  readonly pattern?: string | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[] | undefined
  /** What each word of `enum` means: a vendor extension that several viewers know. */
  readonly 'x-enumDescriptions'?: Readonly<Record<string, string>> | undefined
  readonly properties?: Readonly<Record<string, Schema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly additionalProperties?: boolean | undefined
  readonly items?: Schema | undefined
  readonly anyOf?: readonly Schema[] | undefined
  readonly allOf?: readonly Schema[] | undefined
  readonly oneOf?: readonly Schema[] | undefined
  readonly discriminator?:
    | {
        readonly propertyName: string
        readonly mapping: Readonly<Record<string, string>>
      }
    | undefined
}

export type Example = { readonly summary?: string | undefined; readonly value: unknown }

export type MediaType = {
  readonly schema: Schema
  /** Where no request of ours is shown that it would be the answer to. */
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, Example>> | undefined
}

export type Content = Readonly<Record<string, MediaType>>

export type ResponseHeader = { readonly description: string; readonly schema: Schema }

export type Response = {
  readonly description: string
  readonly headers?: Readonly<Record<string, ResponseHeader>> | undefined
  readonly content?: Content | undefined
}

export type Parameter = {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description: string
  readonly schema: Schema
  readonly example?: string | undefined
  readonly examples?: Readonly<Record<string, Example>> | undefined
}

export type Reference = { readonly $ref: string }

export type RequestBody = {
  readonly required: boolean
  readonly description?: string | undefined
  readonly content: Content
}

export type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  /** Empty: nothing but the address is needed. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly Parameter[] | undefined
  readonly requestBody?: RequestBody | undefined
  readonly responses: Readonly<Record<string, Response | Reference>>
}

export type PathItem = {
  readonly get?: Operation
  readonly put?: Operation
  readonly post?: Operation
  readonly delete?: Operation
}

export type SecurityScheme = {
  readonly type: string
  readonly description: string
  readonly scheme?: string | undefined
  readonly in?: string | undefined
  readonly name?: string | undefined
}

export type OpenApiDocument = {
  readonly openapi: string
  readonly info: {
    readonly title: string
    readonly version: string
    readonly summary: string
    readonly description: string
    readonly contact: { readonly name: string }
    readonly license: { readonly name: string; readonly identifier: string }
  }
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly webhooks: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    /** Refusals, by problem code. */
    readonly responses: Readonly<Record<string, Response>>
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
  }
}
