// The part of OpenAPI 3.1 and JSON Schema 2020-12 that our document uses. Narrower than the standards
// on purpose: what is not here, the page at /docs would not show.

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'null'

export type Schema = {
  readonly $ref?: string
  readonly type?: SchemaType | readonly SchemaType[]
  readonly description?: string
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  /** What each word of `enum` means: a vendor extension that several viewers know. */
  readonly 'x-enumDescriptions'?: Readonly<Record<string, string>>
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly discriminator?: {
    readonly propertyName: string
    readonly mapping: Readonly<Record<string, string>>
  }
}

export type Example = { readonly summary?: string; readonly value: unknown }

export type MediaType = {
  readonly schema: Schema
  readonly examples?: Readonly<Record<string, Example>>
}

export type Content = Readonly<Record<string, MediaType>>

export type ResponseHeader = { readonly description: string; readonly schema: Schema }

export type Response = {
  readonly description: string
  readonly headers?: Readonly<Record<string, ResponseHeader>>
  readonly content?: Content
}

export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description: string
  readonly schema: Schema
  readonly example?: unknown
}

export type Reference = { readonly $ref: string }

export type RequestBody = {
  readonly required: boolean
  readonly description?: string
  readonly content: Content
}

export type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  /** Empty: nothing but the address is needed. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly (Parameter | Reference)[]
  readonly requestBody?: RequestBody
  readonly responses: Readonly<Record<string, Response>>
}

export type Method = 'get' | 'put' | 'post' | 'delete'

export type PathItem = { readonly [M in Method]?: Operation }

export type SecurityScheme = {
  readonly type: 'http' | 'apiKey'
  readonly description: string
  readonly scheme?: string
  readonly in?: 'header'
  readonly name?: string
}

export type OpenApiDocument = {
  readonly openapi: '3.1.1'
  readonly info: {
    readonly title: string
    readonly version: string
    readonly summary: string
    readonly description: string
    readonly license: { readonly name: string; readonly identifier: string }
  }
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly webhooks: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly parameters: Readonly<Record<string, Parameter>>
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
  }
}
